/** Counted in Redis for all instances; while Redis is away, each counts by itself. */
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { consume, createMemoryRateLimits, limiterPerRule } from '../rate-limits.ts';
import type { RedisConnection } from './connection.ts';

/** Every request waits for this: less than people notice, more than a Redis in the same place takes. */
const COMMAND_TIMEOUT_MS = 200;
/** After a failure Redis is not asked for this long, so that a frozen one delays a request a second and not each. */
const PAUSE_MS = 1000;

export interface RedisRateLimitsOptions {
  connection: Pick<RedisConnection, 'open'>;
  clock: Clock;
  log: Log;
}

/** On a connection of its own, closed with the one given: its timeout is shorter. */
export function createRedisRateLimits({ connection, clock, log }: RedisRateLimitsOptions): RateLimits {
  const storeClient = connection.open({ commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 0 });
  const insurance = createMemoryRateLimits();
  const limiterOf = limiterPerRule(
    ({ keyPrefix, points, duration }) =>
      new RateLimiterRedis({
        storeClient,
        points,
        duration,
        keyPrefix: `kuku:limit:${keyPrefix}`,
        rejectIfRedisNotReady: true,
        // Who is over the limit is refused from memory until it is over: a flood does not reach Redis.
        inMemoryBlockOnConsumed: points,
      }),
  );
  let askAgainAtMs = 0;
  let away = false;
  return {
    async take(rule, key) {
      if (clock.monotonicMs() < askAgainAtMs) return insurance.take(rule, key);
      try {
        const wait = await consume(limiterOf(rule), key);
        away = false;
        return wait;
      } catch (error) {
        askAgainAtMs = clock.monotonicMs() + PAUSE_MS;
        if (!away) log.warn({ err: error }, 'limits are counted by this instance alone: Redis is away');
        away = true;
        return insurance.take(rule, key);
      }
    },
  };
}
