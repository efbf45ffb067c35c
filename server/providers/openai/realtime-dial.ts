/** The handshake of a transcription socket, and its end, in our words. */
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import type { KukuError } from '../../errors.ts';
import type { OpenAiClient } from './client.ts';
import { type Problem, retryAfterMs } from './failures.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_REFUSAL_BYTES = 16 * 1024;
/** Closed for what was sent, or for who sent it: again would end the same. */
const REFUSED: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010]);

export interface DialEvents {
  onOpen(): void;
  onMessage(data: RawData): void;
  onPong(): void;
  /** The socket is of no more use. `again`: another one may be. May be called more than once. */
  onFailed(error: KukuError, again: boolean): void;
}

/** `http` turns into `ws`; no `model`, which is the session's. */
export function dial(client: OpenAiClient, model: string, events: DialEvents): WebSocket {
  const { baseUrl, clock, deadlines, failures } = client;
  const url = `${baseUrl.replace(/^http/, 'ws')}/realtime?intent=transcription`;
  const socket = new WebSocket(url, {
    headers: client.authorization(),
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  const cancel = clock.after(deadlines.connectMs, () => {
    events.onFailed(failures.timeout('no connection'), false);
    socket.terminate();
  });
  let opened = false;
  socket.on('open', () => {
    opened = true;
    cancel();
    events.onOpen();
  });
  socket.on('message', events.onMessage);
  socket.on('pong', events.onPong);
  socket.on('unexpected-response', (_, response) => {
    void readRefusal(response).then((problem) => {
      const retry = retryAfterMs((name) => response.headers[name] as string | undefined, clock);
      events.onFailed(failures.ofProblem({ ...problem, retryAfterMs: retry }, model), false);
      socket.terminate();
    });
  });
  socket.on('error', (error) => {
    events.onFailed(failures.of(error, { model, phase: opened ? 'answering' : 'before' }), opened);
  });
  socket.on('close', (code) => {
    cancel();
    const again = !REFUSED.has(code) && code < 3000;
    events.onFailed(failures.broken(`its socket closed with ${code}`), again);
  });
  return socket;
}

/** What the answer says that came in the place of a socket. */
async function readRefusal(response: IncomingMessage): Promise<Problem> {
  const { statusCode: status } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_REFUSAL_BYTES) break;
    }
    const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error?: Problem };
    const { code, type, param, message } = error ?? {};
    return { status, code, type, param, message };
  } catch {
    return { status };
  }
}
