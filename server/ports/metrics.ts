import type { StoredEvent } from './session-store.ts';
import type { Usage } from './usage.ts';

/** What operators see of how it goes: numbers only, never what was said. */
export interface Metrics {
  /** A stored event of a session that is live here. */
  event(event: StoredEvent): void;
  /** A reply was begun before the turn was over, and came of use or not. */
  earlyStart(outcome: 'used' | 'dropped'): void;
  /** A provider was used; `cost` where there are prices. */
  usage(usage: Usage, cost: number | undefined): void;
  /** A socket was closed by us; `reason` is the close code's name. */
  socketClosed(reason: string): void;
  /** The text of `/metrics`, and its content type. */
  render(): Promise<{ text: string; contentType: string }>;
}

export const noMetrics: Metrics = {
  event() {},
  earlyStart() {},
  usage() {},
  socketClosed() {},
  render: () => Promise.resolve({ text: '', contentType: 'text/plain' }),
};
