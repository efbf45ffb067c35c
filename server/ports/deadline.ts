import type { Clock } from './clock.ts';

/** A signal that follows another one, and that aborts of itself when something takes too long. */
export interface Deadline {
  /** Give it to whatever works. Its reason is the parent's, or the error of the deadline that passed. */
  readonly signal: AbortSignal;
  /** Within `ms` from now comes the next call of this, or of `pause` or `close`; else the signal aborts. */
  within(ms: number, error: () => unknown): void;
  /** Time stands: nothing is waited for. */
  pause(): void;
  /** Ends what follows the signal. */
  abort(reason: unknown): void;
  /** Lets go of the parent and the clock. Always call it, or a long-lived parent gathers listeners. */
  close(): void;
}

export function createDeadline(clock: Clock, parent: AbortSignal): Deadline {
  const own = new AbortController();
  let cancel: (() => void) | undefined;
  const pause = () => {
    cancel?.();
    cancel = undefined;
  };
  const abort = (reason: unknown) => {
    pause();
    own.abort(reason);
  };
  const onAbort = () => abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return {
    signal: own.signal,
    within(ms, error) {
      pause();
      if (!own.signal.aborted) cancel = clock.after(ms, () => own.abort(error()));
    },
    pause,
    abort,
    close() {
      pause();
      parent.removeEventListener('abort', onAbort);
    },
  };
}
