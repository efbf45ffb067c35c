import { describe, expect, it } from 'vitest';
import { createMemorySpending } from '../../../server/storage/memory-spending.ts';
import { spendingContract } from '../../contracts/spending.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const DAY_MS = 86_400_000;

spendingContract('memory', () => {
  const clock = createFakeClock();
  const archive = { costSince: () => Promise.resolve(0) };
  return { all: [createMemorySpending({ archive, clock })], nextDay: () => clock.advance(DAY_MS) };
});

describe('what people spend today, in memory', () => {
  it('goes on after a restart from what the archive knows of this day', async () => {
    const clock = createFakeClock(Date.UTC(2026, 10, 28, 13, 30));
    const asked: [string, number][] = [];
    const costSince = (userId: string, sinceMs: number) => {
      asked.push([userId, sinceMs]);
      return Promise.resolve(2);
    };
    const spending = createMemorySpending({ archive: { costSince }, clock });
    expect(await spending.add('ann', 0.5)).toBe(2.5);
    expect(await spending.spent('ann')).toBe(2.5);
    expect(asked).toEqual([['ann', Date.UTC(2026, 10, 28)]]);
  });

  it('asks again when the archive was away', async () => {
    let fails = true;
    const costSince = () => (fails ? Promise.reject(new Error('away')) : Promise.resolve(1));
    const spending = createMemorySpending({ archive: { costSince }, clock: createFakeClock() });
    await expect(spending.add('ann', 1)).rejects.toThrow('away');
    fails = false;
    expect(await spending.add('ann', 1)).toBe(2);
  });
});
