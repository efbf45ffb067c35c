/** An issuer of tokens on loopback, as Supabase or an OpenID Connect provider is: it publishes its keys, and rotates them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface TestIssuer {
  /** What the server is configured with. */
  env: { AUTH_JWKS_URL: string; AUTH_ISSUER: string; AUTH_AUDIENCE: string };
  /** A token that is good, but for what is said here. */
  token(claims?: TokenClaims): Promise<string>;
  /** `alg: none`: the claims of a good token, signed by nobody. */
  unsigned(subject?: string): string;
  /** A good token's claims, signed with the public key as if it were a secret. */
  signedWithPublicKey(subject?: string): Promise<string>;
  /** From now on it signs with a new key, and publishes that one alone. */
  rotate(): Promise<void>;
  /** How often the keys were asked for. */
  readonly asked: number;
  /** It answers 500. */
  fail(failing: boolean): void;
  close(): Promise<void>;
}

export interface TokenClaims {
  subject?: string;
  issuer?: string;
  audience?: string;
  /** Seconds from now; negative: since when it has expired. */
  expiresIn?: number;
}

const AUDIENCE = 'authenticated';

export async function startIssuer(alg: 'RS256' | 'ES256' | 'EdDSA' = 'ES256'): Promise<TestIssuer> {
  let generation = 0;
  let asked = 0;
  let failing = false;
  const newKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    const kid = `key-${(generation += 1)}`;
    const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    return { privateKey, kid, jwk };
  };
  let key = await newKey();
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(failing ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [key.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const claims = ({ subject = 'person-1', issuer = url, audience = AUDIENCE, expiresIn = 600 }: TokenClaims) => {
    const now = Math.floor(Date.now() / 1000);
    return { sub: subject, iss: issuer, aud: audience, iat: now - 3600, exp: now + expiresIn } satisfies JWTPayload;
  };
  return {
    env: { AUTH_JWKS_URL: `${url}/.well-known/jwks.json`, AUTH_ISSUER: url, AUTH_AUDIENCE: AUDIENCE },
    token: (given = {}) => new SignJWT(claims(given)).setProtectedHeader({ alg, kid: key.kid }).sign(key.privateKey),
    unsigned(subject = 'person-1') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none', kid: key.kid })}.${part(claims({ subject }))}.`;
    },
    signedWithPublicKey(subject = 'person-1') {
      const secret = new TextEncoder().encode(JSON.stringify(key.jwk));
      return new SignJWT(claims({ subject })).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    },
    async rotate() {
      key = await newKey();
    },
    get asked() {
      return asked;
    },
    fail: (next) => void (failing = next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
