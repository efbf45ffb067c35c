/** Time, injected: tests and simulated devices run on a clock of their own. The server's `Clock` fits. */
export interface Clock {
  /** Monotonic ms with fractions. */
  monotonicMs(): number;
  /** Calls `run` once after `ms`. The result cancels it; cancelling twice, or after it ran, does nothing. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** One timer that can be set again: the run before is cancelled. */
export interface Timer {
  set(ms: number): void;
  cancel(): void;
  readonly armed: boolean;
}

export function createTimer(clock: Clock, run: () => void): Timer {
  let cancel: (() => void) | undefined;
  const timer = {
    set(ms: number) {
      cancel?.();
      cancel = clock.after(ms, () => {
        cancel = undefined;
        run();
      });
    },
    cancel() {
      cancel?.();
      cancel = undefined;
    },
    get armed() {
      return cancel !== undefined;
    },
  };
  return timer;
}
