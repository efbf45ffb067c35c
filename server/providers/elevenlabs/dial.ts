/** A socket to ElevenLabs: connected within its deadline, or an error of ours that says why not. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { createDeadline } from '../../ports/deadline.ts';
import type { ElevenLabsAccount } from './account.ts';
import { problemOf } from './failures.ts';

const MAX_BODY_BYTES = 4096;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

export interface DialOptions {
  account: ElevenLabsAccount;
  url: string;
  model: string;
  signal: AbortSignal;
}

/** Resolves with an open socket that has a listener for errors. Rejects with a `KukuError`, or the signal's reason. */
export function dial({ account, url, model, signal }: DialOptions): Promise<WebSocket> {
  const { clock, deadlines, failures } = account;
  const deadline = createDeadline(clock, signal);
  deadline.within(deadlines.connectMs, () => failures.timeout('no connection'));
  return new Promise<WebSocket>((resolve, reject) => {
    if (deadline.signal.aborted) return reject(deadline.signal.reason);
    const headers = account.authorization();
    const socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
    const giveUp = () => {
      reject(deadline.signal.reason);
      socket.terminate();
    };
    deadline.signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', (error) => reject(failures.unreachable(error)));
    socket.on('close', () => reject(failures.unreachable()));
    socket.on('unexpected-response', (request, response) => {
      readBody(response)
        .then((body) => {
          const { statusCode = 0, headers } = response;
          reject(failures.ofProblem(problemOf(statusCode, body, headers['retry-after']), model));
        })
        .catch((error: unknown) => reject(failures.unreachable(error)))
        .finally(() => request.destroy());
    });
    socket.on('open', () => {
      deadline.signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
  }).finally(() => deadline.close());
}

async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > MAX_BODY_BYTES) break;
  }
  return body;
}
