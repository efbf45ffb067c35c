import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { sessionStoreContract, type TestState } from '../../../contracts/session-store.ts';
import type { RedisSessions } from '../../../../server/storage/redis/sessions.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';
import { memoryArchive, openStore } from '../../../support/redis-sessions.ts';

let redis: TestRedis;
const opened: RedisSessions<TestState>[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  for (const store of opened) await store.close();
  await redis.remove();
});

sessionStoreContract('the Redis store', async () => {
  // Long enough for a busy machine to ask twice in half a lease.
  const leaseMs = 1200;
  const { store, connection } = openStore(redis.url, memoryArchive(), { leaseMs });
  opened.push(store);
  await connection.send((client) => client.flushall());
  return {
    store,
    now: async () => {
      const [seconds, microseconds] = await connection.send((client) => client.time());
      return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    },
    advance: (ms) => sleep(ms),
    leaseMs,
    userId: 'u',
  };
});
