import { sql, type Kysely, type Transaction } from 'kysely';
import { KukuError } from '../errors.ts';
import type { Archive, CareRecord, MessageRecord, RatingRecord, SessionRecord } from '../ports/archive.ts';
import * as rows from './archive-rows.ts';
import { deleteSession, deleteUser, wasDeleted } from './archive-deletion.ts';
import { openCommitments } from './archive-commitments.ts';
import { listSessions } from './archive-search.ts';
import { ensureUser, readUser, reidentifyUser } from './archive-users.ts';
import { asKukuErrors } from './database/errors.ts';
import type { Database } from './database/open.ts';
import type { Schema } from './database/schema.ts';

type Db = Kysely<Schema>;

/** The archive on PGlite or Postgres; the same SQL on both. The database stays the caller's to close. */
export function createArchive({ db, kind }: Pick<Database, 'db' | 'kind'>): Archive {
  const about = (sessionId: string, write: (trx: Transaction<Schema>) => Promise<unknown>) =>
    asKukuErrors(() => writeAbout(db, sessionId, write));
  return {
    name: kind,
    ensureUser: (identity, now) => asKukuErrors(() => ensureUser(db, identity, now)),
    user: (userId) => asKukuErrors(() => readUser(db, userId)),
    reidentifyUser: (from, to) => asKukuErrors(() => reidentifyUser(db, from, to)),
    deleteUser: (userId, now) => asKukuErrors(() => deleteUser(db, userId, now)),
    saveSession: (session) => asKukuErrors(() => saveSession(db, session)),
    appendMessages: (sessionId, messages) => about(sessionId, (trx) => upsertMessages(trx, sessionId, messages)),
    saveRecap: (sessionId, recap) => about(sessionId, (trx) => upsertRecap(trx, rows.toRecapRow(sessionId, recap))),
    saveCares: (sessionId, cares) => about(sessionId, (trx) => insertCares(trx, sessionId, cares)),
    cares: (sessionId) =>
      asKukuErrors(async () => {
        const query = db.selectFrom('care_events').selectAll().where('session_id', '=', sessionId).orderBy('at');
        const found = await query.execute();
        return found.map(({ at, about: whom, language, via }) => ({ atMs: at.getTime(), about: whom, language, via }));
      }),
    saveTurn: (turn) =>
      about(turn.sessionId, (trx) =>
        trx
          .insertInto('turn_metrics')
          .values(rows.toTurnRow(turn))
          .onConflict((c) => c.doNothing())
          .execute(),
      ),
    rename: (sessionId, title) =>
      about(sessionId, (trx) =>
        trx
          .updateTable('sessions')
          .set({ own_title: rows.storable(title) })
          .where('id', '=', sessionId)
          .execute(),
      ),
    async rate(sessionId, rating) {
      checkScore(rating.score);
      await about(sessionId, (trx) => upsertRating(trx, sessionId, rating));
    },
    session: (sessionId) => asKukuErrors(() => readSession(db, sessionId)),
    costSince: (userId, sinceMs) => asKukuErrors(() => costSince(db, userId, sinceMs)),
    listSessions: (query) => asKukuErrors(() => listSessions(db, query)),
    messages: (sessionId) => asKukuErrors(() => readMessages(db, sessionId)),
    recap: (sessionId) =>
      asKukuErrors(async () => {
        const row = await db.selectFrom('recaps').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
        return row && rows.fromRecapRow(row);
      }),
    rating: (sessionId) =>
      asKukuErrors(async () => {
        const row = await db.selectFrom('ratings').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
        return row && rows.fromRatingRow(row);
      }),
    audioOwner: (file) =>
      asKukuErrors(async () => {
        const query = db.selectFrom('messages as m').innerJoin('sessions as s', 's.id', 'm.session_id');
        const row = await query.select('s.user_id').where('m.audio_file', '=', file).executeTakeFirst();
        return row && { userId: row.user_id };
      }),
    turns: (sessionId) =>
      asKukuErrors(async () => {
        const query = db.selectFrom('turn_metrics').selectAll().where('session_id', '=', sessionId);
        return (await query.orderBy('turn').execute()).map(rows.fromTurnRow);
      }),
    deleteSession: (sessionId, now) => asKukuErrors(() => deleteSession(db, sessionId, now)),
    wasDeleted: (sessionId) => asKukuErrors(() => wasDeleted(db, sessionId)),
    openCommitments: (userId) => asKukuErrors(() => openCommitments(db, userId)),
    restorable: () =>
      asKukuErrors(async () => {
        const query = db.selectFrom('sessions').selectAll().where('status', '=', 'active');
        return (await query.where('deleted_at', 'is', null).orderBy('updated_at').execute()).map(rows.fromSessionRow);
      }),
    ping: () => asKukuErrors(async () => void (await sql`select 1`.execute(db))),
  };
}

