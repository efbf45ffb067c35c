/** What goes, and that it stays gone. */
import type { Kysely } from 'kysely';
import { tombstoneRow } from './archive-rows.ts';
import type { Schema } from './database/schema.ts';

type Db = Kysely<Schema>;

/** What belongs to one session. */
const TABLES = ['messages', 'recaps', 'ratings', 'turn_metrics', 'care_events'] as const;

/** The row stays, emptied; what belonged to it goes. */
export async function deleteSession(db: Db, sessionId: string, now: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const known = trx.selectFrom('sessions').select('deleted_at').where('id', '=', sessionId).forUpdate();
    const before = await known.executeTakeFirst();
    const tombstone = tombstoneRow(new Date(now));
    await trx
      .insertInto('sessions')
      .values({ id: sessionId, ...tombstone })
      .onConflict((c) => c.column('id').doUpdateSet(tombstone).where('sessions.deleted_at', 'is', null))
      .execute();
    for (const table of TABLES) await trx.deleteFrom(table).where('session_id', '=', sessionId).execute();
    return before !== undefined && before.deleted_at === null;
  });
}

export async function wasDeleted(db: Db, sessionId: string): Promise<boolean> {
  const row = await db.selectFrom('sessions').select('deleted_at').where('id', '=', sessionId).executeTakeFirst();
  return row !== undefined && row.deleted_at !== null;
}

/** All or nothing. A session that is saved meanwhile waits for this, and finds nobody that it could belong to. */
export async function deleteUser(db: Db, userId: string, now: number): Promise<readonly string[]> {
  return db.transaction().execute(async (trx) => {
    await trx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
    const mine = trx.selectFrom('sessions').select('id').where('user_id', '=', userId).forUpdate();
    const ids = (await mine.execute()).map(({ id }) => id);
    if (ids.length > 0) {
      for (const table of TABLES) await trx.deleteFrom(table).where('session_id', 'in', ids).execute();
      await trx
        .updateTable('sessions')
        .set(tombstoneRow(new Date(now)))
        .where('id', 'in', ids)
        .execute();
    }
    await trx.deleteFrom('users').where('id', '=', userId).execute();
    return ids;
  });
}
