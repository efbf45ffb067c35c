/** Carries out the steps of a client of a socket, and looks at all that comes back. */
import type { Socket } from 'node:net';
import type { Pool } from 'undici';
import { WebSocket } from 'ws';
import { decodeFrame } from '../../../protocol/audio-frame.ts';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { parseServerMessage } from '../../../protocol/messages.ts';
import type { TicketBody } from '../../../protocol/rest.ts';
import type { AnswerCheck } from './send-rest.ts';
import type { Step } from './socket-inputs.ts';
import { Finding, type Tally } from './tally.ts';
import type { World } from './world.ts';

export interface SocketVisiting {
  http: Pool;
  world: World;
  tally: Tally;
  check: AnswerCheck;
}

const OURS: ReadonlySet<number> = new Set(Object.values(CLOSE).map(({ code }) => code));
/** What ws refuses itself (no UTF-8, too large, no frame) it closes with these, or is gone before the code is here. */
const REFUSED: ReadonlySet<number> = new Set([1002, 1006, 1007, 1009]);
const PATIENCE_MS = 20_000;

interface Line {
  socket: WebSocket;
  /** Why it may be closed with a code of ws's own. */
  mayBeRefused: boolean;
  ownCodes: Set<number>;
  greeted: boolean;
  resume: { token: string; lastSeq: number } | undefined;
  problem: string | undefined;
  opened: Promise<boolean>;
  closed: Promise<number>;
}

export async function visitSocket(steps: readonly Step[], visiting: SocketVisiting): Promise<void> {
  const lines: Line[] = [];
  let resume: Line['resume'];
  try {
    for (const step of steps) {
      const line = lines.at(-1);
      if (step.do === 'open') {
        resume = line?.resume ?? resume;
        lines.push(await open(step, visiting));
      } else if (line) {
        await take(step, line, { ...visiting, resume });
      }
    }
    for (const line of lines) await settle(line);
  } finally {
    for (const { socket } of lines) if (socket.readyState !== WebSocket.CLOSED) socket.close();
  }
  for (const line of lines) await judge(line, visiting.tally);
}

async function open(step: Step & { do: 'open' }, { http, world, tally, check }: SocketVisiting): Promise<Line> {
  const ticket = await ticketFor(step, { http, world });
  const url = `${world.values.origin.replace('http', 'ws')}/api/sessions/${world.filled(step.id)}/socket`;
  const headers: Record<string, string> = step.origin === undefined ? {} : { origin: world.filled(step.origin) };
  const protocols = [...step.protocols, ...(ticket === undefined ? [] : [`ticket.${ticket}`])];
  const socket = new WebSocket(url, protocols, { headers });
  tally.input('opening');
  const line: Line = {
    socket,
    mayBeRefused: false,
    ownCodes: new Set(),
    greeted: false,
    resume: undefined,
    problem: undefined,
    opened: new Promise((resolve) => {
      socket.once('open', () => resolve(true));
      socket.once('close', () => resolve(false));
    }),
    closed: new Promise((resolve) => socket.once('close', resolve)),
  };
  socket.on('error', () => {});
  socket.on('unexpected-response', (_request, response) => {
    line.mayBeRefused = true;
    let text = '';
    response.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    response.on('end', () => {
      try {
        check('elsewhere', 'GET', {
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text,
        });
      } catch (error) {
        line.problem = String(error);
      }
      socket.terminate();
    });
  });
  socket.on('message', (data, isBinary) => hear(line, data as Buffer, { isBinary, world }));
  await within(line.opened, 'the upgrade was not answered');
  return line;
}

async function ticketFor({ ticket }: Step & { do: 'open' }, { http, world }: Pick<SocketVisiting, 'http' | 'world'>) {
  if (ticket === 'none') return undefined;
  if (ticket === 'made up') return 'made-up';
  const id = ticket === 'of another' ? world.values.ended : world.values.live;
  const { statusCode, body } = await http.request({ method: 'POST', path: `/api/sessions/${id}/ticket` });
  const text = await body.text();
  if (statusCode !== 200) return 'none-given';
  const fresh = (JSON.parse(text) as { data: TicketBody }).data.socket;
  if (ticket === 'used') {
    const first = new WebSocket(fresh.url, fresh.protocols);
    first.on('error', () => {});
    await new Promise((resolve) => first.once('open', resolve).once('close', resolve));
    first.close();
  }
  return fresh.ticket;
}

