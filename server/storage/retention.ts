import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Retention } from '../ports/retention.ts';
import { asKukuErrors } from './database/errors.ts';
import type { Schema } from './database/schema.ts';

/** Sessions of one statement: each is over within its timeout, and holds nobody up for long. */
const AT_ONCE = 500;

export function createRetention(db: Kysely<Schema>): Retention {
  /** Runs the statement until it finds nothing; how many rows that were. */
  const untilNothing = async (statement: RawBuilder<unknown>, signal: AbortSignal): Promise<number> => {
    let total = 0;
    for (;;) {
      signal.throwIfAborted();
      const { numAffectedRows = 0n } = await asKukuErrors(() => statement.execute(db));
      if (numAffectedRows === 0n) return total;
      total += Number(numAffectedRows);
    }
  };

  return {
    async sweep({ transcriptsBefore, recapsBefore, audioBefore, lostBefore }, { signal }) {
      const run = (statement: RawBuilder<unknown>) => untilNothing(statement, signal);
      const swept = { messages: 0, recaps: 0, audioNames: 0, lostSessions: 0 };
      if (transcriptsBefore !== undefined) {
        swept.messages = await run(deleteFrom('messages', transcriptsBefore));
        await run(withoutFeedback(transcriptsBefore));
      }
      if (recapsBefore !== undefined) {
        swept.recaps = await run(deleteFrom('recaps', recapsBefore));
        await run(withoutNames(recapsBefore));
      }
      if (audioBefore !== undefined) swept.audioNames = await run(withoutAudio(audioBefore));
      swept.lostSessions = await run(endedIfLost(lostBefore));
      return swept;
    },
  };
}

/** Those that ended before then and have rows in the table. */
function endedWith(table: 'messages' | 'recaps', before: number) {
  return sql`select s.id from sessions s
    where s.status = 'ended' and s.ended_at < ${new Date(before)}
      and exists (select 1 from ${sql.table(table)} t where t.session_id = s.id) limit ${AT_ONCE}`;
}

function deleteFrom(table: 'messages' | 'recaps', before: number): RawBuilder<unknown> {
  return sql`delete from ${sql.table(table)} where session_id in (${endedWith(table, before)})`;
}

/** What was written along with a rating is of the person's own words as well. */
function withoutFeedback(before: number): RawBuilder<unknown> {
  return sql`update ratings set feedback = null where session_id in (
    select s.id from sessions s join ratings r on r.session_id = s.id
    where s.status = 'ended' and s.ended_at < ${new Date(before)} and r.feedback is not null limit ${AT_ONCE})`;
}

function withoutNames(before: number): RawBuilder<unknown> {
  return sql`update sessions set title = null, own_title = null where id in (
    select id from sessions where status = 'ended' and ended_at < ${new Date(before)}
      and (title is not null or own_title is not null) limit ${AT_ONCE})`;
}

function withoutAudio(before: number): RawBuilder<unknown> {
  return sql`update messages set audio_file = null where (session_id, id) in (
    select session_id, id from messages where audio_file is not null and created_at < ${new Date(before)}
    limit ${AT_ONCE})`;
}

/** A private session whose state was lost with its server or its Redis: nothing else would ever end it. */
function endedIfLost(before: number): RawBuilder<unknown> {
  return sql`update sessions set status = 'ended', ended_at = updated_at, end_reason = 'abandoned', version = version + 1
    where id in (select id from sessions where ephemeral and status = 'active' and updated_at < ${new Date(before)}
    limit ${AT_ONCE})`;
}
