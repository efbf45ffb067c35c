import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import { silentLog } from '../../../../server/ports/log.ts';
import { openRedis, type RedisConnection } from '../../../../server/storage/redis/connection.ts';
import { createRedisSpending } from '../../../../server/storage/redis/spending.ts';
import { spendingContract } from '../../../contracts/spending.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';

const DAY_MS = 86_400_000;

let redis: TestRedis;
let connections: RedisConnection[];
beforeAll(async () => {
  redis = await startRedis();
  connections = [1, 2].map(() => openRedis({ url: redis.url, clock: systemClock, log: silentLog }));
});
afterAll(async () => {
  for (const connection of connections) connection.close();
  await redis.remove();
});

let days = 0;
spendingContract('Redis, by two instances', () => {
  const later = (connection: RedisConnection): RedisConnection => ({
    ...connection,
    clock: { ...connection.clock, now: () => connection.clock.now() + days * DAY_MS },
  });
  const [one, two] = connections.map((connection) => createRedisSpending({ connection: later(connection) }));
  if (!one || !two) throw new Error('there are two');
  return { all: [one, two], nextDay: async () => void (days += 1) };
});
