/** A server that speaks `kuku.v1` and does what the test says; it serves the built page as the real one does. */
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  decodeFrame,
  encodeFrame,
  FrameKind,
  MAX_FRAME_BYTES,
  type AudioFrame,
} from '../../../../protocol/audio-frame.ts';
import {
  parseClientMessage,
  PROTOCOL,
  type ClientMessage,
  type Message,
  type ServerMessage,
  type SessionView,
} from '../../../../protocol/messages.ts';
import { pageRoutes } from '../../../../server/routes/page.ts';
import { secureAnswers } from '../../../../server/routes/security-headers.ts';
import { ensureBuilt } from '../../build.ts';
import { addRest, type PastSession } from './scripted-rest.ts';

type Outgoing = ServerMessage extends infer M ? (M extends { seq: number } ? Omit<M, 'seq'> : never) : never;

export interface ScriptedServer extends AsyncDisposable {
  url: string;
  /** Everything that clients said, oldest first; what does not keep to the protocol is in `problems`. */
  said: ClientMessage[];
  problems: string[];
  /** Microphone audio in the order in which it came. */
  microphone: AudioFrame[];
  /** Sockets that were opened. */
  connections: number;
  send(message: Outgoing): void;
  /** Sends a turn's samples, from `fromSample` of the turn, as 20 ms frames. */
  speak(turn: number, pcm: Int16Array, options?: { rate?: number; fromSample?: number; last?: boolean }): void;
  /**
   * The same as over a line that is late now and then: each frame is sent `aheadMs` before it is due, or `lateMs` later,
   * and none before the one before it. Resolves when all are sent.
   */
  stream(turn: number, pcm: Int16Array, line: { aheadMs: number; lateMs: (frame: number) => number }): Promise<void>;
  /** Resolves with the first message, from now or before, for which `test` is true. */
  heard<T extends ClientMessage['type']>(
    type: T,
    test?: (message: Extract<ClientMessage, { type: T }>) => boolean,
  ): Promise<Extract<ClientMessage, { type: T }>>;
  /** The line breaks, without a word. */
  cut(): void;
  /** Closes the line with a code of the protocol. */
  close(code: number, reason: string): void;
  /** What was posted as a rating. */
  ratings: unknown[];
  /** Questions that the list of sessions was asked. */
  searches: string[];
  /** Sessions that were deleted. */
  deleted: string[];
  /** `Authorization` headers of requests, as they came. */
  tokens: string[];
}

export const VIEW: SessionView = {
  phase: 'active',
  elapsedMs: 0,
  remainingMs: 1_800_000,
  messageCount: 0,
  stage: 'topic',
};

export interface ServerOptions {
  /** False: the server has no recogniser. */
  listens?: boolean;
  /** What was said before this client came. */
  messages?: readonly Message[];
  /** Sessions that ended, and what there is of them. */
  past?: readonly PastSession[];
  /** Pages of any origin may talk to it. */
  embeddable?: boolean;
  /** The session that is talked in has ended meanwhile. */
  ended?: boolean;
}

