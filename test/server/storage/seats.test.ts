import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../server/ports/clock.ts';
import { silentLog } from '../../../server/ports/log.ts';
import { createMemorySeats } from '../../../server/storage/memory-seats.ts';
import { openRedis } from '../../../server/storage/redis/connection.ts';
import { createRedisSeats } from '../../../server/storage/redis/seats.ts';
import { seatsContract } from '../../contracts/seats.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

let instances = 0;
async function instance({ leaseMs = 60_000 } = {}) {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_fields: object, message: string) => void warnings.push(message) };
  const connection = openRedis({ url: redis.url, clock: systemClock, log: silentLog });
  await vi.waitFor(() => connection.ping(), { timeout: 10_000 });
  const instanceId = `instance-${++instances}`;
  const seats = createRedisSeats({ connection, instanceId, clock: systemClock, log, leaseMs });
  return { seats, warnings, connection, close: async () => connection.close() };
}

seatsContract('memory', async () => ({ seats: createMemorySeats(), close: async () => {} }));
seatsContract('Redis', () => instance());

describe('instances on one Redis', () => {
  it('count together, and keep neither user nor address', async () => {
    const [one, other] = [await instance(), await instance()];
    const rule = { name: 'together', max: 2 };
    const free = await one.seats.take(rule, '203.0.113.7', 'a');
    await other.seats.take(rule, '203.0.113.7', 'b');
    for (const { seats } of [one, other]) expect(await seats.take(rule, '203.0.113.7', 'c')).toBeUndefined();
    const keys = await one.connection.send((sent) => sent.keys('*seats:together*'));
    expect(keys).toHaveLength(1);
    expect(keys.join()).not.toContain('203.0.113.7');
    free?.();
    await expect.poll(() => other.seats.take(rule, '203.0.113.7', 'c')).toBeTypeOf('function');
    await Promise.all([one.close(), other.close()]);
  });

  it('take over a member without more room, and the one before does not take its seat along', async () => {
    const [one, other] = [await instance(), await instance()];
    const rule = { name: 'moves', max: 1 };
    const before = await one.seats.take(rule, 'ada', 'session');
    expect(await other.seats.take(rule, 'ada', 'session')).toBeTypeOf('function');
    before?.();
    expect(await one.seats.take(rule, 'ada', 'another')).toBeUndefined();
    await Promise.all([one.close(), other.close()]);
  });

  it('keep their seats as long as they live, and no longer', { timeout: 30_000 }, async () => {
    const [one, other] = [await instance({ leaseMs: 1500 }), await instance()];
    const rule = { name: 'lease', max: 1 };
    await one.seats.take(rule, 'ada', 'a');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await other.seats.take(rule, 'ada', 'b')).toBeUndefined();
    // As if it died: nothing is given back.
    one.connection.close();
    await expect.poll(() => other.seats.take(rule, 'ada', 'b'), { timeout: 15_000 }).toBeTypeOf('function');
    await other.close();
  });
});

describe('a Redis that stands still', () => {
  it('lets each instance count by itself, with one warning', { timeout: 30_000 }, async () => {
    const { seats, warnings, close } = await instance();
    const rule = { name: 'frozen', max: 2 };
    redis.stop();
    try {
      const taken = [];
      for (const member of ['a', 'b', 'c', 'd']) taken.push(await seats.take(rule, 'ada', member));
      expect(taken.map((free) => free !== undefined)).toEqual([true, true, false, false]);
      expect(warnings).toHaveLength(1);
    } finally {
      redis.resume();
    }
    await close();
  });
});
