/** Keys that come and go, on both databases: what is stored is sealed anew, and nobody starts without the key to it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeStorage } from '../../../server/compose-storage.ts';
import { loadConfig } from '../../../server/config.ts';
import type { Archive } from '../../../server/ports/archive.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { createAudioFiles } from '../../../server/storage/audio-files.ts';
import { createArchive } from '../../../server/storage/archive.ts';
import { migrations } from '../../../server/storage/database/migrations/index.ts';
import { openDatabase } from '../../../server/storage/database/open.ts';
import { reseal } from '../../../server/storage/resealing.ts';
import { createSealedArchive } from '../../../server/storage/sealed-archive.ts';
import { checkSealingKeys } from '../../../server/storage/sealing-keys.ts';
import { createSealing, type SealingKey, sealingWith } from '../../../server/storage/sealing.ts';
import { createLogger } from '../../../server/telemetry/logger.ts';
import { startChild } from '../../support/child.ts';
import { copyMadeDatabase } from '../../support/made-database.ts';
import {
  pgliteForTest,
  postgresForTest,
  postgresServer,
  temporaryFolder,
  type TestDatabase,
} from '../../support/databases.ts';

const newKey = (id: string): SealingKey => ({ id, key: randomBytes(32) });
const [first, second] = [newKey('k1'), newKey('k2')];
const inEnvironment = (...keys: SealingKey[]) => keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
const forever = new AbortController().signal;
const server = await postgresServer();

/** A session in which everything that is ever sealed is said. */
async function fill(archive: Archive, name: string, messages = 3, status: 'active' | 'ended' = 'active') {
  const facts = { userId: null, elapsedMs: 0, usage: {}, stage: 'goal' } as const;
  const session = {
    ...facts,
    status,
    endedAt: status === 'ended' ? 1 : null,
    endReason: status === 'ended' ? 'forced' : null,
    startedAt: 1,
    updatedAt: 1,
    version: 1,
    messageCount: messages,
  } as const;
  await archive.saveSession({ ...session, id: name, title: `walrus of ${name}`, state: { topic: 'a walrus' } });
  const message = { sender: 'user', audioFile: null, interrupted: false, createdAt: 1, version: 1 } as const;
  const said = Array.from({ length: messages }, (_, seq) => ({
    ...message,
    id: `m${seq}`,
    seq,
    text: `Walrus ${seq}.`,
  }));
  await archive.appendMessages(name, said);
  const recap = { topic: 'walrus', goal: '', insights: ['walrus'], summary: 'The walrus.', createdAt: 1, version: 1 };
  await archive.saveRecap(name, { ...recap, commitments: [{ what: 'feed the walrus', by: 'Monday' }] });
  await archive.rename(name, `my walrus of ${name}`);
  await archive.rate(name, { score: 5, feedback: 'Nice walrus.', ratedAt: 1 });
}

const everything = async (archive: Archive, name: string) => [
  await archive.session(name),
  await archive.messages(name),
  await archive.recap(name),
  await archive.rating(name),
];

