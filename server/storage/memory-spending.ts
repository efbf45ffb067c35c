/** What people spend today, in this process; what they spent before it started is asked of the archive, once a day. */
import type { Archive } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import { dayOf, dayStart, type Spending } from '../ports/spending.ts';

export function createMemorySpending({
  archive,
  clock,
}: {
  archive: Pick<Archive, 'costSince'>;
  clock: Clock;
}): Spending {
  let day = '';
  const sums = new Map<string, Promise<number>>();

  const spent = (userId: string): Promise<number> => {
    const now = clock.now();
    if (day !== dayOf(now)) {
      day = dayOf(now);
      sums.clear();
    }
    const known = sums.get(userId);
    if (known) return known;
    const asked = archive.costSince(userId, dayStart(now));
    sums.set(userId, asked);
    // What could not be read is asked for again.
    asked.catch(() => {
      if (sums.get(userId) === asked) sums.delete(userId);
    });
    return asked;
  };

  return {
    spent,
    add(userId, amount) {
      const before = spent(userId);
      const sum = before.then((known) => known + amount);
      sums.set(userId, sum);
      sum.catch(() => {
        if (sums.get(userId) === sum) sums.delete(userId);
      });
      return sum;
    },
  };
}
