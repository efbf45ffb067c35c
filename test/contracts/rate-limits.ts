/** The contract of `ports/rate-limits.ts`, run on each adapter. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RateLimits, RateRule } from '../../server/ports/rate-limits.ts';

export interface RateLimitsUnderTest {
  limits: RateLimits;
  close(): Promise<void>;
}

export function rateLimitsContract(name: string, setUp: () => Promise<RateLimitsUnderTest>): void {
  describe(`${name} as counter of what is done`, () => {
    let counting: RateLimitsUnderTest;
    beforeAll(async () => {
      counting = await setUp();
    });
    afterAll(() => counting.close());

    const rule = (points: number, windowMs = 60_000): RateRule => ({ name: randomUUID(), points, windowMs });
    const times = (count: number, of: RateRule, key = 'a') =>
      Promise.all(Array.from({ length: count }, () => counting.limits.take(of, key)));

    it('grants as much as the rule says, and then says how long to wait', async () => {
      const three = rule(3);
      const waits = await times(5, three);
      expect(waits.filter((wait) => wait === undefined)).toHaveLength(3);
      for (const wait of waits.filter((each) => each !== undefined)) {
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(60_000);
      }
    });

    it('grants exactly as much when everybody asks at once', async () => {
      const waits = await times(100, rule(40));
      expect(waits.filter((wait) => wait === undefined)).toHaveLength(40);
    });

    it('counts each key and each rule by itself', async () => {
      const [one, other] = [rule(1), rule(1)];
      expect(await times(1, one, 'a')).toEqual([undefined]);
      expect(await times(1, one, 'b')).toEqual([undefined]);
      expect(await times(1, other, 'a')).toEqual([undefined]);
      expect(await times(1, one, 'a')).not.toEqual([undefined]);
    });

    it('grants again when the time is over', async () => {
      const brief = rule(1, 1000);
      await times(2, brief);
      await expect.poll(() => counting.limits.take(brief, 'a'), { timeout: 10_000, interval: 200 }).toBeUndefined();
    });
  });
}
