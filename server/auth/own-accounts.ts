/** Accounts that are kept here. A module of its own: better-auth takes 0.6 s and 60 MB, where nobody has an account for nothing. */
import type { Kysely } from 'kysely';
import type { Accounts } from '../ports/accounts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createAccounts } from './accounts.ts';
import { createEngine } from './better-auth.ts';
import { createOwnTokens } from './own-tokens.ts';
import type { AuthTables } from './tables.ts';
import type { OwnTokens } from './verifier.ts';

export interface OwnAccountsOptions {
  db: Kysely<AuthTables>;
  secret: string;
  /** `iss` and `aud` of the tokens that are minted. */
  issuer: string;
  clock: Clock;
  log: Log;
}

export function createOwnAccounts(options: OwnAccountsOptions): { accounts: Accounts; tokens: OwnTokens } {
  const engine = createEngine(options);
  return { accounts: createAccounts({ ...options, engine }), tokens: createOwnTokens({ ...options, engine }) };
}