describe.each([
  ['PGlite', pgliteForTest],
  ...(server === undefined ? [] : [['Postgres', () => postgresForTest(server)] as const]),
] as const)('sealing anew on %s', (_name, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  }, 60_000);
  beforeEach(async () => {
    await database.db.deleteFrom('sessions').execute();
    await database.db.deleteFrom('sealing_keys').execute();
  });
  afterAll(() => database.remove(), 60_000);

  const plain = () => createArchive(database);
  const sealedWith = (...[key, ...older]: [SealingKey, ...SealingKey[]]) =>
    createSealedArchive(createArchive(database), createSealing([key, ...older]));
  const resealWith = (...[key, ...older]: [SealingKey, ...SealingKey[]]) =>
    reseal({ db: database.db, sealing: createSealing([key, ...older]), signal: forever });
  const registered = async () =>
    (await database.db.selectFrom('sealing_keys').select('id').orderBy('id').execute()).map(({ id }) => id);

  it('seals what is plain and what an older key has sealed, so that the newest alone opens all', async () => {
    await fill(plain(), 'plain');
    await checkSealingKeys(database.db, [first]);
    await fill(sealedWith(first), 'old');
    const before = [await everything(plain(), 'plain'), await everything(sealedWith(first), 'old')];
    await checkSealingKeys(database.db, [second, first]);
    await fill(sealedWith(second), 'new');
    const done = await resealWith(second, first);
    expect(done).toEqual({
      looked: { messages: 9, recaps: 3, sessions: 3, ratings: 3 },
      resealed: { messages: 6, recaps: 2, sessions: 2, ratings: 2 },
      unopened: [],
      unused: ['k1'],
    });
    expect(JSON.stringify([await everything(plain(), 'plain'), await everything(plain(), 'old')])).not.toMatch(
      /walrus/i,
    );
    const after = [await everything(sealedWith(second), 'plain'), await everything(sealedWith(second), 'old')];
    expect(after).toEqual(before);
    await checkSealingKeys(database.db, [second]);
    expect(await resealWith(second)).toMatchObject({ resealed: {}, unused: [] });
  });

  it('goes on where it was stopped', async () => {
    await fill(plain(), 's', 450);
    const stop = new AbortController();
    const sealing = createSealing([first]);
    const stopped = reseal({ db: database.db, sealing, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect((await resealWith(first)).resealed).toEqual({ messages: 250, recaps: 1, sessions: 1, ratings: 1 });
    expect(await sealedWith(first).messages('s')).toHaveLength(450);
    expect(JSON.stringify(await everything(plain(), 's'))).not.toMatch(/walrus/i);
  });

  it('loses nothing that a running server writes meanwhile', async () => {
    const archive = sealedWith(second, first);
    await fill(sealedWith(first), 's', 300);
    let writes = 0;
    let over = false;
    const writing = (async () => {
      const message = { sender: 'user', audioFile: null, interrupted: false, createdAt: 1, seq: 0, id: 'm0' } as const;
      for (; !over; writes += 1)
        await archive.appendMessages('s', [{ ...message, text: `Otter ${writes}.`, version: 2 + writes }]);
    })();
    const done = await resealWith(second, first);
    over = true;
    await writing;
    expect(done.unopened).toEqual([]);
    expect(writes).toBeGreaterThan(0);
    const [changed, ...rest] = await sealedWith(second).messages('s');
    expect(changed?.text).toBe(`Otter ${writes - 1}.`);
    expect(rest.every(({ text }, i) => text === `Walrus ${i + 1}.`)).toBe(true);
  });

  it('leaves what it has no key for, says so, and forgets no key then', async () => {
    await checkSealingKeys(database.db, [first]);
    await fill(sealedWith(first), 'lost');
    await fill(plain(), 'plain');
    await checkSealingKeys(database.db, [second, first]);
    const done = await resealWith(second);
    expect(done.unopened).toHaveLength(6);
    expect(done.unopened[0]).toContain('messages lost/m0: it is sealed with the key "k1"');
    expect(done.resealed).toEqual({ messages: 3, recaps: 1, sessions: 1, ratings: 1 });
    expect(await registered()).toEqual(['k1', 'k2']);
    expect(await sealedWith(first).messages('lost')).toHaveLength(3);
  });

  it('a key that is missing, or another one by its name, is found before anything is read', async () => {
    const storage = (keys: string) => {
      const config = loadConfig({ LOG_LEVEL: 'silent', ENCRYPTION_KEYS: keys });
      const providers = { transcription: null, model: null, speech: null };
      const sealing = sealingWith(config.encryptionKeys);
      return composeStorage({ config, database, providers, sealing, instanceId: 'i', log: createLogger('silent') });
    };
    await (await storage(inEnvironment(first))).close();
    await fill(sealedWith(first), 's', 1, 'ended');
    const missing = { code: 'sealing_key_missing', message: expect.stringContaining('npm run reseal') };
    await expect(storage('')).rejects.toMatchObject(missing);
    await expect(storage(inEnvironment(second))).rejects.toMatchObject(missing);
    const another = { id: first.id, key: second.key };
    const wrong = { code: 'sealing_key_wrong', message: expect.stringContaining('"k1"') };
    await expect(storage(inEnvironment(another))).rejects.toMatchObject(wrong);
    await expect(storage(inEnvironment(second, another))).rejects.toMatchObject(wrong);
    await (await storage(inEnvironment(second, first))).close();
  });

  it('keys from before they were registered are found in what they have sealed', async () => {
    await fill(sealedWith(first), 'one');
    await fill(sealedWith(second), 'two');
    await database.db.schema.dropTable('sealing_keys').execute();
    await migrations['0006-sealing-keys']?.up(database.db as never);
    expect(await registered()).toEqual(['k1', 'k2']);
    const another = { id: first.id, key: second.key };
    const check = (...keys: SealingKey[]) => checkSealingKeys(database.db, keys);
    await expect(check(second)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    await expect(check(second, another)).rejects.toMatchObject({ code: 'sealing_key_wrong' });
    await check(second, first);
    expect(await database.db.selectFrom('sealing_keys').select('id').where('proof', 'is', null).execute()).toEqual([]);
  });

  it.each(['state', 'own_title', 'feedback'])('so they are when only a %s is left of it', async (left) => {
    const { db } = database;
    await fill(sealedWith(first), 'one');
    await db.deleteFrom('messages').execute();
    await db.deleteFrom('recaps').execute();
    await db.updateTable('sessions').set({ title: null }).execute();
    if (left !== 'feedback') await db.deleteFrom('ratings').execute();
    if (left !== 'own_title') await db.updateTable('sessions').set({ own_title: null }).execute();
    if (left !== 'state') await db.updateTable('sessions').set({ state: null }).execute();
    await db.schema.dropTable('sealing_keys').execute();
    await migrations['0006-sealing-keys']?.up(db as never);
    const another = { id: first.id, key: second.key };
    await expect(checkSealingKeys(db, [second, another])).rejects.toMatchObject({ code: 'sealing_key_wrong' });
    await checkSealingKeys(db, [second, first]);
  });
});

it('npm run reseal seals the database of DATA_DIR, and says what it did', async () => {
  const folder = await temporaryFolder();
  try {
    await copyMadeDatabase(folder.path);
    const database = await openDatabase({ dataDir: folder.path, clock: systemClock });
    await fill(createArchive(database), 's');
    await database.close();
    const audio = createAudioFiles({ folder: join(folder.path, 'audio'), clock: systemClock });
    const speech = { sessionId: 's', bytes: Buffer.from('walrus'), contentType: 'audio/mpeg' } as const;
    const name = await audio.put(speech, { signal: forever });
    const env = { DATA_DIR: folder.path, ENCRYPTION_KEYS: inEnvironment(first), DATABASE_URL: '' };
    const command = startChild(new URL('../../../server/reseal.ts', import.meta.url), [], { env });
    expect(await command.ended()).toBe(0);
    const told = command.rest();
    expect(told).toContain('  messages: 3 rows looked at, 3 sealed anew');
    expect(told).toContain(`  audio in ${join(folder.path, 'audio')}: 1 files looked at, 1 sealed anew`);
    await expect(audio.find(name)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    const again = await openDatabase({ dataDir: folder.path, clock: systemClock });
    const messages = await createSealedArchive(createArchive(again), createSealing([first])).messages('s');
    expect(messages.map(({ text }) => text)).toEqual(['Walrus 0.', 'Walrus 1.', 'Walrus 2.']);
    expect(JSON.stringify(await everything(createArchive(again), 's'))).not.toMatch(/walrus/i);
    await again.close();
  } finally {
    await folder.remove();
  }
}, 60_000);
