import type { Clock } from '../../server/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on, running what is due in order; what it sets in motion runs before the next timer. */
  advance(ms: number): Promise<void>;
  /** Timers that have neither run nor been cancelled. */
  readonly pending: number;
}

export function createFakeClock(startMs = Date.UTC(2026, 0, 5, 9)): FakeClock {
  let nowMs = 0;
  let nextId = 0;
  const timers = new Map<number, { dueMs: number; run: () => void }>();
  const due = (untilMs: number) =>
    [...timers].filter(([, timer]) => timer.dueMs <= untilMs).sort(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b)[0];
  return {
    now: () => startMs + nowMs,
    monotonicMs: () => nowMs,
    after(ms, run) {
      const id = nextId++;
      timers.set(id, { dueMs: nowMs + ms, run });
      return () => void timers.delete(id);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let next = due(untilMs); next; next = due(untilMs)) {
        const [id, timer] = next;
        nowMs = Math.max(nowMs, timer.dueMs);
        timers.delete(id);
        timer.run();
        await settle();
      }
      nowMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Lets promises that are already resolvable run to their end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
