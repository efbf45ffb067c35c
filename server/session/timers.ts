/** Looks for sessions whose deadline has come, wherever it was set, and hands each to its handler. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DueSession, SessionStore } from '../ports/session-store.ts';

/** Late by at most this and the store's answer. */
const POLL_MS = 50;
/** An instance that claimed a deadline and died has it given to another after this long. */
const VISIBILITY_MS = 2000;
const BATCH = 100;

export interface TimersOptions {
  store: Pick<SessionStore<unknown>, 'claimDue'>;
  instanceId: string;
  clock: Clock;
  log: Log;
  /** Handles one session; what it does not bring about is claimed again. */
  onDue(due: DueSession): Promise<void>;
}

/** Starts at once; the result stops it and resolves when what was under way is done. */
export function runTimers({ store, instanceId, clock, log, onDue }: TimersOptions): () => Promise<void> {
  let stopped = false;
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  const handle = async (due: DueSession) => {
    try {
      await onDue(due);
    } catch (error) {
      log.warn({ err: error, sessionId: due.sessionId }, 'a deadline could not be handled; it comes again');
    }
  };
  const look = async () => {
    try {
      let due: readonly DueSession[];
      do {
        due = await store.claimDue({ instanceId, limit: BATCH, visibilityMs: VISIBILITY_MS });
        await Promise.all(due.map(handle));
      } while (due.length === BATCH && !stopped);
    } catch (error) {
      log.warn({ err: error }, 'deadlines could not be read');
    }
  };
  const next = () => {
    if (stopped) return;
    cancel = clock.after(POLL_MS, () => {
      running = look().then(next);
    });
  };
  next();
  return async () => {
    stopped = true;
    cancel?.();
    await running;
  };
}
