import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../../server/ports/archive.ts';
import { silentLog } from '../../../server/ports/log.ts';
import { type Commit, LEASE_MS, type NewEvent } from '../../../server/ports/session-store.ts';
import { createArchive } from '../../../server/storage/archive.ts';
import { type Database, openDatabase } from '../../../server/storage/database/open.ts';
import { createDurableSessions } from '../../../server/storage/durable-sessions.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { KukuError } from '../../../server/errors.ts';
import { sessionStoreContract, type TestState } from '../../contracts/session-store.ts';
import { temporaryFolder } from '../../support/databases.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { copyMadeDatabase } from '../../support/made-database.ts';

let database: Database;
let archive: Archive;
let removeFolder: () => Promise<void>;
beforeAll(async () => {
  const folder = await temporaryFolder();
  removeFolder = folder.remove;
  await copyMadeDatabase(folder.path);
  database = await openDatabase({ dataDir: folder.path, clock: systemClock });
  archive = createArchive(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await removeFolder();
}, 60_000);

const summarize = ({ n }: TestState) => ({
  kept: { n },
  status: n < 100 ? ('active' as const) : ('ended' as const),
  endedAt: n < 100 ? null : 5000,
  endReason: n < 100 ? null : 'confirmed',
  elapsedMs: n,
  messageCount: n,
  stage: 'goal' as const,
  title: null,
  usage: {},
  recap:
    n < 100 ? undefined : { topic: 'rest', goal: '', insights: [], commitments: [], summary: 'We talked about rest.' },
  cares: [],
  dueAt: null,
});
const providers = { transcription: 'ears', model: 'mind', speech: null };

/** Commits, and waits until it is in the archive. */
async function committed(store: ReturnType<typeof open>['store'], change: Commit<TestState>) {
  const result = await store.commit(change);
  if (result.ok) await result.safe;
  return result;
}

function open(over: Partial<Archive> = {}) {
  const clock = createFakeClock();
  const memory = createMemorySessions<TestState>({ clock });
  const store = createDurableSessions({
    memory,
    archive: { ...archive, ...over },
    summarize,
    providers,
    clock,
    log: silentLog,
  });
  return { store, clock };
}

sessionStoreContract('the memory store kept in the archive', async () => {
  const { store, clock } = open();
  return { store, now: () => Promise.resolve(clock.now()), advance: (ms) => clock.advance(ms), leaseMs: LEASE_MS };
});

describe('the memory store kept in the archive', () => {
  let count = 0;
  const newSession = async (store: ReturnType<typeof open>['store']) => {
    const id = `durable-${count++}`;
    await store.create({ id, userId: null, createdAt: 1000, state: { n: 0 }, dueAt: null });
    await store.acquire(id, 'a');
    return id;
  };
  const commit = (sessionId: string, version: number, more: Partial<Commit<TestState>> = {}): Commit<TestState> => ({
    sessionId,
    epoch: 1,
    expectedVersion: version,
    operationId: `durable-op-${count++}`,
    state: { n: version + 1 },
    dueAt: null,
    events: [],
    messages: [],
    ...more,
  });
  const said = (id: string) => ({ id, timestamp: '2026-01-05T09:00:00.000Z', sender: 'user' as const, text: id });
  const turnDone: NewEvent = {
    type: 'turn.done',
    turn: 3,
    status: 'completed',
    spokenText: 'Yes.',
    playedMs: 10,
    latency: { total: 50 },
  };

  it('is taken up by the next process as it stood, its numbers going on', async () => {
    const first = open();
    const id = await newSession(first.store);
    await committed(first.store, commit(id, 0, { events: [turnDone, turnDone], messages: [said('a'), said('b')] }));
    const second = open();
    expect(await second.store.restore()).toContain(id);
    expect(await second.store.read(id)).toMatchObject({ version: 1, seq: 2, state: { n: 1 } });
    expect((await second.store.messages(id)).map((message) => message.text)).toEqual(['a', 'b']);
    const taken = await second.store.acquire(id, 'b');
    expect(taken?.epoch).toBeGreaterThan(1);
    const result = await committed(second.store, {
      ...commit(id, 1, { messages: [said('c')] }),
      epoch: taken?.epoch ?? 0,
    });
    expect(result).toMatchObject({ ok: true });
    expect((await archive.messages(id)).map(({ text, seq }) => [text, seq])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('keeps the measurements of turns and the recap', async () => {
    const { store } = open();
    const id = await newSession(store);
    await committed(store, commit(id, 0, { events: [turnDone] }));
    expect(await archive.turns(id)).toMatchObject([{ turn: 3, latency: { total: 50 }, providers }]);
    await committed(
      store,
      commit(id, 1, { state: { n: 100 }, events: [{ type: 'session.ended', reason: 'confirmed' }] }),
    );
    expect(await archive.recap(id)).toMatchObject({ summary: 'We talked about rest.' });
    expect(await archive.session(id)).toMatchObject({ status: 'ended', endReason: 'confirmed' });
    expect(await open().store.read(id)).toBeUndefined();
  });

  it('goes on while the archive can’t save, shows nothing of it, and loses nothing', async () => {
    let full = true;
    const away = () => Promise.reject(new KukuError('The disk is full.', { code: 'disk_full', retryable: true }));
    const appendMessages: Archive['appendMessages'] = (id, messages) =>
      full ? away() : archive.appendMessages(id, messages);
    const { store, clock } = open({ appendMessages });
    const id = await newSession(store);
    const first = await store.commit(commit(id, 0, { messages: [said('a')] }));
    const second = await store.commit(commit(id, 1, { messages: [said('b')] }));
    expect([first.ok, second.ok]).toEqual([true, true]);
    // The second may be written with the first, or after it.
    const outcome = Promise.all([first, second].map(async (result) => result.ok && result.safe)).then(
      () => 'safe',
      (error: unknown) => error,
    );
    await clock.advance(10_000);
    expect(await archive.messages(id)).toEqual([]);
    full = false;
    let isOver = false;
    void outcome.then(() => (isOver = true));
    for (let tries = 0; tries < 300 && !isOver; tries++) {
      await clock.advance(400);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await outcome).toBe('safe');
    expect((await archive.messages(id)).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('tells those who wait when it can’t save for half a minute, and keeps it for later', async () => {
    let full = true;
    const away = () => Promise.reject(new KukuError('The disk is full.', { code: 'disk_full', retryable: true }));
    const { store, clock } = open({
      saveSession: (session) => (full && session.version > 0 ? away() : archive.saveSession(session)),
    });
    const id = await newSession(store);
    const first = await store.commit(commit(id, 0, { messages: [said('a')] }));
    const failing = first.ok ? first.safe : undefined;
    const outcome = failing?.then(
      () => 'safe',
      (error: unknown) => error,
    );
    for (let i = 0; i < 90; i++) await clock.advance(400);
    expect(await outcome).toMatchObject({ code: 'store_away', message: 'The disk is full.' });
    full = false;
    await committed(store, commit(id, 1, { messages: [said('b')] }));
    expect((await archive.messages(id)).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('does not trouble the archive with what no client is shown', async () => {
    let saves = 0;
    const { store } = open({
      saveSession: async (session) => {
        saves++;
        await archive.saveSession(session);
      },
    });
    const id = await newSession(store);
    const before = saves;
    await committed(store, commit(id, 0));
    expect(saves).toBe(before);
  });

  it('lets go of sessions some time after they ended', async () => {
    const { store } = open();
    const id = await newSession(store);
    await committed(store, commit(id, 0, { state: { n: 100 }, events: [turnDone] }));
    expect(await store.read(id)).toBeDefined();
    const later = (await store.read(id))?.updatedAt ?? 0;
    await store.create({
      id: `later-${count++}`,
      userId: null,
      createdAt: later + 11 * 60_000,
      state: { n: 0 },
      dueAt: null,
    });
    expect(await store.read(id)).toBeUndefined();
  });
});
