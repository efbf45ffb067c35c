import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../../server/ports/session-store.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { silentLog } from '../../../../server/ports/log.ts';
import { KukuError } from '../../../../server/errors.ts';
import { createArchivedSessions } from '../../../../server/storage/archived-sessions.ts';
import { runOutbox } from '../../../../server/storage/outbox.ts';
import { createOutboxStream } from '../../../../server/storage/redis/outbox-stream.ts';
import { keysInRedis, resealRefused } from '../../../../server/storage/redis/resealing.ts';
import { createSealing, type Sealing } from '../../../../server/storage/sealing.ts';
import type { TestState } from '../../../contracts/session-store.ts';
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
  summarize,
} from '../../../support/redis-sessions.ts';

const keyOf = (id: string) => ({ id, key: randomBytes(32) });
const [first, second] = [keyOf('k1'), keyOf('k2')];
const old = createSealing([first]);
const rotated = createSealing([second, first]);

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

describe('what is said, in Redis', () => {
  let archive: MemoryArchive;
  let opened: OpenedStore;
  beforeEach(async () => {
    archive = memoryArchive();
    opened = openStore(redis.url, archive, { sealing: old });
    await opened.connection.send((client) => client.flushall());
  });
  afterEach(() => opened.store.close());

  const consume = async (sealing: Sealing) => {
    const source = createOutboxStream<TestState>({ connection: opened.connection, instanceId: 'consumer', sealing });
    const archived = createArchivedSessions<TestState>({ archive, summarize });
    const outbox = runOutbox({ source, archived, summarize, clock: systemClock, log: silentLog });
    await eventually(
      () => outbox.lag(),
      ({ entries }) => entries === 0,
    );
    await outbox.drain({ signal: AbortSignal.timeout(5000) });
  };
  /** Two messages, each with its event, by two commits. */
  const talk = async ({ store } = opened) => {
    const session = await newSession(store);
    for (const version of [0, 1]) {
      const message = messageOf(`walrus-${version}`);
      const events = [{ type: 'coach.turn', turn: version, message } as unknown as NewEvent];
      await store.commit(commitOf({ ...session, version }, { messages: [message], events }));
    }
    return session;
  };
  /** Everything that Redis holds, keys and values. */
  const dump = () =>
    opened.connection.send(async (client) => {
      const keys = await client.keys('*');
      const values = await Promise.all(
        keys.map(async (key) => {
          const type = await client.type(key);
          if (type === 'hash') return client.hgetall(key);
          return type === 'stream' ? client.xrange(key, '-', '+') : type;
        }),
      );
      return JSON.stringify([keys, values]);
    });

  it('is nowhere to be read, and is there for whoever has the key', async () => {
    const { id } = await talk();
    expect(await dump()).toMatch(/k1\..*k1\./);
    expect(await dump()).not.toMatch(/text of|"n"|coach\.turn/);
    const { store } = opened;
    expect(await store.read(id)).toMatchObject({ state: { n: 2 }, version: 2 });
    expect((await store.messages(id)).map(({ text }) => text)).toEqual(['text of walrus-0', 'text of walrus-1']);
    expect(await store.eventsAfter(id, 0)).toMatchObject([
      { type: 'coach.turn', turn: 0, seq: 1 },
      { type: 'coach.turn', turn: 1, seq: 2 },
    ]);
    expect(await store.commit(commitOf({ id, epoch: 1, version: 0 }))).toMatchObject({
      reason: 'conflict',
      current: { state: { n: 2 } },
    });
    await consume(old);
    expect((await archive.messages(id)).map(({ text }) => text)).toEqual(['text of walrus-0', 'text of walrus-1']);
    expect(await archive.session(id)).toMatchObject({ state: { session: { n: 2 } } });
  });

  it('is read under an older key, which is found to be needed until it has gone', async () => {
    const { id } = await talk();
    expect(await keysInRedis(opened.connection)).toEqual(new Set(['k1']));
    const rotatedStore = openStore(redis.url, archive, { sealing: rotated });
    expect(await rotatedStore.store.messages(id)).toHaveLength(2);
    const session = await rotatedStore.store.acquire(id, 'b');
    await rotatedStore.store.commit(commitOf(session!, { messages: [messageOf('new')] }));
    expect(await keysInRedis(opened.connection)).toEqual(new Set(['k1', 'k2']));
    await consume(rotated);
    await rotatedStore.store.remove(id);
    expect(await keysInRedis(opened.connection)).toEqual(new Set());
    await rotatedStore.store.close();
  });

  it('is refused to whoever has another key, and stays', async () => {
    const { id } = await talk();
    const other = openStore(redis.url, archive, { sealing: createSealing([second]) });
    await expect(other.store.read(id)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    await expect(other.store.messages(id)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    await other.store.close();
    expect(await opened.store.read(id)).toBeDefined();
  });

  it('from before there was a key is read as it is', async () => {
    const plain = openStore(redis.url, archive);
    const { id } = await talk(plain);
    await plain.store.close();
    expect(await opened.store.messages(id)).toHaveLength(2);
    expect(await opened.store.read(id)).toMatchObject({ state: { n: 2 } });
    await consume(old);
    expect(await archive.messages(id)).toHaveLength(2);
  });

  it('is sealed, too, where it was put aside because the archive refuses it', async () => {
    await talk();
    archive.beforeWrite = () => {
      throw new KukuError('No.', { code: 'database_failed' });
    };
    await consume(old);
    const dumped = await dump();
    expect(dumped).toContain(':refused');
    expect(dumped).not.toContain('text of');
  });

  it('which is sealed anew when the key changes, so that the old one can go', async () => {
    const session = await talk();
    archive.beforeWrite = () => {
      throw new KukuError('No.', { code: 'database_failed' });
    };
    await consume(old);
    // As an hour does.
    await opened.connection.send(async (client) => client.del(await client.keys(`*:${session.id}`)));
    expect(await keysInRedis(opened.connection)).toEqual(new Set(['k1']));
    const locked = await resealRefused(opened.connection, createSealing([second]));
    expect(locked.resealed).toBe(0);
    expect(locked.unopened.length).toBeGreaterThan(0);
    for (const why of locked.unopened) expect(why).toContain('"k1"');
    expect(await resealRefused(opened.connection, rotated)).toEqual({
      resealed: locked.unopened.length,
      unopened: [],
    });
    expect(await keysInRedis(opened.connection)).toEqual(new Set(['k2']));
    expect(await resealRefused(opened.connection, rotated)).toEqual({ resealed: 0, unopened: [] });
  });

  it('of one session that can’t be opened holds up no other, and is written by whoever has the key', async () => {
    const { id } = await talk();
    const other = openStore(redis.url, archive, { sealing: createSealing([second]) });
    const theirs = await newSession(other.store);
    await other.store.commit(commitOf(theirs, { messages: [messageOf('theirs')] }));
    const run = (sealing: Sealing, instanceId: string) =>
      runOutbox({
        source: createOutboxStream<TestState>({ connection: opened.connection, instanceId, sealing }),
        archived: createArchivedSessions<TestState>({ archive, summarize }),
        summarize,
        clock: systemClock,
        log: silentLog,
        reclaimIdleMs: 300,
      });
    const without = run(createSealing([second]), 'without');
    await eventually(
      async () => (await archive.messages(theirs.id)).length,
      (count) => count === 1,
    );
    expect(await archive.messages(id)).toEqual([]);
    const withBoth = run(rotated, 'with both');
    await eventually(
      async () => (await archive.messages(id)).length,
      (count) => count === 2,
    );
    for (const outbox of [without, withBoth]) await outbox.drain({ signal: AbortSignal.timeout(3000) });
    await other.store.close();
  });

  it('is not taken from its owner by an instance that can’t open it', async () => {
    const { id } = await talk();
    const other = openStore(redis.url, archive, { sealing: createSealing([second]) });
    await expect(other.store.acquire(id, 'b')).rejects.toMatchObject({ code: 'sealing_key_missing' });
    expect(await opened.store.ownerOf(id)).toBe('a');
    const session = await opened.store.read(id);
    expect(await opened.store.commit(commitOf(session!))).toMatchObject({ ok: true });
    await other.store.close();
    const keyless = openStore(redis.url, archive);
    await expect(keyless.store.read(id)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    await keyless.store.close();
  });
});
