/**
 * Whether the keys that the server has open what is stored: looked at before anything is read, so that nobody finds out by
 * a history that can't be opened. A key is registered when it is first used, with a text that only it opens.
 */
import { sql, type Kysely } from 'kysely';
import { KukuError } from '../errors.ts';
import { asKukuErrors } from './database/errors.ts';
import type { Schema } from './database/schema.ts';
import { createSealing, SEALED, type Sealing, type SealingKey } from './sealing.ts';

type Db = Kysely<Schema>;

const PROOF = 'what this key seals, it opens';
const placeOf = (id: string) => `key/${id}`;

/**
 * Throws `sealing_key_missing` when something is sealed with a key that is not among these, and `sealing_key_wrong` when
 * one of these goes by the id of another. Registers the first, which is the one that seals.
 */
export async function checkSealingKeys(db: Db, keys: readonly SealingKey[]): Promise<void> {
  await asKukuErrors(async () => {
    const [current, ...others] = keys;
    const sealing = current && createSealing([current, ...others]);
    if (sealing) await register(db, sealing);
    for (const { id, proof } of await db.selectFrom('sealing_keys').selectAll().orderBy('id').execute()) {
      if (!sealing || !keys.some((key) => key.id === id)) throw missing(id);
      if (!(proof === null ? await opensSomething(db, keys, id) : opens(sealing, proof, placeOf(id)))) throw wrong(id);
    }
  });
}

async function register(db: Db, sealing: Sealing): Promise<void> {
  const row = { id: sealing.keyId, proof: sealing.seal(PROOF, placeOf(sealing.keyId)) };
  await db
    .insertInto('sealing_keys')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Of texts from before keys were registered: one of each kind tells. */
async function opensSomething(db: Db, keys: readonly SealingKey[], id: string): Promise<boolean> {
  const key = keys.find((each) => each.id === id);
  if (!key) return false;
  const sealing = createSealing([key]);
  const prefix = `${SEALED}${id}.`;
  const { rows } = await sql<{ text: string; place: string }>`
    (select text, 'message/' || session_id || '/' || id as place from messages where starts_with(text, ${prefix}) limit 1)
    union all
    (select summary, 'recap/' || session_id || '/summary' from recaps where starts_with(summary, ${prefix}) limit 1)
    union all
    (select title, 'title/' || id from sessions where starts_with(title, ${prefix}) limit 1)
    union all
    (select own_title, 'title/' || id from sessions where starts_with(own_title, ${prefix}) limit 1)
    union all
    (select state #>> '{}', 'state/' || id from sessions
      where jsonb_typeof(state) = 'string' and starts_with(state #>> '{}', ${prefix}) limit 1)
    union all
    (select feedback, 'feedback/' || session_id from ratings where starts_with(feedback, ${prefix}) limit 1)`.execute(
    db,
  );
  if (!rows.every(({ text, place }) => opens(sealing, text, place))) return false;
  const proof = sealing.seal(PROOF, placeOf(id));
  await db.updateTable('sealing_keys').set({ proof }).where('id', '=', id).where('proof', 'is', null).execute();
  return true;
}

function opens(sealing: Sealing, text: string, place: string): boolean {
  try {
    sealing.open(text, place);
    return true;
  } catch {
    return false;
  }
}

function missing(id: string): KukuError {
  return new KukuError(
    `What is stored is sealed with the key "${id}", which is not in ENCRYPTION_KEYS. Put it there again, after the key ` +
      'that seals from now on; when nothing is to be sealed with it any more, run `npm run reseal`, and take it out then.',
    { code: 'sealing_key_missing' },
  );
}

function wrong(id: string): KukuError {
  return new KukuError(
    `The key "${id}" in ENCRYPTION_KEYS is not the one that what is stored under that name is sealed with. Put that one ` +
      'back; give a new key a name of its own.',
    { code: 'sealing_key_wrong' },
  );
}
