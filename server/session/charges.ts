/** What one session uses: measured as it comes, stored with its turns, counted against its and its person's budget. */
import type { UsageTotals } from '../../protocol/usage.ts';
import { isAbort } from '../errors.ts';
import type { Usage } from '../ports/usage.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { SessionServices } from './services.ts';
import { createMeter, type Meter, sumUsage, totalsOf } from './usage.ts';

export interface Charges extends Meter {
  /** Whether a session that has used this has nothing left. */
  isSpent(usage: UsageTotals | undefined): boolean;
  /** Stored with a turn: counts for the person's day, too. */
  charge(usage: UsageTotals | undefined): void;
  /** Stores what no turn has taken. Never rejects. */
  flush(): Promise<void>;
}

export interface ChargesOptions {
  services: SessionServices;
  userId: string | null;
  ledger: Pick<Ledger, 'change'>;
  signal: AbortSignal;
  /** Nothing is left of the person's day. */
  onSpent(): void;
}

export function createCharges({ services, userId, ledger, signal, onSpent }: ChargesOptions): Charges {
  const { budget, metrics, log } = services;
  const meter = createMeter({ prices: budget.prices, metrics });
  const charge = async (usage: UsageTotals | undefined) => {
    if ((await budget.charge(userId, usage)) && !signal.aborted) onSpent();
  };
  return {
    ...meter,
    isSpent: budget.isSpent,
    charge: (usage) => void charge(usage),
    async flush() {
      const usage = meter.take();
      if (!usage) return;
      try {
        await ledger.change((state) => ({ state: { ...state, usage: sumUsage(state.usage, usage) } }));
        await charge(usage);
      } catch (error) {
        // Whoever has taken the session over, or a store that is away: it is a turn's cost at most.
        if (!isAbort(error, signal)) log.debug({ err: error }, 'the rest of what a session used is not stored');
      }
    },
  };
}

/** What a session used outside of its turns. Never rejects. */
export async function chargeSession(services: SessionServices, sessionId: string, used: Usage): Promise<void> {
  const { store, clock, budget, metrics, log } = services;
  const usage = totalsOf(used, budget.prices);
  metrics.usage(used, usage.cost);
  try {
    const session = await store.read(sessionId);
    if (!session) return;
    const ledger = createLedger({ store, session: { ...session, epoch: null }, messages: [], clock, show() {} });
    await ledger.change((state) => ({ state: { ...state, usage: sumUsage(state.usage, usage) } }));
    await budget.charge(session.userId, usage);
  } catch (error) {
    log.warn({ err: error, sessionId }, 'what a session used could not be counted');
  }
}
