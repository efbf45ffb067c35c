/**
 * Seals anew what is stored, with the first key: what is not sealed yet, and what is sealed with an older one. Beside
 * running servers and over again: a row that changed meanwhile is left as it is and met in the next pass, and what is done
 * is done.
 */
import type { Kysely, Selectable } from 'kysely';
import { KukuError } from '../errors.ts';
import { fromMessageRow, fromRatingRow, fromRecapRow, toRecapRow } from './archive-rows.ts';
import { asKukuErrors } from './database/errors.ts';
import type { MessagesTable, RatingsTable, RecapsTable, Schema, SessionsTable } from './database/schema.ts';
import { sealedRecords } from './sealed-records.ts';
import { keyOf, type Sealing, whyNotOpened } from './sealing.ts';

type Db = Kysely<Schema>;

export interface Resealed {
  /** Rows by table, of the last pass: all that there are. */
  looked: Record<string, number>;
  /** Rows that were sealed anew. */
  resealed: Record<string, number>;
  /** What could not be opened, by table and row. */
  unopened: string[];
  /** Keys that nothing is sealed with any more. */
  unused: string[];
}

export interface ResealOptions {
  db: Db;
  sealing: Sealing;
  signal: AbortSignal;
  /** Keys that something outside of the database is sealed with: not forgotten. */
  neededElsewhere?: ReadonlySet<string>;
  /** After each batch: rows that were sealed anew so far. */
  onProgress?: (table: string, resealed: number) => void;
}

const BATCH = 200;
/** Until nothing changes any more; running servers change little meanwhile. */
const MAX_PASSES = 5;

/** A table's rows, in order of their keys, and what is sealed in them. */
interface Table<Row> {
  name: string;
  after(last: Row | undefined): Promise<Row[]>;
  nameOf(row: Row): string;
  /** What must be sealed with the first key; empty texts are not. */
  texts(row: Row): readonly (string | null | undefined)[];
  /** False when the row has changed since it was read. Throws what `Sealer.open` throws. */
  reseal(row: Row): Promise<boolean>;
}

export async function reseal(options: ResealOptions): Promise<Resealed> {
  const { db, sealing, signal, neededElsewhere = new Set(), onProgress = () => {} } = options;
  const done: Resealed = { looked: {}, resealed: {}, unopened: [], unused: [] };
  const tables = [messages(db, sealing), recaps(db, sealing), sessions(db, sealing), ratings(db, sealing)];
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    done.unopened = [];
    let changed = 0;
    for (const each of tables) changed += await each({ keyId: sealing.keyId, signal, done, onProgress });
    if (changed > 0) continue;
    if (done.unopened.length === 0) done.unused = await forgetUnused(db, new Set([sealing.keyId, ...neededElsewhere]));
    return done;
  }
  return done;
}

interface Pass {
  keyId: string;
  signal: AbortSignal;
  done: Resealed;
  onProgress: (table: string, resealed: number) => void;
}

/** Answers how many rows were not as they should be. */
function passOver<Row>(table: Table<Row>): (pass: Pass) => Promise<number> {
  const { name } = table;
  const after = (last: Row | undefined) => asKukuErrors(() => table.after(last));
  return async ({ keyId, signal, done, onProgress }) => {
    let [looked, changed] = [0, 0];
    const sealAnew = async (row: Row) => {
      try {
        if (await asKukuErrors(() => table.reseal(row))) done.resealed[name] = (done.resealed[name] ?? 0) + 1;
        changed += 1;
      } catch (error) {
        if (!(error instanceof KukuError) || !error.code.startsWith('seal')) throw error;
        done.unopened.push(`${name} ${table.nameOf(row)}: ${whyNotOpened(error)}`);
      }
    };
    for (let rows = await after(undefined); rows.length > 0; rows = await after(rows.at(-1))) {
      signal.throwIfAborted();
      looked += rows.length;
      const old = rows.filter((row) => table.texts(row).some((text) => text && keyOf(text) !== keyId));
      await Promise.all(old.map(sealAnew));
      if (old.length > 0) onProgress(name, done.resealed[name] ?? 0);
    }
    done.looked[name] = looked;
    return changed;
  };
}

