import type { Clock } from '../ports/clock.ts';

/** A token bucket: `perSecond` tokens flow in, up to `burst`. */
export interface Bucket {
  /** Takes `amount`; false, and nothing taken, when there is not enough. */
  take(amount: number): boolean;
}

export function createBucket(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }): Bucket {
  let tokens = burst;
  let lastMs = clock.monotonicMs();
  return {
    take(amount) {
      const now = clock.monotonicMs();
      tokens = Math.min(burst, tokens + ((now - lastMs) * perSecond) / 1000);
      lastMs = now;
      if (tokens < amount) return false;
      tokens -= amount;
      return true;
    },
  };
}
