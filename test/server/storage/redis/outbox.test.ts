/** From the session store to the archive: nothing is lost on the way, and nothing is kept twice. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Archive } from '../../../../server/ports/archive.ts';
import { KukuError } from '../../../../server/errors.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { silentLog } from '../../../../server/ports/log.ts';
import { createArchive } from '../../../../server/storage/archive.ts';
import { createArchivedSessions } from '../../../../server/storage/archived-sessions.ts';
import { type Outbox, runOutbox } from '../../../../server/storage/outbox.ts';
import { createOutboxStream } from '../../../../server/storage/redis/outbox-stream.ts';
import { pgliteForTest, postgresForTest, postgresServer, type TestDatabase } from '../../../support/databases.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';
import {
  commitOf,
  eventually,
  type MemoryArchive,
  memoryArchive,
  messageOf,
  newSession,
  type OpenedStore,
  openStore,
  providers,
  summarize,
} from '../../../support/redis-sessions.ts';
import type { TestState } from '../../../contracts/session-store.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ persistent: true });
});
afterAll(() => redis.remove());

const GIVE_UP = AbortSignal.abort();
const running: Outbox[] = [];
let consumers = 0;

function consume({ connection }: OpenedStore, archive: Archive, options: { keepEndedMs?: number } = {}): Outbox {
  const source = createOutboxStream<TestState>({ connection, instanceId: `consumer-${consumers++}`, ...options });
  const archived = createArchivedSessions<TestState>({ archive, summarize });
  const outbox = runOutbox({ source, archived, summarize, clock: systemClock, log: silentLog, reclaimIdleMs: 500 });
  running.push(outbox);
  return outbox;
}

const databaseAway = () => new KukuError('The database is away.', { code: 'database_away', retryable: true });
const isEmpty = ({ entries }: { entries: number }) => entries === 0;

describe('the outbox', () => {
  let archive: MemoryArchive;
  let opened: OpenedStore;
  beforeEach(async () => {
    archive = memoryArchive();
    opened = openStore(redis.url, archive);
    await opened.connection.send((client) => client.flushall());
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((outbox) => outbox.drain({ signal: GIVE_UP })));
    await opened.store.close();
  });

  /** Commits messages one after another; their ids. */
  const talk = async (count: number, { store } = opened) => {
    const session = await newSession(store);
    for (let version = 0; version < count; version++) {
      const result = await store.commit(
        commitOf({ ...session, version }, { messages: [messageOf(`${session.id}-${version}`)] }),
      );
      expect(result.ok).toBe(true);
    }
    return { session, ids: Array.from({ length: count }, (_, n) => `${session.id}-${n}`) };
  };
  const archivedIds = async (sessionId: string) => (await archive.messages(sessionId)).map(({ id }) => id);

  it('brings sessions, messages, turns and the recap to the archive, and is empty then', async () => {
    const outbox = consume(opened, archive);
    const { session, ids } = await talk(5);
    const turnDone = {
      type: 'turn.done',
      turn: 3,
      status: 'completed',
      spokenText: 'Yes.',
      playedMs: 10,
      latency: { total: 50 },
    } as const;
    await opened.store.commit(commitOf({ ...session, version: 5 }, { state: { n: 100 }, events: [turnDone] }));
    await eventually(() => outbox.lag(), isEmpty);
    const messages = await archive.messages(session.id);
    expect(messages.map(({ id, seq, version }) => [id, seq, version])).toEqual(ids.map((id, n) => [id, n, n + 1]));
    expect(await archive.session(session.id)).toMatchObject({ version: 6, status: 'ended', endReason: 'confirmed' });
    expect(await archive.recap(session.id)).toMatchObject({ summary: 'All said.' });
    expect(await archive.turns(session.id)).toMatchObject([{ turn: 3, latency: { total: 50 }, providers }]);
  });

  it('leaves alone what no client is shown', async () => {
    const { session } = await talk(0);
    const outbox = consume(opened, archive);
    await eventually(() => outbox.lag(), isEmpty);
    await opened.store.commit(commitOf(session));
    expect(await outbox.lag()).toEqual({ entries: 0, oldestMs: 0 });
  });

  it('keeps everything while the archive is away, says how much waits, and goes on by itself', async () => {
    let tries = 0;
    archive.beforeWrite = () => {
      tries += 1;
      throw databaseAway();
    };
    const outbox = consume(opened, archive);
    const talks = await Promise.all([talk(10), talk(10)]);
    await eventually(
      () => tries,
      (seen) => seen > 3,
    );
    const lag = await outbox.lag();
    expect(lag.entries).toBe(22);
    expect(lag.oldestMs).toBeGreaterThan(0);
    archive.beforeWrite = () => {};
    await eventually(() => outbox.lag(), isEmpty);
    for (const { session, ids } of talks) expect(await archivedIds(session.id)).toEqual(ids);
  });

  it('takes over what a consumer that died had taken', async () => {
    let taken = 0;
    const stuck = new Promise<void>(() => {});
    const dying: MemoryArchive = {
      ...memoryArchive(),
      saveSession: () => {
        taken += 1;
        return stuck;
      },
    };
    const dead = openStore(redis.url, dying);
    consume(dead, dying);
    running.pop();
    const { session, ids } = await talk(10);
    await eventually(
      () => taken,
      (seen) => seen > 0,
    );
    dead.connection.close();
    const outbox = consume(opened, archive);
    await eventually(() => outbox.lag(), isEmpty);
    expect(await archivedIds(session.id)).toEqual(ids);
  });

  it('keeps each message once when several instances write, slow ones twice', async () => {
    archive.beforeWrite = () => new Promise((resolve) => void setTimeout(resolve, Math.random() * 700));
    const others = [openStore(redis.url, archive), openStore(redis.url, archive)];
    const outboxes = [opened, ...others].map((one) => consume(one, archive));
    const talks = await Promise.all(Array.from({ length: 8 }, () => talk(12)));
    for (const outbox of outboxes) await eventually(() => outbox.lag(), isEmpty, 20_000);
    for (const { session, ids } of talks) {
      expect(await archivedIds(session.id)).toEqual(ids);
      expect(await archive.session(session.id)).toMatchObject({ version: 12 });
    }
    await Promise.all(outboxes.map((outbox) => outbox.drain({ signal: GIVE_UP })));
    for (const { store } of others) await store.close();
  }, 40_000);

  it('goes on after Redis was killed and started again', async () => {
    const outbox = consume(opened, archive);
    await talk(3);
    archive.beforeWrite = () => {
      throw databaseAway();
    };
    const { session, ids } = await talk(5);
    await redis.kill();
    await redis.start();
    archive.beforeWrite = () => {};
    await eventually(() => outbox.lag().catch(() => ({ entries: -1, oldestMs: 0 })), isEmpty);
    expect(await archivedIds(session.id)).toEqual(ids);
  });

  it('goes on when Redis comes back with nothing of what it had', async () => {
    const outbox = consume(opened, archive);
    await talk(1);
    await eventually(() => outbox.lag(), isEmpty);
    await opened.connection.send((client) => client.flushall());
    const { session, ids } = await talk(3);
    await eventually(() => outbox.lag(), isEmpty);
    expect(await archivedIds(session.id)).toEqual(ids);
  });

  it('puts aside what the archive refuses for ever, and goes on with the rest', async () => {
    const bad = await talk(2);
    archive.beforeWrite = (sessionId) => {
      if (sessionId === bad.session.id) throw new KukuError('No.', { code: 'database_failed' });
    };
    const outbox = consume(opened, archive);
    const good = await talk(2);
    await eventually(() => outbox.lag(), isEmpty);
    expect(await archivedIds(good.session.id)).toEqual(good.ids);
    const keys = await opened.connection.send((client) => client.keys('*:refused'));
    const [refused = []] = await opened.connection.send((client) =>
      Promise.all(keys.map((key) => client.xrange(key, '-', '+'))),
    );
    expect(refused).toHaveLength(3);
    expect(refused[2]?.[1]).toEqual([
      's',
      bad.session.id,
      'reason',
      'database_failed',
      'entry',
      expect.stringContaining(bad.ids[1] ?? ''),
    ]);
  });

  it('is empty when it has drained, and leaves to others what it could not write in time', async () => {
    const { session, ids } = await talk(30);
    const outbox = consume(opened, archive);
    await outbox.drain({ signal: AbortSignal.timeout(10_000) });
    expect(await archivedIds(session.id)).toEqual(ids);
    expect(await outbox.lag()).toEqual({ entries: 0, oldestMs: 0 });

    archive.beforeWrite = () => {
      throw databaseAway();
    };
    const late = await talk(2);
    const hindered = consume(opened, archive);
    await hindered.drain({ signal: AbortSignal.timeout(300) });
    archive.beforeWrite = () => {};
    const next = consume(opened, archive);
    await eventually(() => next.lag(), isEmpty);
    expect(await archivedIds(late.session.id)).toEqual(late.ids);
  });

  it('lets an ended session go from Redis once it is archived, and reads it from there', async () => {
    const outbox = consume(opened, archive, { keepEndedMs: 300 });
    const { session, ids } = await talk(2);
    const last = commitOf({ ...session, version: 2 }, { state: { n: 100 }, messages: [messageOf('bye')] });
    await opened.store.commit(last);
    await eventually(() => outbox.lag(), isEmpty);
    const left = () => opened.connection.send((client) => client.keys(`*${session.id}*`));
    await eventually(left, (keys) => keys.length === 0);
    expect((await opened.store.messages(session.id)).map(({ id }) => id)).toEqual([...ids, 'bye']);
    expect(await opened.store.read(session.id)).toBeUndefined();
    expect(await opened.store.acquire(session.id, 'b')).toBeUndefined();
  });
});

