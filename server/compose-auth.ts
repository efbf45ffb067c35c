/** Whose tokens are taken, and whether people can have accounts here. */
import { createExternalIssuer } from './auth/external-issuer.ts';
import type { AuthTables } from './auth/tables.ts';
import { createVerifier } from './auth/verifier.ts';
import type { Config } from './config.ts';
import type { Accounts } from './ports/accounts.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { TokenVerifier } from './ports/token-verifier.ts';
import type { Database } from './storage/database/open.ts';
import type { Schema } from './storage/database/schema.ts';

export interface AuthOptions {
  config: Pick<Config, 'auth' | 'publicUrl'>;
  database: Pick<Database, 'db'>;
  clock: Clock;
  log: Log;
}

/** `iss` and `aud` of tokens that are minted here, where nobody has said where clients reach the server. */
const LOCAL_ISSUER = 'kuku-coach';

export interface Auth {
  /** Undefined when nobody can sign in. */
  verifier: TokenVerifier | undefined;
  accounts: Accounts | undefined;
}

export async function composeAuth(options: AuthOptions): Promise<Auth> {
  const { jwksUrl, issuer, audience, operators } = options.config.auth;
  const external =
    jwksUrl !== undefined && issuer !== undefined
      ? { issuer, verify: createExternalIssuer({ jwksUrl, issuer, audience, log: options.log }) }
      : undefined;
  const own = await ownAccounts(options);
  const verifier = (own ?? external) && createVerifier({ own: own?.tokens, external, operators });
  return { verifier, accounts: own?.accounts };
}

async function ownAccounts({ config, database, clock, log }: AuthOptions) {
  const { secret } = config.auth;
  if (secret === undefined) return undefined;
  const issuer = config.publicUrl ?? LOCAL_ISSUER;
  const db = database.db.$extendTables<AuthTables>().$omitTables<keyof Schema>();
  const { createOwnAccounts } = await import('./auth/own-accounts.ts');
  return createOwnAccounts({ db, secret, issuer, clock, log });
}
