/** Tokens of an external issuer (Supabase, any OpenID Connect provider), checked with the keys that it publishes. */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { KukuError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { VerifiedToken } from '../ports/token-verifier.ts';

export interface ExternalIssuerOptions {
  jwksUrl: string;
  issuer: string;
  /** Undefined: not checked. */
  audience: string | undefined;
  log: Log;
}

/** Signatures with a key pair only: `none`, and secrets that a public key could be taken for (RFC 8725, 3.1), are out. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Clocks of servers differ by a little. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** How long the keys are believed without asking again: a key that the issuer takes back is good for at most this long. */
const KEYS_KEPT_MS = 300_000;
/** A token with a key that is not known yet (the issuer has rotated) has the keys fetched again, at most this often. */
const REFETCH_MS = 1000;
const FETCH_TIMEOUT_MS = 3000;

export type VerifyJwt = (token: string) => Promise<Pick<VerifiedToken, 'issuer' | 'subject'>>;

export function createExternalIssuer({ jwksUrl, issuer, audience, log }: ExternalIssuerOptions): VerifyJwt {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: REFETCH_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
  });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        ...(audience !== undefined && { audience }),
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return { issuer, subject: checkedSubject(payload.sub) };
    } catch (error) {
      throw refusal(error, log);
    }
  };
}

/** At most 255 ASCII characters, says OpenID Connect; the database takes no control characters. */
export function checkedSubject(subject: string | undefined): string {
  if (subject !== undefined && /^[\x20-\x7e]{1,255}$/.test(subject)) return subject;
  throw new errors.JWTInvalid('the subject is none');
}

/** What jose found, as whoever sent the token may know it. */
export function refusal(error: unknown, log: Log): KukuError {
  if (error instanceof KukuError) return error;
  if (error instanceof errors.JWTExpired) return tokenExpired();
  const isTheTokens =
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC');
  if (isTheTokens) {
    log.debug({ err: error }, 'a token was refused');
    return invalidToken(error);
  }
  log.warn({ err: error }, 'the keys of the issuer could not be had');
  return new KukuError('Whether you are signed in can’t be checked at the moment. Please try again.', {
    code: 'issuer_away',
    status: 503,
    retryable: true,
    retryAfterMs: 2000,
    cause: error,
  });
}

export function invalidToken(cause?: unknown): KukuError {
  return new KukuError('This token is not good here.', { code: 'invalid_token', status: 401, cause });
}

function tokenExpired(): KukuError {
  return new KukuError('This token has expired.', { code: 'token_expired', status: 401 });
}
