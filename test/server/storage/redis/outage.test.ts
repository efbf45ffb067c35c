/** What the Redis store promises when Redis, or the way to it, fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit, CommitResult, StoredSession } from '../../../../server/ports/session-store.ts';
import { KukuError } from '../../../../server/errors.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';
import {
  commitOf,
  eventually,
  memoryArchive,
  messageOf,
  newSession,
  openStore,
  type OpenedStore,
} from '../../../support/redis-sessions.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import type { TestState } from '../../../contracts/session-store.ts';

describe('the Redis store in trouble', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let direct: OpenedStore;
  /** Through the proxy. */
  let through: OpenedStore;
  const archive = memoryArchive();

  beforeEach(async () => {
    redis = await startRedis({ persistent: true });
    proxy = await startTcpProxy(redis.port);
    direct = openStore(redis.url, archive);
    through = openStore(`redis://127.0.0.1:${proxy.port}`, archive);
    await through.store.ping();
  });
  afterEach(async () => {
    await direct.store.close();
    await through.store.close();
    await proxy.close();
    await redis.remove();
  });

  const away = { name: 'KukuError', code: 'store_away', retryable: true, status: 503, close: 'overloaded' };

  /** As a session's ledger does: again with the same operation id until there is an answer. */
  const insist = async (commit: Commit<TestState>): Promise<CommitResult<TestState>> => {
    for (;;) {
      try {
        return await through.store.commit(commit);
      } catch (error) {
        if (!(error instanceof KukuError) || !error.retryable) throw error;
        await sleep(50);
      }
    }
  };

  it('applies a commit once whose answer was cut off after it was carried out', async () => {
    const session = await newSession(through.store);
    proxy.cutNextAnswer();
    const result = await through.store.commit(
      commitOf(session, { events: [{ type: 'session.warning', remainingMs: 1 }], messages: [messageOf('once')] }),
    );
    expect(proxy.cuts).toBe(1);
    expect(result).toMatchObject({ ok: true, version: 1, events: [{ seq: 1 }] });
    expect(await direct.store.read(session.id)).toMatchObject({ version: 1, seq: 1, state: { n: 1 } });
    expect(await direct.store.messages(session.id)).toEqual([messageOf('once')]);
  });

  it('raises the epoch once when the answer to acquiring was cut off', async () => {
    const session = await newSession(through.store);
    proxy.cutNextAnswer();
    const mine = await through.store.acquire(session.id, 'b');
    expect(proxy.cuts).toBe(1);
    expect(mine?.epoch).toBe(session.epoch + 1);
    expect(await through.store.commit(commitOf({ ...session, epoch: mine?.epoch ?? 0 }))).toMatchObject({ ok: true });
  });

  it('works over a way that takes 200 ms in each direction', async () => {
    const session = await newSession(through.store);
    proxy.delay(200);
    expect(await through.store.commit(commitOf(session))).toMatchObject({ ok: true, version: 1 });
    expect(await direct.store.read(session.id)).toMatchObject({ version: 1 });
  });

  it.each(['killed', 'frozen', 'unreachable'])('says soon that it is away when Redis is %s', async (how) => {
    const session = await newSession(through.store);
    if (how === 'killed') await redis.kill();
    else if (how === 'frozen') redis.stop();
    else proxy.cut({ refuse: true });
    const started = performance.now();
    await expect(through.store.commit(commitOf(session))).rejects.toMatchObject(away);
    await expect(through.store.read(session.id)).rejects.toMatchObject(away);
    await expect(through.store.claimDue({ instanceId: 'a', limit: 1, visibilityMs: 1 })).rejects.toMatchObject(away);
    // Each at most two tries of half a second.
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('does not carry out later what was given up while Redis stood still', async () => {
    const session = await newSession(direct.store);
    // Its connection is in use: what it sends from now on waits in Redis' buffers.
    expect(await through.store.ownerOf(session.id)).toBe('a');
    redis.stop();
    await expect(through.store.acquire(session.id, 'zombie')).rejects.toMatchObject(away);
    await expect(through.store.commit(commitOf(session))).rejects.toMatchObject(away);
    await sleep(600);
    redis.resume();
    await eventually(
      () =>
        through.store.ping().then(
          () => 'there',
          () => 'away',
        ),
      (seen) => seen === 'there',
    );
    expect(await direct.store.read(session.id)).toMatchObject({ epoch: session.epoch, version: 0 });
    expect(await direct.store.ownerOf(session.id)).toBe('a');
  });

  it('has every commit once that was acknowledged, through kills of Redis and cut lines', async () => {
    const session = await newSession(through.store);
    let over = false;
    let troubles = 0;
    const trouble = async () => {
      for (; !over; troubles++) {
        await sleep(150);
        if (troubles % 3 === 0) {
          await redis.kill();
          await redis.start();
        } else if (troubles % 3 === 1) proxy.cutNextAnswer();
        else proxy.cut();
      }
    };
    const troubling = trouble();
    let version = 0;
    while (troubles < 9) {
      const result = await insist(
        commitOf(
          { ...session, version },
          { events: [{ type: 'session.warning', remainingMs: version }], messages: [messageOf(`m${version}`)] },
        ),
      );
      expect(result).toMatchObject({ ok: true, version: version + 1, events: [{ seq: version + 1 }] });
      version += 1;
    }
    over = true;
    await troubling;
    await eventually(
      () =>
        direct.store.ping().then(
          () => true,
          () => false,
        ),
      Boolean,
    );
    expect(await direct.store.read(session.id)).toMatchObject({ version, seq: version });
    const messages = await direct.store.messages(session.id);
    expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: version }, (_, n) => `m${n}`));
    expect(version).toBeGreaterThan(20);
  }, 60_000);

  it('does not lose a step of 20 writers at two instances', async () => {
    const session = await newSession(direct.store);
    const increment = async ({ store }: OpenedStore) => {
      let current: StoredSession<TestState> = session;
      for (;;) {
        const { n } = current.state;
        const change = {
          epoch: null,
          state: { n: n + 1 },
          events: [{ type: 'session.warning', remainingMs: n } as const],
        };
        const result = await store.commit(commitOf(current, change));
        if (result.ok) return;
        if (result.reason !== 'conflict') throw new Error(result.reason);
        ({ current } = result);
      }
    };
    const writers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? direct : through));
    await Promise.all(writers.map((writer) => increment(writer)));
    expect(await direct.store.read(session.id)).toMatchObject({ version: 20, seq: 20, state: { n: 20 } });
    const events = await direct.store.eventsAfter(session.id, 0);
    expect(events?.map((event) => event.type === 'session.warning' && event.remainingMs)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('fences an owner whose session another instance took', async () => {
    const before = await newSession(direct.store, 'a');
    const after = await through.store.acquire(before.id, 'b');
    expect(await direct.store.commit(commitOf(before))).toEqual({ ok: false, reason: 'fenced' });
    expect(await direct.store.renew('a', [{ sessionId: before.id, epoch: before.epoch }])).toEqual([
      { sessionId: before.id, ownerId: 'b' },
    ]);
    expect(await through.store.commit(commitOf({ ...before, epoch: after?.epoch ?? 0 }))).toMatchObject({ ok: true });
  });

  it('takes a session up from the archive when Redis lost it, its former owner fenced', async () => {
    const session = await newSession(direct.store);
    const { id } = session;
    await archive.saveSession({
      id,
      userId: null,
      status: 'active',
      title: null,
      startedAt: session.createdAt,
      endedAt: null,
      endReason: null,
      usage: {},
      elapsedMs: 0,
      messageCount: 1,
      stage: 'goal',
      state: { session: { n: 4 }, seq: 7, epoch: session.epoch },
      updatedAt: 5,
      version: 4,
    });
    const said = { id: 'm', seq: 0, sender: 'user', text: 'text of m', createdAt: Date.UTC(2026, 0, 5, 9) } as const;
    await archive.appendMessages(id, [{ ...said, audioFile: null, interrupted: false, version: 4 }]);
    await direct.connection.send((client) => client.flushall());
    const read = await Promise.all([direct.store.read(id), through.store.read(id)]);
    for (const found of read)
      expect(found).toMatchObject({ version: 4, seq: 7, epoch: session.epoch + 1, state: { n: 4 } });
    expect(await through.store.messages(id)).toEqual([messageOf('m')]);
    expect(await direct.store.commit(commitOf({ ...session, version: 4 }))).toEqual({ ok: false, reason: 'fenced' });
    await direct.connection.send((client) => client.flushall());
    expect(await direct.store.restore()).toContain(id);
    expect(await direct.store.restore()).not.toContain(id);
  });
});
