/** Time, injected: the only place in the server that touches the system's clock and timers. */
export interface Clock {
  /** Wall time in ms since 1970, for what is stored or shown. May jump. */
  now(): number;
  /** Monotonic ms with fractions, for measuring. */
  monotonicMs(): number;
  /** Calls `run` once after `ms`. The result cancels it; cancelling twice, or after it ran, does nothing. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
