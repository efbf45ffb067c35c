import type { Clock } from '../ports/clock.ts';
import { ownerAway } from './bus-errors.ts';

export interface Answer {
  /** Rejects with the signal's reason when that aborts, or with `owner_away` when the time is over. */
  readonly promise: Promise<unknown>;
  /** The first of these counts; what comes after it is dropped. */
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** An answer that is waited for only so long. */
export function awaitAnswer(clock: Clock, { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number }): Answer {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onAbort = () => finish(() => reject(signal.reason));
  const cancel = clock.after(timeoutMs, () => finish(() => reject(ownerAway())));
  const finish = (settle: () => void) => {
    cancel();
    signal.removeEventListener('abort', onAbort);
    settle();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    promise,
    resolve: (answer) => finish(() => resolve(answer)),
    reject: (error) => finish(() => reject(error)),
  };
}
