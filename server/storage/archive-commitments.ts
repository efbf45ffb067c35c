/** What somebody said last that they would do, and was not asked about since. */
import { sql, type Kysely } from 'kysely';
import type { KeptCommitments } from '../ports/archive.ts';
import { fromRecapRow } from './archive-rows.ts';
import type { Schema } from './database/schema.ts';

/** Sessions that are looked at: what lies further back is nothing to begin a talk with. */
const LOOKED_AT = 10;
/** Greeted and said something: the question was heard. */
const TAKEN_UP_MESSAGES = 2;

export async function openCommitments(db: Kysely<Schema>, userId: string): Promise<KeptCommitments | undefined> {
  const rows = await db
    .selectFrom('recaps as r')
    .innerJoin('sessions as s', 's.id', 'r.session_id')
    .selectAll('r')
    .select(
      sql<boolean>`exists (
        select 1 from sessions f where f.continues_id = s.id and f.message_count >= ${TAKEN_UP_MESSAGES}
      )`.as('is_taken_up'),
    )
    .where('s.user_id', '=', userId)
    .where('s.status', '=', 'ended')
    .where('s.deleted_at', 'is', null)
    .orderBy('s.ended_at', 'desc')
    .limit(LOOKED_AT)
    .execute();
  for (const row of rows) {
    const { commitments } = fromRecapRow(row);
    // Older ones are of before the latest that there is: not asked about over it.
    if (commitments.length > 0) return row.is_taken_up ? undefined : { sessionId: row.session_id, commitments };
  }
  return undefined;
}
