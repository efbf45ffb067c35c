import type { Clock } from '../../ports/clock.ts';

export interface StoreTime {
  /** Whether Redis has told its time yet. */
  readonly known: boolean;
  /** ms since 1970. Never ahead of Redis, and behind by at most the fastest answer's way; else the clock's own. */
  now(): number;
  /** Redis said that it was `now` at some moment after `sentAtMs`, monotonic, and before this call. */
  learn(now: number, sentAtMs: number): void;
}

/** Its clock was set back, or runs slower than ours, when an answer is behind by more than its way explains. */
const SET_BACK_MS = 50;

/** The time of Redis, as its answers tell it. */
export function createStoreTime(clock: Clock): StoreTime {
  let offsetMs: number | undefined;
  return {
    get known() {
      return offsetMs !== undefined;
    },
    now: () => (offsetMs === undefined ? clock.now() : Math.floor(clock.monotonicMs() + offsetMs)),
    learn(now, sentAtMs) {
      const receivedAtMs = clock.monotonicMs();
      const heardMs = now - receivedAtMs;
      // Every answer is behind by its way back: the highest is the nearest.
      const behindMs = offsetMs === undefined ? Infinity : offsetMs - heardMs;
      if (behindMs < 0 || behindMs > receivedAtMs - sentAtMs + SET_BACK_MS) offsetMs = heardMs;
    },
  };
}
