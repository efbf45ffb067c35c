import type { Kysely } from 'kysely';
import type { Consents } from '../ports/consents.ts';
import { asKukuErrors } from './database/errors.ts';
import type { Schema } from './database/schema.ts';

export function createConsents(db: Kysely<Schema>): Consents {
  return {
    give: (userId, { version, text }, now) =>
      asKukuErrors(async () => {
        const at = new Date(now);
        await db
          .insertInto('consent_texts')
          .values({ version, text, first_shown_at: at })
          .onConflict((c) => c.doNothing())
          .execute();
        await db
          .insertInto('consents')
          .values({ user_id: userId, version, given_at: at })
          .onConflict((c) => c.doNothing())
          .execute();
      }),
    of: (userId) =>
      asKukuErrors(async () => {
        const rows = await db
          .selectFrom('consents as c')
          .innerJoin('consent_texts as t', 't.version', 'c.version')
          .select(['c.version', 't.text', 'c.given_at'])
          .where('c.user_id', '=', userId)
          .orderBy('c.given_at', 'desc')
          .execute();
        return rows.map(({ version, text, given_at }) => ({ version, text, givenAt: given_at.getTime() }));
      }),
  };
}