function hear(line: Line, data: Buffer, { isBinary, world }: { isBinary: boolean; world: World }): void {
  if (isBinary) {
    const decoded = decodeFrame(new Uint8Array(data));
    if (!decoded.ok) line.problem ??= `sent a broken frame: ${decoded.problem}`;
    return;
  }
  const parsed = parseServerMessage(data.toString('utf8'));
  if (!parsed.ok)
    return void (line.problem ??= `sent a broken message: ${parsed.problem}: ${data.toString().slice(0, 300)}`);
  const { message } = parsed;
  if (message.type === 'ready' || message.type === 'resumed')
    line.resume = { token: message.resumeToken, lastSeq: message.seq };
  else if (message.type === 'session.state' && message.wrapUp) world.proposed(message.wrapUp.proposalId);
  if ('seq' in message && line.resume) line.resume.lastSeq = message.seq;
}

async function take(
  step: Step,
  line: Line,
  { world, tally, resume }: SocketVisiting & { resume: Line['resume'] },
): Promise<void> {
  const { socket } = line;
  if (socket.readyState !== WebSocket.OPEN) return;
  switch (step.do) {
    case 'open':
      return;
    case 'hello': {
      const said = step.resume && resume ? { ...Object(step.hello), resume } : step.hello;
      line.greeted = true;
      tally.input('hello');
      return send(socket, JSON.stringify(said) ?? '');
    }
    case 'text':
      tally.input('message');
      if (step.text.length > 20_000) line.mayBeRefused = true;
      return send(socket, world.filled(step.text));
    case 'binary':
      tally.input('audio frame');
      if (step.bytes.length > 60_000) line.mayBeRefused = true;
      return send(socket, step.bytes);
    case 'textBytes':
      line.mayBeRefused = true;
      tally.input('bytes as text');
      return send(socket, step.bytes, { binary: false });
    case 'raw':
      line.mayBeRefused = true;
      tally.input('bytes between frames');
      return void (socket as unknown as { _socket: Socket })._socket.write(step.bytes);
    case 'ping':
      tally.input('ping');
      return socket.ping(step.bytes);
    case 'close':
      tally.input('close');
      line.ownCodes.add(step.code ?? 1005);
      return socket.close(step.code);
    case 'drop':
      tally.input('drop');
      line.ownCodes.add(1006);
      return socket.terminate();
    case 'settle':
      return settle(line);
  }
}

function send(socket: WebSocket, data: string | Uint8Array, options: { binary?: boolean } = {}): void {
  socket.send(data, options, () => {});
}

/** Until all that was sent is dealt with: a pong comes after everything before it was taken. */
async function settle(line: Line): Promise<void> {
  const { socket } = line;
  if (socket.readyState !== WebSocket.OPEN || line.mayBeRefused) return;
  const answered = new Promise<unknown>((resolve) => socket.once('pong', resolve));
  socket.ping('settle');
  await within(Promise.race([answered, line.closed]), 'a ping was not answered');
}

async function judge(line: Line, tally: Tally): Promise<void> {
  // A socket into which bytes were put between frames may wait for the rest of one for ever.
  if (line.mayBeRefused) setTimeout(() => line.socket.terminate(), 200).unref();
  if (line.socket.readyState === WebSocket.OPEN) line.ownCodes.add(1005);
  const code = await within(line.closed, 'the socket was not closed');
  tally.outcome(OURS.has(code) || REFUSED.has(code) || code === 1005 ? `close ${code}` : 'close with our own code');
  if (line.problem !== undefined) throw new Finding(line.problem);
  // A client's own code comes back to it.
  if (code === CLOSE.internal.code && !line.ownCodes.has(code))
    throw new Finding('closed with 4011, an error of the server');
  if (code === CLOSE.overloaded.code || code === CLOSE.restarting.code) tally.refusedForNow(`close ${code}`);
  const isAllowed =
    OURS.has(code) || line.ownCodes.has(code) || code === 1005 || (line.mayBeRefused && REFUSED.has(code));
  if (!isAllowed) throw new Finding(`closed with ${code}`);
}

async function within<T>(promise: Promise<T>, problem: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Finding(`${problem} within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
