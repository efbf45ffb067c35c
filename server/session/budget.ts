/** What sessions and people may cost, and what happens when that is spent: a session closes, a new one is refused. */
import type { UsageTotals } from '../../protocol/usage.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Spending, untilTomorrow } from '../ports/spending.ts';
import { noPrices, type Prices } from './usage.ts';

export interface Budget {
  readonly prices: Prices;
  /** Throws a `KukuError` `budget_spent` (429, 4029) when nothing is left of the user's day. Nobody's sessions have none. */
  admit(userId: string | null): Promise<void>;
  /** Whether nothing is left of the session's own. */
  isSpent(usage: UsageTotals | undefined): boolean;
  /** Counts it for the user's day; resolves with whether nothing is left of that. Never rejects. */
  charge(userId: string | null, usage: UsageTotals | undefined): Promise<boolean>;
}

export interface BudgetOptions {
  prices: Prices;
  /** What a session, and a user's sessions of a day, may cost. Undefined: any amount. */
  limits: { session: number | undefined; userDay: number | undefined };
  spending: Spending;
  clock: Clock;
  log: Log;
}

export function createBudget({ prices, limits, spending, clock, log }: BudgetOptions): Budget {
  const { session, userDay } = limits;
  return {
    prices,
    async admit(userId) {
      if (userDay === undefined || userId === null) return;
      let spent: number;
      try {
        spent = await spending.spent(userId);
      } catch (error) {
        // Nobody is turned away because something of ours is down.
        log.warn({ err: error }, 'it is not known what a user has spent today');
        return;
      }
      if (spent >= userDay) throw budgetSpent(untilTomorrow(clock.now()));
    },
    isSpent: (usage) => session !== undefined && (usage?.cost ?? 0) >= session,
    async charge(userId, usage) {
      if (userDay === undefined || userId === null || !usage?.cost) return false;
      try {
        return (await spending.add(userId, usage.cost)) >= userDay;
      } catch (error) {
        log.warn({ err: error }, 'what a user has spent could not be counted');
        return false;
      }
    },
  };
}

export const noBudget: Budget = {
  prices: noPrices,
  admit: () => Promise.resolve(),
  isSpent: () => false,
  charge: () => Promise.resolve(false),
};

function budgetSpent(retryAfterMs: number): KukuError {
  const message = 'Your budget for today is used up. Tomorrow we can go on.';
  return new KukuError(message, { code: 'budget_spent', status: 429, close: 'quota', retryable: true, retryAfterMs });
}