export async function startScriptedServer(options: ServerOptions = {}): Promise<ScriptedServer> {
  const app = await createApp(options);
  const rest = addRest(app, options);
  const tokens = watchTokens(app);
  const sockets = new WebSocketServer({ server: app.server, maxPayload: MAX_FRAME_BYTES });
  let socket: WebSocket | undefined;
  let seq = 0;
  const server: ScriptedServer = {
    url: await app.listen({ host: '127.0.0.1', port: 0 }),
    said: [],
    problems: [],
    microphone: [],
    connections: 0,
    ...rest,
    tokens,
    send: (message) => socket?.send(JSON.stringify({ ...message, seq: ++seq })),
    speak(turn, pcm, { rate = 24_000, fromSample = 0, last = true } = {}) {
      const frameSamples = rate / 50;
      for (let at = 0; at < pcm.length; at += frameSamples) {
        const pts = fromSample + at;
        const ends = last && at + frameSamples >= pcm.length;
        const part = { first: pts === 0, last: ends, gap: false, pcm: pcm.subarray(at, at + frameSamples) };
        socket?.send(encodeFrame({ kind: FrameKind.speech, stream: turn, seq: pts / frameSamples, pts, ...part }));
      }
    },
    async stream(turn, pcm, { aheadMs, lateMs }) {
      const frames = Math.ceil(pcm.length / 480);
      const startMs = performance.now();
      let dueMs = 0;
      for (let frame = 0; frame < frames; frame++) {
        dueMs = Math.max(dueMs, Math.max(0, frame * 20 - aheadMs) + lateMs(frame));
        const waitMs = dueMs - (performance.now() - startMs);
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        const part = pcm.subarray(frame * 480, (frame + 1) * 480);
        server.speak(turn, part, { fromSample: frame * 480, last: frame === frames - 1 });
      }
    },
    heard: (type, test = () => true) =>
      eventually(`a ${type} message`, () =>
        server.said.filter((message) => isOfType(message, type)).find((message) => test(message)),
      ),
    cut: () => socket?.terminate(),
    close: (code, reason) => socket?.close(code, reason),
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      await app.close();
    },
  };
  sockets.on('connection', (opened) => {
    socket = opened;
    server.connections++;
    opened.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return takeFrame(server, data);
      const result = parseClientMessage(data.toString());
      if (!result.ok) return void server.problems.push(result.problem);
      server.said.push(result.message);
      if (result.message.type === 'hello') server.send(answerTo(result.message, options));
      if (result.message.type === 'ping') opened.send(JSON.stringify({ type: 'pong', t: result.message.t }));
    });
  });
  return server;
}

/** The page, and the REST calls that it makes. */
async function createApp({ embeddable = false }: ServerOptions): Promise<FastifyInstance> {
  const distDir = await ensureBuilt();
  const app = Fastify({ forceCloseConnections: true });
  await secureAnswers(app, {});
  if (embeddable) await app.register(cors, { origin: true, credentials: true });
  await app.register(pageRoutes({ distDir }));
  const socket = (host: string) => ({
    url: `ws://${host}/api/sessions/s1/socket`,
    protocols: [PROTOCOL, 'ticket.t1'],
    ticket: 't1',
    expiresAt: '2026-11-23T00:00:00.000Z',
  });
  app.post('/api/sessions', ({ host }) => ({ success: true, data: { sessionId: 's1', socket: socket(host) } }));
  app.post('/api/sessions/s1/ticket', ({ host }) => ({ success: true, data: { socket: socket(host) } }));
  return app;
}

function watchTokens(app: FastifyInstance): string[] {
  const tokens: string[] = [];
  app.addHook('onRequest', async ({ headers }) => void (headers.authorization && tokens.push(headers.authorization)));
  return tokens;
}

function answerTo(hello: Extract<ClientMessage, { type: 'hello' }>, options: ServerOptions): Outgoing {
  const { listens = true, messages } = options;
  const session = { sessionId: 's1', resumeToken: 'r1', resumeWindowMs: 120_000, heartbeatMs: 10_000, session: VIEW };
  if (hello.resume) return { type: 'resumed', recovered: true, ...session };
  return {
    type: 'ready',
    ...session,
    limits: { textBytes: 16_384, frameBytes: 65_536, textChars: 4000 },
    audio: { ...(listens && { in: { rate: 16_000 } }), out: { rate: 24_000 } },
    coach: { name: 'Kuku', model: 'scripted' },
    ...(messages && { messages: [...messages] }),
  };
}

function takeFrame(server: ScriptedServer, data: Buffer): void {
  // The samples view the bytes they came in, which are not used again.
  const result = decodeFrame(data);
  if (result.ok) server.microphone.push(result.frame);
  else server.problems.push(result.problem);
}

function isOfType<T extends ClientMessage['type']>(
  message: ClientMessage,
  type: T,
): message is Extract<ClientMessage, { type: T }> {
  return message.type === type;
}

/** What `look` finds, asked every 5 ms until it finds something. Rejects after 30 s: this is no measure of speed. */
export async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) throw new Error(`no ${what} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