const server = await postgresServer();
const databases: [string, () => Promise<TestDatabase>][] = [['PGlite', pgliteForTest]];
if (server !== undefined) databases.push(['Postgres', () => postgresForTest(server)]);

describe.each(databases)('the outbox before %s', (_, open) => {
  it('has each message there once, in order, after the database was away and writes came twice', async () => {
    const database = await open();
    const real = createArchive(database);
    let writes = 0;
    // Every third write is carried out, but its answer is lost; then the database is away for a while.
    const troubled = async (write: () => Promise<void>) => {
      writes += 1;
      const number = writes;
      if (number > 10 && number <= 20) throw databaseAway();
      await write();
      if (number % 3 === 0 && number <= 40) throw databaseAway();
    };
    const archive: Archive = {
      ...real,
      saveSession: (session) => troubled(() => real.saveSession(session)),
      appendMessages: (id, messages) => troubled(() => real.appendMessages(id, messages)),
    };
    const opened = openStore(redis.url, real);
    await opened.connection.send((client) => client.flushall());
    const outboxes = [consume(opened, archive), consume(opened, archive)];
    const sessions = await Promise.all(Array.from({ length: 5 }, () => newSession(opened.store)));
    for (let version = 0; version < 8; version++) {
      await Promise.all(
        sessions.map((session) =>
          opened.store.commit(commitOf({ ...session, version }, { messages: [messageOf(`m${version}`)] })),
        ),
      );
    }
    await eventually(() => outboxes[0]?.lag() ?? { entries: -1, oldestMs: 0 }, isEmpty, 40_000);
    // A slow machine makes fewer and larger writes; past twenty, all troubles were met.
    expect(writes).toBeGreaterThan(20);
    for (const { id } of sessions) {
      const messages = await real.messages(id);
      expect(messages.map(({ id, seq }) => [id, seq])).toEqual(Array.from({ length: 8 }, (_, n) => [`m${n}`, n]));
      expect(await real.session(id)).toMatchObject({ version: 8, state: { session: { n: 8 } } });
    }
    await Promise.all(running.splice(0).map((outbox) => outbox.drain({ signal: GIVE_UP })));
    await opened.store.close();
    await database.remove();
  }, 120_000);
});
