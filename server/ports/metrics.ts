import type { StoredEvent } from './session-store.ts';

/** What operators see of how it goes: numbers only, never what was said. */
export interface Metrics {
  /** A stored event of a session that is live here. */
  event(event: StoredEvent): void;
  /** A socket was closed by us; `reason` is the close code's name. */
  socketClosed(reason: string): void;
  /** The text of `/metrics`, and its content type. */
  render(): Promise<{ text: string; contentType: string }>;
}

export const noMetrics: Metrics = {
  event() {},
  socketClosed() {},
  render: () => Promise.resolve({ text: '', contentType: 'text/plain' }),
};
