/** Tokens of the accounts that are kept here: of a sign-in itself, or minted from one for a quarter of an hour. */
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import type { Kysely } from 'kysely';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { OWN_ISSUER } from '../ports/token-verifier.ts';
import { orAway } from './away.ts';
import type { Engine } from './better-auth.ts';
import { checkedSubject, CLOCK_TOLERANCE_SECONDS, invalidToken, refusal } from './external-issuer.ts';
import { isActive } from './sign-ins.ts';
import type { AuthTables } from './tables.ts';
import type { OwnTokens } from './verifier.ts';

export interface OwnTokensOptions {
  engine: Engine;
  db: Kysely<AuthTables>;
  issuer: string;
  clock: Clock;
  log: Log;
}

/** Another instance may have made a key: an unknown one has them read again, at most this often. */
const REREAD_MS = 1000;

export function createOwnTokens({ engine, db, issuer, clock, log }: OwnTokensOptions): OwnTokens {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let readAtMs = -Infinity;
  const readKeys = async () => {
    readAtMs = clock.monotonicMs();
    keys = createLocalJWKSet(await engine.api.getJwks());
    return keys;
  };
  const checked = async (token: string) => {
    const options = {
      issuer,
      audience: issuer,
      algorithms: ['EdDSA'],
      requiredClaims: ['exp', 'sub', 'sid'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    try {
      return await jwtVerify(token, keys ?? (await readKeys()), options);
    } catch (error) {
      const isUnknownKey = error instanceof errors.JWKSNoMatchingKey && clock.monotonicMs() - readAtMs > REREAD_MS;
      if (!isUnknownKey) throw error;
      return jwtVerify(token, await readKeys(), options);
    }
  };

  const ofMinted = async (token: string) => {
    const { payload } = await checked(token).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? refusal(error, log) : error;
    });
    const signInId = String(payload['sid']);
    if (!(await isActive(db, signInId, clock.now()))) throw revoked();
    return { issuer: OWN_ISSUER, subject: checkedSubject(payload.sub), signInId };
  };
  /** Its signature says that it was one once; the row, that it still is. */
  const ofSignIn = async (token: string) => {
    const found = await engine.api.getSession({ headers: new Headers({ authorization: `Bearer ${token}` }) });
    if (!found) throw invalidToken();
    return { issuer: OWN_ISSUER, subject: found.user.id, signInId: found.session.id };
  };

  return {
    verify: (token) => orAway(() => (isJwt(token) ? ofMinted(token) : ofSignIn(token))),
    isActive: (signInId) => orAway(() => isActive(db, signInId, clock.now())),
  };
}

function isJwt(token: string): boolean {
  return token.split('.').length === 3;
}

function revoked(): KukuError {
  return new KukuError('You were signed out. Please sign in again.', { code: 'token_revoked', status: 401 });
}
