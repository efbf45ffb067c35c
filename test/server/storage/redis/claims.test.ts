/** Deadlines of many sessions at once, over all partitions of the Redis store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../../../support/redis.ts';
import { memoryArchive, openStore, type OpenedStore } from '../../../support/redis-sessions.ts';

describe('many deadlines in the Redis store', () => {
  let redis: TestRedis;
  let opened: OpenedStore;
  beforeAll(async () => {
    redis = await startRedis();
    // Leases that a busy machine does not outlast.
    opened = openStore(redis.url, memoryArchive(), { leaseMs: 60_000 });
  });
  afterAll(async () => {
    await opened.store.close();
    await redis.remove();
  });

  /** `count` sessions that are due, one a millisecond, the last one just now; their ids in the order of their deadlines. */
  const makeDue = async (prefix: string, count: number) => {
    await opened.store.ownerOf('nobody');
    const firstAt = opened.connection.clock.now() - count;
    const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
    await Promise.all(
      ids.map((id, i) =>
        opened.store.create({ id, userId: null, createdAt: firstAt, state: { n: 0 }, dueAt: firstAt + i }),
      ),
    );
    return ids;
  };
  const claim = async (limit: number, instanceId = 'b') =>
    (await opened.store.claimDue({ instanceId, limit, visibilityMs: 60_000 })).map(({ sessionId }) => sessionId);

  it('are given in their order, each once, however many there are', async () => {
    const ids = await makeDue('ordered', 3000);
    const claimed: string[] = [];
    for (let some = await claim(100); some.length > 0; some = await claim(100)) claimed.push(...some);
    expect(claimed).toEqual(ids);
  });

  it('do not hide behind those of sessions that others hold', async () => {
    const held = await makeDue('held', 600);
    await Promise.all(held.map((id) => opened.store.acquire(id, 'a')));
    const free = await makeDue('free', 5);
    expect(await claim(10)).toEqual(free);
    expect(await claim(10)).toEqual([]);
    expect(await claim(10, 'a')).toEqual(held.slice(0, 10));
  });

  it('of sessions that are gone are forgotten', async () => {
    const [id = ''] = await makeDue('gone', 1);
    await opened.store.acquire(id, 'b');
    const keys = await opened.connection.send((client) => client.keys(`*:s:${id}`));
    await opened.connection.send((client) => client.del(...keys));
    expect(await claim(10)).toEqual([]);
    const sets = await opened.connection.send((client) => client.keys('*:due'));
    const scores = await opened.connection.send((client) => Promise.all(sets.map((set) => client.zscore(set, id))));
    expect(scores.every((score) => score === null)).toBe(true);
  });
});