async function saveSession(db: Db, session: SessionRecord): Promise<void> {
  const { id: _, ...changes } = rows.toSessionRow(session);
  await db
    .insertInto('sessions')
    .values(rows.toSessionRow(session))
    .onConflict((c) =>
      c
        .column('id')
        .doUpdateSet(changes)
        .whereRef('sessions.version', '<', 'excluded.version')
        .where('sessions.deleted_at', 'is', null),
    )
    .execute();
}

/** Holds the session's row while writing, so that it can't be deleted in between. Does nothing when it was deleted. */
async function writeAbout(
  db: Db,
  sessionId: string,
  write: (trx: Transaction<Schema>) => Promise<unknown>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const session = trx.selectFrom('sessions').select('deleted_at').where('id', '=', sessionId).forShare();
    const row = await session.executeTakeFirst();
    if (row === undefined) throw new KukuError('Session not found', { code: 'session_not_found', status: 404 });
    if (row.deleted_at === null) await write(trx);
  });
}

async function upsertMessages(trx: Db, sessionId: string, messages: readonly MessageRecord[]): Promise<void> {
  // One statement can't change a row twice: of two with the same id the newer one counts.
  const newest = new Map<string, MessageRecord>();
  for (const message of messages) {
    if ((newest.get(message.id)?.version ?? -Infinity) < message.version) newest.set(message.id, message);
  }
  if (newest.size === 0) return;
  await trx
    .insertInto('messages')
    .values([...newest.values()].map((message) => rows.toMessageRow(sessionId, message)))
    .onConflict((c) =>
      c
        .columns(['session_id', 'id'])
        .doUpdateSet((eb) => ({
          seq: eb.ref('excluded.seq'),
          sender: eb.ref('excluded.sender'),
          text: eb.ref('excluded.text'),
          audio_file: eb.ref('excluded.audio_file'),
          interrupted: eb.ref('excluded.interrupted'),
          created_at: eb.ref('excluded.created_at'),
          version: eb.ref('excluded.version'),
        }))
        .whereRef('messages.version', '<', 'excluded.version'),
    )
    .execute();
}

async function insertCares(trx: Db, sessionId: string, cares: readonly CareRecord[]): Promise<void> {
  if (cares.length === 0) return;
  await trx
    .insertInto('care_events')
    .values(
      cares.map(({ atMs, about, language, via }) => ({
        session_id: sessionId,
        at: new Date(atMs),
        about,
        language,
        via,
      })),
    )
    .onConflict((c) => c.doNothing())
    .execute();
}

async function upsertRecap(trx: Db, row: rows.NewRecapRow): Promise<void> {
  const { session_id: _, ...changes } = row;
  await trx
    .insertInto('recaps')
    .values(row)
    .onConflict((c) => c.column('session_id').doUpdateSet(changes).whereRef('recaps.version', '<', 'excluded.version'))
    .execute();
}

async function upsertRating(trx: Db, sessionId: string, { score, feedback, ratedAt }: RatingRecord): Promise<void> {
  const at = new Date(ratedAt);
  const changes = { score, feedback: rows.storable(feedback), updated_at: at };
  await trx
    .insertInto('ratings')
    .values({ session_id: sessionId, created_at: at, ...changes })
    .onConflict((c) =>
      c.column('session_id').doUpdateSet(changes).whereRef('ratings.updated_at', '<=', 'excluded.updated_at'),
    )
    .execute();
}

async function costSince(db: Db, userId: string, sinceMs: number): Promise<number> {
  const cost = sql<number>`coalesce(sum((usage->>'cost')::float8), 0)`;
  const query = db.selectFrom('sessions').select(cost.as('cost')).where('user_id', '=', userId);
  const row = await query.where('started_at', '>=', new Date(sinceMs)).executeTakeFirst();
  return row?.cost ?? 0;
}

async function readSession(db: Db, sessionId: string): Promise<SessionRecord | undefined> {
  const query = db.selectFrom('sessions').selectAll().where('id', '=', sessionId).where('deleted_at', 'is', null);
  const row = await query.executeTakeFirst();
  return row && rows.fromSessionRow(row);
}

async function readMessages(db: Db, sessionId: string): Promise<MessageRecord[]> {
  const query = db
    .selectFrom('messages')
    .select(['id', 'seq', 'sender', 'text', 'audio_file', 'interrupted', 'created_at', 'version'])
    .where('session_id', '=', sessionId)
    .orderBy('seq')
    .orderBy('created_at');
  return (await query.execute()).map(rows.fromMessageRow);
}

function checkScore(score: number): void {
  if (Number.isInteger(score) && score >= 1 && score <= 5) return;
  throw new KukuError('A rating is a whole number from 1 to 5', { code: 'invalid_rating', status: 400 });
}
