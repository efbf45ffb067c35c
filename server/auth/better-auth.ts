/** better-auth as it is used here: email and password, tables of ours, tokens in headers; what a route shows is ours. */
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { bearer } from 'better-auth/plugins/bearer';
import { jwt } from 'better-auth/plugins/jwt';
import type { Kysely } from 'kysely';
import type { Log } from '../ports/log.ts';
import { MAX_PASSWORD_CHARS } from './passwords.ts';
import type { AuthTables } from './tables.ts';

export interface EngineOptions {
  db: Kysely<AuthTables>;
  secret: string;
  /** `iss` and `aud` of the tokens that others may check. */
  issuer: string;
  log: Log;
}

/** Requests are made up here and never travel: an address that is nobody's. */
export const BASE_URL = 'http://accounts.internal';
export const BASE_PATH = '/api/auth';
export const ADDRESS_HEADER = 'x-client-address';

const DAY_SECONDS = 86_400;
/** NIST SP 800-63B-4, 2.1.3, recommends 30 days at the first level. */
export const SIGN_IN_SECONDS = 30 * DAY_SECONDS;
const TOKEN_SECONDS = 900;
const KEY_SECONDS = 30 * DAY_SECONDS;

export type Engine = ReturnType<typeof createEngine>;

export function createEngine(options: EngineOptions) {
  return betterAuth(engineOptions(options));
}

export function engineOptions({ db, secret, issuer, log }: EngineOptions) {
  return {
    appName: 'Kuku Coach',
    baseURL: BASE_URL,
    basePath: BASE_PATH,
    secret,
    // An account without its password would keep its address from whoever it belongs to.
    database: { db, type: 'postgres', transaction: true },
    emailAndPassword: {
      enabled: true,
      // Signing up answers the same whether the address has an account or not, so it can't sign in.
      autoSignIn: false,
      // `passwords.ts` decides; these only must not be in its way.
      minPasswordLength: 1,
      maxPasswordLength: 4 * MAX_PASSWORD_CHARS,
    },
    user: {
      modelName: 'auth_users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'auth_sign_ins',
      expiresIn: SIGN_IN_SECONDS,
      updateAge: DAY_SECONDS,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'auth_credentials',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'auth_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'auth_rates',
      fields: { lastRequest: 'last_request' },
      // By address and path. A household or an office shares one; a list of passwords does not fit through.
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 600, max: 20 },
        '/change-password': { window: 600, max: 20 },
      },
    },
    advanced: { ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] } },
    plugins: [
      // A token is signed besides: who reads the database can't make one from it.
      bearer({ requireSignature: true }),
      jwt({
        disableSettingJwtHeader: true,
        jwks: { rotationInterval: KEY_SECONDS, gracePeriod: DAY_SECONDS },
        jwt: {
          issuer,
          audience: issuer,
          expirationTime: `${TOKEN_SECONDS}s`,
          definePayload: ({ session }) => ({ sid: session.id }),
        },
        schema: {
          jwks: {
            modelName: 'auth_keys',
            fields: {
              publicKey: 'public_key',
              privateKey: 'private_key',
              createdAt: 'created_at',
              expiresAt: 'expires_at',
            },
          },
        },
      }),
    ],
    telemetry: { enabled: false },
    logger: {
      // Its messages name addresses of people; below an error they say nothing that is not answered.
      log: (level, _message, ...details: unknown[]) => {
        const err = details.find((each) => each instanceof Error);
        if (level === 'error' && err) log.warn({ err }, 'an account could not be served');
      },
    },
  } satisfies BetterAuthOptions;
}
