import { sql, type Kysely, type RawBuilder } from 'kysely';
import { KukuError } from '../errors.ts';
import type { ListedSession, ListQuery, SessionPage } from '../ports/archive.ts';
import { listedSession, storable, type SessionRow } from './archive-rows.ts';
import type { Schema } from './database/schema.ts';

const MAX_PAGE = 100;

type ListedRow = Omit<SessionRow, 'state'> & {
  match_id: string | null;
  snippet: string | null;
  sender: 'user' | 'ai' | null;
  said_at: Date | null;
};

/** A page of a user's sessions, newest first; with `query`, those in which it was said. */
export async function listSessions(db: Kysely<Schema>, list: ListQuery): Promise<SessionPage> {
  const limit = Math.min(Math.max(Math.trunc(list.limit), 1), MAX_PAGE);
  const text = list.query === undefined ? '' : storable(list.query).trim();
  const found = text === '' ? everything : await wordsOf(db, text);
  // One more than asked for says whether there is another page.
  const rows = await pageQuery(list, found, limit + 1).execute(db);
  const page = rows.rows.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: page.map(listed),
    ...(rows.rows.length > limit && last !== undefined ? { nextCursor: toCursor(last) } : {}),
  };
}

function listed(row: ListedRow): ListedSession {
  const { match_id: messageId, snippet, sender, said_at: saidAt } = row;
  if (messageId === null || sender === null || saidAt === null) return listedSession(row);
  const atMs = Math.max(0, saidAt.getTime() - row.started_at.getTime());
  return { ...listedSession(row), match: { messageId, snippet: snippet ?? '', sender, atMs } };
}

/** How messages are matched, ranked and quoted; `undefined` lists sessions without looking into them. */
interface Matching {
  matches: RawBuilder<boolean>;
  rank: RawBuilder<number>;
  snippet: RawBuilder<string>;
}
const everything = undefined;

async function wordsOf(db: Kysely<Schema>, text: string): Promise<Matching> {
  const query = sql`websearch_to_tsquery('english', ${text})`;
  const counted = await sql<{ nodes: number }>`select numnode(${query}) as nodes`.execute(db);
  if ((counted.rows[0]?.nodes ?? 0) > 0) {
    return {
      matches: sql`m.search @@ ${query}`,
      rank: sql`ts_rank(m.search, ${query})`,
      snippet: sql`ts_headline('english', h.text, ${query}, 'StartSel="", StopSel="", MaxWords=24, MinWords=12')`,
    };
  }
  // Only words that the index leaves out ("what did she do"): look for them as they were typed.
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return {
    matches: sql`m.text ilike ${pattern}`,
    rank: sql`0::real`,
    snippet: sql`substr(h.text, greatest(1, position(lower(${text}) in lower(h.text)) - 40), 160)`,
  };
}

function pageQuery({ userId, cursor }: ListQuery, found: Matching | undefined, limit: number): RawBuilder<ListedRow> {
  const after = cursor === undefined ? sql`true` : afterCursor(cursor);
  const mine = sql`s.user_id = ${userId} and s.deleted_at is null and ${after}`;
  const newestFirst = sql`order by s.started_at desc, s.id desc limit ${limit}`;
  const columns = sql`s.id, s.user_id, s.status, s.title, s.started_at, s.ended_at, s.end_reason, s.elapsed_ms,
    s.message_count, s.stage, s.updated_at, s.version, s.deleted_at, s.own_title, s.continues_id, s.ephemeral`;
  if (found === undefined) {
    return sql<ListedRow>`select ${columns}, null as match_id, null as snippet, null as sender, null as said_at
      from sessions s where ${mine} ${newestFirst}`;
  }
  return sql<ListedRow>`
    with hits as (
      select distinct on (m.session_id) m.session_id, m.id, m.text, m.sender, m.created_at
      from messages m join sessions s on s.id = m.session_id
      where ${mine} and ${found.matches}
      order by m.session_id, ${found.rank} desc, m.seq
    )
    select ${columns}, h.id as match_id, ${found.snippet} as snippet, h.sender, h.created_at as said_at
    from hits h join sessions s on s.id = h.session_id ${newestFirst}`;
}

function toCursor({ started_at, id }: ListedRow): string {
  return Buffer.from(`${started_at.getTime()}.${id}`).toString('base64url');
}

/** By the time and the id of the last one shown, not by a count: sessions that start meanwhile shift nothing. */
function afterCursor(cursor: string): RawBuilder<unknown> {
  const [, startedAt, id] = /^(\d{1,15})\.([^\0]+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (startedAt === undefined || id === undefined) {
    throw new KukuError('The cursor is not one of ours', { code: 'invalid_cursor', status: 400 });
  }
  return sql`(s.started_at, s.id) < (${new Date(Number(startedAt))}::timestamptz, ${id})`;
}
