/** The system's clock, faster: what takes a second of this clock takes a part of one. For clients, never the server. */
import { type Clock, systemClock } from '@kuku-coach/core';

export function fastClock(speed: number): Clock {
  const startMs = systemClock.monotonicMs();
  return {
    monotonicMs: () => startMs + (systemClock.monotonicMs() - startMs) * speed,
    after: (ms, run) => systemClock.after(ms / speed, run),
  };
}
