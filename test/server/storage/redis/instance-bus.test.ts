import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import type { InstanceBus } from '../../../../server/ports/instance-bus.ts';
import { silentLog } from '../../../../server/ports/log.ts';
import { openRedis } from '../../../../server/storage/redis/connection.ts';
import { createRedisBus } from '../../../../server/storage/redis/instance-bus.ts';
import { instanceBusContract } from '../../../contracts/instance-bus.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

function openBus() {
  const connection = openRedis({ url: redis.url, clock: systemClock, log: silentLog });
  const bus = createRedisBus({ connection, clock: systemClock, log: silentLog });
  return {
    bus,
    /** A subscription counts for a question that is sent after an answer on the same connection. */
    async settled(other: InstanceBus) {
      const id = `settled-${Math.random()}`;
      const stop = bus.serve(id, async () => 'yes');
      const asks = () => other.ask(id, null, { signal: new AbortController().signal, timeoutMs: 1000 });
      await expect.poll(() => asks().catch(() => 'not yet'), { timeout: 10_000 }).toBe('yes');
      await stop();
    },
    async close() {
      await bus.close();
      connection.close();
    },
  };
}

instanceBusContract('Redis', async () => {
  const one = openBus();
  const other = openBus();
  return {
    one: one.bus,
    other: other.bus,
    settled: () => other.settled(one.bus),
    close: async () => void (await Promise.all([one.close(), other.close()])),
  };
});

describe('the bus on Redis', () => {
  it('goes on by itself after Redis was killed and started again', async () => {
    const one = openBus();
    const other = openBus();
    let handled = 0;
    other.bus.serve('lasting', async () => ++handled);
    await other.settled(one.bus);
    const ask = (timeoutMs: number) => one.bus.ask('lasting', 1, { signal: new AbortController().signal, timeoutMs });
    expect(await ask(5000)).toBe(1);
    await redis.kill();
    await expect(ask(2000)).rejects.toMatchObject({ code: 'store_away', status: 503, retryable: true });
    await redis.start();
    await expect.poll(() => ask(1000).catch(() => 0), { timeout: 10_000 }).toBeGreaterThan(1);
    await one.close();
    await other.close();
  });
});
