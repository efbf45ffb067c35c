/** What people spend today, counted over all instances: one number a user and day. */
import { dayOf, type Spending } from '../../ports/spending.ts';
import type { RedisConnection } from './connection.ts';
import { spendingKey } from './keys.ts';

/** Longer than a day lasts, wherever the clocks stand. */
const KEPT_SECONDS = 2 * 86_400;

export function createRedisSpending({ connection }: { connection: RedisConnection }): Spending {
  const keyOf = (userId: string) => spendingKey(userId, dayOf(connection.clock.now()));
  return {
    async add(userId, amount) {
      const key = keyOf(userId);
      // Sent once: a cost that was perhaps counted is not counted again.
      const answers = await connection.send((redis) =>
        redis.multi().incrbyfloat(key, amount).expire(key, KEPT_SECONDS).exec(),
      );
      return Number(answers?.[0]?.[1] ?? 0);
    },
    async spent(userId) {
      return Number((await connection.send((redis) => redis.get(keyOf(userId)))) ?? 0);
    },
  };
}
