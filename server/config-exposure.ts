/** What must hold before people whom nobody knows can reach the server: a way to sign in, TLS, a secret that is one. */
import { isIPv4 } from 'node:net';
import type { Values } from './config-variables.ts';

type Exposure = Pick<
  Values,
  'HOST' | 'PUBLIC_URL' | 'TRUSTED_PROXIES' | 'AUTH' | 'AUTH_SECRET' | 'AUTH_JWKS_URL' | 'AUTH_ISSUER'
>;

export function authMode(v: Pick<Exposure, 'HOST' | 'PUBLIC_URL' | 'AUTH'>): 'guest' | 'required' {
  return v.AUTH ?? (openTo(v) === undefined ? 'guest' : 'required');
}

export function exposureProblems(v: Exposure): string[] {
  return [...signInProblems(v), ...tlsProblems(v), ...secretProblems(v), ...issuerProblems(v)];
}

export function isExposed(v: Pick<Exposure, 'HOST' | 'PUBLIC_URL'>): boolean {
  return openTo(v) !== undefined;
}

/** By what the server can be reached from elsewhere; undefined: by nothing. */
function openTo({ HOST, PUBLIC_URL }: Pick<Exposure, 'HOST' | 'PUBLIC_URL'>): string | undefined {
  if (!isLoopback(HOST)) return `HOST is ${HOST}`;
  // A proxy on the same machine, which lets the world in.
  return PUBLIC_URL !== undefined && !isLocalUrl(PUBLIC_URL) ? `PUBLIC_URL is ${PUBLIC_URL}` : undefined;
}

const HOW_TO_SIGN_IN =
  'set AUTH_SECRET (such as what `openssl rand -base64 32` prints) to keep accounts here, or AUTH_JWKS_URL and ' +
  "AUTH_ISSUER to take an issuer's tokens";

function signInProblems(v: Exposure): string[] {
  if (authMode(v) === 'guest' || v.AUTH_SECRET || v.AUTH_JWKS_URL) return [];
  if (v.AUTH) return [`AUTH is required, but nobody could sign in: ${HOW_TO_SIGN_IN}`];
  return [
    `${openTo(v)}, so that people from elsewhere come and must sign in, but nobody could: ${HOW_TO_SIGN_IN}; or say ` +
      'AUTH=guest to let in everybody who has the address',
  ];
}

function tlsProblems(v: Exposure): string[] {
  const { PUBLIC_URL: publicUrl } = v;
  const fix = 'put a balancer with a certificate in front and set PUBLIC_URL to its https:// address';
  if (publicUrl?.startsWith('http:') && !isLocalUrl(publicUrl)) {
    return [
      `PUBLIC_URL is ${publicUrl}, without TLS: what people say and their passwords could be read on the way; ${fix}`,
    ];
  }
  const reachedBy = openTo(v);
  if (reachedBy === undefined || publicUrl?.startsWith('https:') || v.TRUSTED_PROXIES) return [];
  return [
    `${reachedBy}, and nothing says that TLS is in front: ${fix}, or TRUSTED_PROXIES to the balancer's own; for this ` +
      'machine alone, leave HOST at 127.0.0.1',
  ];
}

/** Out of examples and documents, or typed to be done with it. */
const DEFAULT_SECRET =
  /change[-_. ]?me|example|default|placeholder|password|better-auth-secret|your[-_. ]|^secret|1234567890/i;
/** 32 random characters of hexadecimal, the fewest that are thinkable, have fewer than 8 different ones in 1 of 50,000. */
const MIN_DIFFERENT = 8;

function secretProblems({ AUTH_SECRET: secret }: Exposure): string[] {
  if (secret === undefined || (!DEFAULT_SECRET.test(secret) && new Set(secret).size >= MIN_DIFFERENT)) return [];
  return ['AUTH_SECRET can be guessed (not shown); set it to what `openssl rand -base64 32` prints'];
}

function issuerProblems({ AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer }: Exposure): string[] {
  // Without an issuer, a token that any tenant of the same key server made would be taken.
  if (jwksUrl && !issuer) return ['AUTH_JWKS_URL needs AUTH_ISSUER, which is not set'];
  if (issuer && !jwksUrl) return ['AUTH_ISSUER needs AUTH_JWKS_URL, which is not set'];
  if (issuer && !/^https?:\/\//.test(issuer))
    return [`AUTH_ISSUER is "${issuer}"; accepted: a URL, as it stands in tokens`];
  if (jwksUrl?.startsWith('http:') && !isLocalUrl(jwksUrl)) {
    return ['AUTH_JWKS_URL has no TLS: whoever is on the way could put in keys of their own; use https://'];
  }
  return [];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

function isLocalUrl(url: string): boolean {
  return isLoopback(new URL(url).hostname);
}
