/** What every `Spending` must do, over all instances that share it. */
import { describe, expect, it } from 'vitest';
import type { Spending } from '../../server/ports/spending.ts';

export interface OpenedSpending {
  /** Two of them, as two instances have them; one where there is only one. */
  all: readonly [Spending, ...Spending[]];
  nextDay(): Promise<void>;
}

export function spendingContract(name: string, open: () => OpenedSpending): void {
  describe(`what people spend today, in ${name}`, () => {
    it('starts with nothing, and adds up for each user alone', async () => {
      const { all } = open();
      const [first, second = first] = all;
      expect(await first.spent('ann')).toBe(0);
      expect(await first.add('ann', 0.25)).toBeCloseTo(0.25, 9);
      expect(await second.add('ann', 0.5)).toBeCloseTo(0.75, 9);
      expect(await second.spent('ann')).toBeCloseTo(0.75, 9);
      expect(await first.spent('ben')).toBe(0);
    });

    it('adds up when all add at once', async () => {
      const [first, second = first] = open().all;
      await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? first : second).add('cat', 0.1)));
      expect(await first.spent('cat')).toBeCloseTo(2, 6);
    });

    it('begins anew with the day', async () => {
      const { all, nextDay } = open();
      await all[0].add('dan', 3);
      await nextDay();
      expect(await all[0].spent('dan')).toBe(0);
      expect(await all[0].add('dan', 1)).toBeCloseTo(1, 9);
    });
  });
}
