/** The migrations by name, in order. A migration that was released is never changed: the next one corrects it. */
import type { Kysely as KyselyOf } from 'kysely';
import { sessions } from './0001-sessions.ts';
import { accounts } from './0002-accounts.ts';
import { privacy } from './0003-privacy.ts';
import { care } from './0004-care.ts';
import { usage } from './0005-usage.ts';
import { sealingKeys } from './0006-sealing-keys.ts';

/** A migration knows no table types: those in `schema.ts` are today's, not the ones of its day. */
export type Kysely = KyselyOf<unknown>;
export interface Migration {
  up(db: Kysely): Promise<void>;
}

export const migrations: Record<string, Migration> = {
  '0001-sessions': sessions,
  '0002-accounts': accounts,
  '0003-privacy': privacy,
  '0004-care': care,
  '0005-usage': usage,
  '0006-sealing-keys': sealingKeys,
};
