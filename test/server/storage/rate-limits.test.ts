import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../server/ports/clock.ts';
import { silentLog } from '../../../server/ports/log.ts';
import { createMemoryRateLimits } from '../../../server/storage/rate-limits.ts';
import { openRedis } from '../../../server/storage/redis/connection.ts';
import { createRedisRateLimits } from '../../../server/storage/redis/rate-limits.ts';
import { rateLimitsContract } from '../../contracts/rate-limits.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

function openLimits() {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_fields: object, message: string) => void warnings.push(message) };
  const connection = openRedis({ url: redis.url, clock: systemClock, log: silentLog });
  const limits = createRedisRateLimits({ connection, clock: systemClock, log });
  return { limits, warnings, connection };
}

/** A connection that was just opened counts by itself until it stands. */
async function openReadyLimits() {
  const { limits, warnings, connection } = openLimits();
  const probe = { name: `ready-${Math.random()}`, points: 1_000_000, windowMs: 60_000 };
  await vi.waitFor(
    async () => {
      await limits.take(probe, 'x');
      expect(await connection.send((sent) => sent.keys(`kuku:limit:${probe.name}*`))).toHaveLength(1);
    },
    { timeout: 10_000, interval: 100 },
  );
  warnings.length = 0;
  return { limits, warnings, connection };
}

rateLimitsContract('memory', async () => ({ limits: createMemoryRateLimits(), close: async () => {} }));

rateLimitsContract('Redis', async () => {
  const { limits, connection } = await openReadyLimits();
  return { limits, close: async () => connection.close() };
});

describe('instances on one Redis', () => {
  it('count together, and keep no address', async () => {
    const [one, other] = [await openReadyLimits(), await openReadyLimits()];
    const rule = { name: 'together', points: 3, windowMs: 60_000 };
    const waits = [];
    for (const { limits } of [one, other, one, other, one]) waits.push(await limits.take(rule, '203.0.113.7'));
    expect(waits.map((wait) => wait === undefined)).toEqual([true, true, true, false, false]);
    const keys = await one.connection.send((sent) => sent.keys('kuku:limit:*'));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join(' ')).not.toContain('203.0.113.7');
    one.connection.close();
    other.connection.close();
  });
});

describe('a Redis that stands still', () => {
  it(
    'holds up nobody: each instance counts by itself, and counts together again later',
    { timeout: 30_000 },
    async () => {
      const { limits, warnings, connection } = await openReadyLimits();
      const rule = { name: 'frozen', points: 3, windowMs: 60_000 };
      redis.stop();
      try {
        const startedMs = performance.now();
        const waits = [];
        for (let time = 0; time < 50; time++) waits.push(await limits.take(rule, 'a'));
        expect(waits.filter((wait) => wait === undefined)).toHaveLength(3);
        // Fifty times the 200 ms that one call may take would be 10 s.
        expect(performance.now() - startedMs).toBeLessThan(5000);
        expect(warnings).toHaveLength(1);
      } finally {
        redis.resume();
      }
      const after = { name: 'thawed', points: 1000, windowMs: 60_000 };
      await expect
        .poll(
          async () => {
            await limits.take(after, 'a');
            return connection.send((sent) => sent.keys('kuku:limit:thawed*')).catch(() => []);
          },
          { timeout: 15_000, interval: 200 },
        )
        .toHaveLength(1);
      connection.close();
    },
  );
});
