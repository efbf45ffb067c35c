/** What one process counts by itself; each rule has a limiter of its own. */
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RateLimits, RateRule } from '../ports/rate-limits.ts';

export function createMemoryRateLimits(): RateLimits {
  const limiterOf = limiterPerRule((options) => new RateLimiterMemory(options));
  return { take: (rule, key) => consume(limiterOf(rule), key) };
}

interface LimiterOptions {
  keyPrefix: string;
  points: number;
  duration: number;
}

/** A rule that comes with other numbers than before gets a limiter of its own, too. */
export function limiterPerRule<T>(create: (options: LimiterOptions) => T): (rule: RateRule) => T {
  const limiters = new Map<string, T>();
  return ({ name, points, windowMs }) => {
    const id = `${name} ${points} ${windowMs}`;
    let limiter = limiters.get(id);
    if (!limiter) limiters.set(id, (limiter = create({ keyPrefix: name, points, duration: windowMs / 1000 })));
    return limiter;
  };
}

/** Rejects only when the store failed. */
export async function consume(limiter: RateLimiterAbstract, key: string): Promise<number | undefined> {
  try {
    // Addresses and whatever else a key is made of are not kept.
    await limiter.consume(createHash('sha256').update(key).digest('base64url').slice(0, 22));
    return undefined;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}
