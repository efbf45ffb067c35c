import type { SessionView } from '../../../protocol/messages.ts';
import { createTimer, type Clock } from './clock.ts';
import type { SessionTimer } from './events.ts';

const TICK_MS = 1000;

/** Shows the session clock between the server's words about it. It stands while there is no connection, and during care. */
export interface SessionClock {
  update(view: SessionView): void;
  warn(remainingMs: number): void;
  stand(): void;
}

export function createSessionClock(clock: Clock, show: (timer: SessionTimer) => void): SessionClock {
  let view: SessionView | undefined;
  let atMs = 0;
  const tell = (warning: boolean) => {
    if (!view) return;
    const passedMs = view.care ? 0 : clock.monotonicMs() - atMs;
    const { phase, stage } = view;
    const remainingMs = Math.max(0, view.remainingMs - passedMs);
    show({ phase, stage, elapsedMs: view.elapsedMs + passedMs, remainingMs, warning });
    if (!view.care) timer.set(TICK_MS);
  };
  const timer = createTimer(clock, () => tell(false));
  return {
    update(next) {
      view = next;
      atMs = clock.monotonicMs();
      tell(false);
    },
    warn(remainingMs) {
      if (!view) return;
      const passedMs = clock.monotonicMs() - atMs;
      view = { ...view, remainingMs: remainingMs + passedMs };
      tell(true);
    },
    stand: () => timer.cancel(),
  };
}
