import { describe, expect, it } from 'vitest';
import { createStoreTime } from '../../../../server/storage/redis/store-time.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const START = Date.UTC(2030, 0, 1);

/** A Redis whose clock is `aheadMs` before ours, asked over a way of `wayMs` in each direction. */
function asked() {
  const clock = createFakeClock();
  const time = createStoreTime(clock);
  const redisNow = (aheadMs = 0) => START + aheadMs + clock.monotonicMs();
  return {
    clock,
    time,
    redisNow,
    async ask(wayMs: number, aheadMs = 0) {
      const sentAtMs = clock.monotonicMs();
      await clock.advance(wayMs);
      const told = redisNow(aheadMs);
      await clock.advance(wayMs);
      time.learn(told, sentAtMs);
    },
  };
}

describe('the time of Redis', () => {
  it('is our own until Redis told its own', () => {
    const { time, clock } = asked();
    expect(time.known).toBe(false);
    expect(time.now()).toBe(clock.now());
  });

  it('is never ahead of Redis, and as near as its fastest answer', async () => {
    const { time, ask, redisNow, clock } = asked();
    for (const wayMs of [40, 5, 100, 20]) {
      await ask(wayMs);
      expect(time.now()).toBeLessThanOrEqual(redisNow());
    }
    await clock.advance(60_000);
    expect(redisNow() - time.now()).toBe(5);
  });

  it('follows when the clock of Redis is set forward or back', async () => {
    const { time, ask, redisNow } = asked();
    await ask(5);
    await ask(5, 3_600_000);
    expect(redisNow(3_600_000) - time.now()).toBe(5);
    await ask(200, 3_500_000);
    expect(redisNow(3_500_000) - time.now()).toBe(200);
    await ask(5, 3_500_000);
    expect(redisNow(3_500_000) - time.now()).toBe(5);
  });

  it('is not moved back by an answer that was long under way', async () => {
    const { time, ask, redisNow } = asked();
    await ask(5);
    await ask(300);
    expect(redisNow() - time.now()).toBe(5);
  });
});
