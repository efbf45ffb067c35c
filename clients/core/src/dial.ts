import type { SocketAccess } from '../../../protocol/rest.ts';
import type { Clock } from './clock.ts';
import { NO_ANSWER, OPEN_MS, openConnection, type Connection, type ConnectionOptions } from './connection.ts';
import type { Loss } from './state.ts';

export type Access = Pick<SocketAccess, 'url' | 'protocols'>;
export type GetAccess = (options: { signal: AbortSignal }) => Promise<Access>;

export interface DialOptions extends Omit<ConnectionOptions, 'url' | 'protocols'> {
  getAccess: GetAccess;
  clock: Clock;
  onConnection: (connection: Connection) => void;
}

/** Gets a ticket and opens a socket with it. The result gives up, whatever the stage. */
export function dial(options: DialOptions): () => void {
  const { clock, getAccess, onConnection, onLost } = options;
  const controller = new AbortController();
  const { signal } = controller;
  let connection: Connection | undefined;
  const lose = (loss: Loss) => {
    cancelDeadline();
    if (!signal.aborted) onLost(loss);
    controller.abort();
  };
  // A deadline that does not rely on `getAccess` heeding its signal.
  const cancelDeadline = clock.after(OPEN_MS, () => lose(NO_ANSWER));
  getAccess({ signal })
    .then(({ url, protocols }) => {
      cancelDeadline();
      if (signal.aborted) return;
      connection = openConnection({ ...options, url, protocols });
      onConnection(connection);
    })
    .catch((error: unknown) => lose(lossOf(error)));
  return () => {
    cancelDeadline();
    controller.abort();
    connection?.close();
  };
}

/** What a `RestError` says of itself; it is known by its properties, so that a coach comes without the REST client. */
interface Refusal extends Error {
  code: string;
  retryable: boolean;
  retryAfterMs?: number;
}

const isRefusal = (error: Error): error is Refusal => 'retryable' in error;

function lossOf(error: unknown): Loss {
  if (!(error instanceof Error)) return { ...NO_ANSWER, message: String(error) };
  const { message } = error;
  if (!isRefusal(error)) return { ...NO_ANSWER, message };
  return { action: error.retryable ? 'retry' : 'stop', code: error.code, message, delayMs: error.retryAfterMs ?? 0 };
}