function messages(db: Db, sealing: Sealing) {
  const records = sealedRecords(sealing);
  return passOver<Omit<Selectable<MessagesTable>, 'search'>>({
    name: 'messages',
    after(last) {
      const query = db
        .selectFrom('messages')
        .select(['session_id', 'id', 'seq', 'sender', 'text', 'audio_file', 'interrupted', 'created_at', 'version']);
      const from = last
        ? query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('session_id', 'id'), '>', tuple(last.session_id, last.id)),
          )
        : query;
      return from.orderBy('session_id').orderBy('id').limit(BATCH).execute();
    },
    nameOf: ({ session_id, id }) => `${session_id}/${id}`,
    texts: ({ text }) => [text],
    async reseal(row) {
      const { text } = records.message(row.session_id, records.openedMessage(row.session_id, fromMessageRow(row)));
      const update = db.updateTable('messages').set({ text }).where('session_id', '=', row.session_id);
      return changedOne(update.where('id', '=', row.id).where('text', '=', row.text));
    },
  });
}

function recaps(db: Db, sealing: Sealing) {
  const records = sealedRecords(sealing);
  return passOver<Selectable<RecapsTable>>({
    name: 'recaps',
    after: (last) => {
      const query = db.selectFrom('recaps').selectAll();
      return (last ? query.where('session_id', '>', last.session_id) : query)
        .orderBy('session_id')
        .limit(BATCH)
        .execute();
    },
    nameOf: ({ session_id }) => session_id,
    texts(row) {
      const { topic, goal, summary, insights, commitments } = fromRecapRow(row);
      return [topic, goal, summary, insights[0], commitments[0]?.what];
    },
    async reseal(row) {
      const { session_id: id, version } = row;
      const { session_id: _, ...sealed } = toRecapRow(
        id,
        records.recap(id, records.openedRecap(id, fromRecapRow(row))),
      );
      const update = db.updateTable('recaps').set(sealed).where('session_id', '=', id).where('version', '=', version);
      return changedOne(update.where('summary', '=', row.summary));
    },
  });
}

function sessions(db: Db, sealing: Sealing) {
  const records = sealedRecords(sealing);
  type Row = Pick<Selectable<SessionsTable>, 'id' | 'title' | 'own_title' | 'state' | 'version'>;
  return passOver<Row>({
    name: 'sessions',
    after: (last) => {
      const query = db.selectFrom('sessions').select(['id', 'title', 'own_title', 'state', 'version']);
      const kept = query.where('deleted_at', 'is', null);
      return (last ? kept.where('id', '>', last.id) : kept).orderBy('id').limit(BATCH).execute();
    },
    nameOf: ({ id }) => id,
    // A state that is no text is not sealed.
    texts: ({ title, own_title, state }) => [
      title,
      own_title,
      state === null || typeof state === 'string' ? state : 'plain',
    ],
    async reseal({ id, title, own_title, state, version }) {
      const again = (text: string | null) => records.title(id, records.openedTitle(id, text));
      const sealed = { title: again(title), own_title: again(own_title), state: records.resealedState(id, state) };
      const update = db.updateTable('sessions').set(sealed).where('id', '=', id).where('version', '=', version);
      return changedOne(update.where('own_title', 'is not distinct from', own_title));
    },
  });
}

function ratings(db: Db, sealing: Sealing) {
  const records = sealedRecords(sealing);
  return passOver<Selectable<RatingsTable>>({
    name: 'ratings',
    after: (last) => {
      const query = db.selectFrom('ratings').selectAll();
      return (last ? query.where('session_id', '>', last.session_id) : query)
        .orderBy('session_id')
        .limit(BATCH)
        .execute();
    },
    nameOf: ({ session_id }) => session_id,
    texts: ({ feedback }) => [feedback],
    async reseal(row) {
      const { session_id: id } = row;
      const { feedback } = records.rating(id, records.openedRating(id, fromRatingRow(row)));
      const update = db.updateTable('ratings').set({ feedback }).where('session_id', '=', id);
      return changedOne(update.where('feedback', 'is not distinct from', row.feedback));
    },
  });
}

async function changedOne(update: { executeTakeFirst(): Promise<{ numUpdatedRows: bigint }> }): Promise<boolean> {
  return (await update.executeTakeFirst()).numUpdatedRows > 0n;
}

/** After a pass that found everything sealed with the first key. */
async function forgetUnused(db: Db, used: ReadonlySet<string>): Promise<string[]> {
  const unused = db
    .deleteFrom('sealing_keys')
    .where('id', 'not in', [...used])
    .returning('id');
  return (await asKukuErrors(() => unused.execute())).map(({ id }) => id);
}
