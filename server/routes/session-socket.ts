/** `GET /api/sessions/:id/socket`: one client's socket, from the upgrade to the close. */
import '@fastify/websocket';
import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { decodeFrame, FrameKind } from '../../protocol/audio-frame.ts';
import { CLOSE, type CloseName } from '../../protocol/close-codes.ts';
import {
  type ClientMessage,
  type Hello,
  parseClientMessage,
  PROTOCOL,
  type ServerMessage,
} from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { FreeSeat, Seats } from '../ports/seats.ts';
import type { Hub } from '../session/hub.ts';
import type { Connection } from '../session/services.ts';
import type { Session } from '../session/session.ts';
import type { RouteDoc } from './route-doc.ts';
import { networkOf, type RateGate } from './rate-limits.ts';
import type { Admitted, SocketAccess } from './socket-access.ts';
import { createBucket } from './socket-limits.ts';

export interface SocketLimits {
  heartbeatMs: number;
  helloMs: number;
  textBytes: number;
  frameBytes: number;
  controlPerSecond: number;
  /** Audio may come this many times as fast as real time, with `audioBurstMs` on top. */
  audioFactor: number;
  audioBurstMs: number;
  socketsPerAddress: number;
  socketsPerUser: number;
  unsentBytes: number;
}

export interface SessionSocketOptions {
  hub: Hub;
  clock: Clock;
  limits: SocketLimits;
  gate: RateGate;
  seats: Seats;
  metrics: Pick<Metrics, 'socketClosed'>;
  access: SocketAccess;
  /** Whether a browser's page of this origin may connect; never asked for clients that send none. */
  isAllowedOrigin(origin: string, request: FastifyRequest): boolean;
}

/** What waits while ticket and hello are checked: a client that sends more before it was let in is broken. */
const MAX_EARLY_MESSAGES = 32;
const MISSED_PONGS = 2;

export function sessionSocketRoute(options: SessionSocketOptions): FastifyPluginAsync {
  return async (app) => {
    app.route<{ Params: { id: string } }>({
      method: 'GET',
      url: '/api/sessions/:id/socket',
      config: { doc: DOC, limit: 'none' },
      preValidation: async (request) => {
        const { origin } = request.headers;
        if (origin === undefined || options.isAllowedOrigin(origin, request)) return;
        throw new KukuError('This origin may not connect.', { code: 'origin_not_allowed', status: 403 });
      },
      // Who comes without an upgrade, as a person who follows the link does.
      handler: async (_request, reply) => {
        reply.header('upgrade', 'websocket');
        throw new KukuError('This is the address of a WebSocket.', { code: 'upgrade_required', status: 426 });
      },
      // Handlers are attached before anything is awaited: what comes in meanwhile is not lost, and a reset not uncaught.
      wsHandler: (socket, request) => serve(socket, request, options),
    });
  };
}

function serve(
  socket: WebSocket,
  request: FastifyRequest<{ Params: { id: string } }>,
  options: SessionSocketOptions,
): void {
  const { hub, clock, limits, gate, seats } = options;
  const { log } = request;
  const connection = connectionOf(socket, limits.unsentBytes, options.metrics);
  const control = createBucket(clock, { perSecond: limits.controlPerSecond, burst: limits.controlPerSecond * 2 });
  let audioMs = createBucket(clock, audioAllowance(limits));
  let micRate = 16_000;
  let session: Session | undefined;
  const taken: FreeSeat[] = [];
  let stopWatching = () => {};
  const early: ClientMessage[] = [];
  let hello: ((message: Hello) => void) | undefined;

  const stopHeartbeat = heartbeat(socket, clock, limits.heartbeatMs, () => connection.close('heartbeatMissed'));
  socket.on('close', () => {
    stopHeartbeat();
    stopWatching();
    for (const free of taken.splice(0)) free();
    if (session) hub.leave(session).catch((error: unknown) => log.error({ err: error }, 'leaving a session failed'));
  });
  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    try {
      if (isBinary) takeFrame(bytes);
      else takeText(bytes);
    } catch (error) {
      turnAway(error);
    }
  });
  letIn().catch((error: unknown) => turnAway(error));

  function takeText(bytes: Buffer): void {
    if (bytes.byteLength > limits.textBytes) return broken(`a message is longer than ${limits.textBytes} bytes`);
    if (!control.take(1)) return connection.close('quota');
    const parsed = parseClientMessage(bytes.toString('utf8'));
    if (!parsed.ok) return broken(parsed.problem);
    const { message } = parsed;
    if (session) session.receive(message);
    else if (message.type === 'hello' && hello) hello(message);
    else if (early.push(message) > MAX_EARLY_MESSAGES) broken('too much was sent before hello was answered');
  }

  function takeFrame(bytes: Buffer): void {
    if (bytes.byteLength > limits.frameBytes) return broken(`a frame is longer than ${limits.frameBytes} bytes`);
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return broken(`audio frame: ${decoded.problem}`);
    if (decoded.frame.kind !== FrameKind.microphone) return broken('audio frame: not from a microphone');
    if (!audioMs.take((decoded.frame.pcm.length * 1000) / micRate)) return connection.close('tooFast');
    session?.receiveFrame(decoded.frame);
  }

  function broken(problem: string): void {
    log.info({ problem }, 'client broke the protocol');
    connection.send({ type: 'error', seq: 0, code: 'broken_protocol', message: problem, fatal: true });
    connection.close('brokenProtocol');
  }

  async function letIn(): Promise<void> {
    const offered = protocolsOf(request);
    if (!offered.includes(PROTOCOL)) return connection.close('versionNotSpoken');
    // Armed before the ticket is checked, so that a hello sent along with the upgrade is not missed.
    const greeting = nextHello();
    if ((await gate.address('handshakes', request.ip)) !== undefined) return connection.close('quota');
    if (!(await sit(limits.socketsPerAddress, 'address', networkOf(request.ip)))) return connection.close('quota');
    const admission = await options.access.admit(request, offered);
    if ('refusal' in admission) return connection.close(admission.refusal);
    if (!(await admitUser(admission))) return connection.close('quota');
    const message = await greeting;
    if (!message || socket.readyState !== socket.OPEN) return;
    if (message.protocol !== PROTOCOL) return connection.close('versionNotSpoken');
    micRate = message.audio.in?.rate ?? micRate;
    audioMs = createBucket(clock, audioAllowance(limits));
    const entered = await hub.enter(admission.sessionId, message, connection);
    // The client may have gone while the session was fetched; then nobody else lets go of it.
    if (socket.readyState !== socket.OPEN) return hub.leave(entered);
    session = entered;
    stopWatching = options.access.watch(admission.signInId, () => connection.close('notYours'));
    for (const waiting of early.splice(0)) session.receive(waiting);
  }

  /** Nobody's sessions are limited by their address alone. */
  async function admitUser({ userId, sessionId }: Admitted): Promise<boolean> {
    if (userId === null) return true;
    if ((await gate.user('handshakes', userId)) !== undefined) return false;
    // Sessions are counted, not sockets: one that replaces another in the same session needs no more room.
    return sit(limits.socketsPerUser, 'user', userId, sessionId);
  }

  async function sit(max: number, name: 'user' | 'address', key: string, member: string = randomUUID()) {
    const free = await seats.take({ name, max }, key, member);
    if (!free) return false;
    // The socket may have closed meanwhile; then nobody else frees the seat.
    if (socket.readyState === socket.OPEN) taken.push(free);
    else free();
    return true;
  }

  /** Undefined when none came in time or the socket closed first. */
  function nextHello(): Promise<Hello | undefined> {
    return new Promise((resolve) => {
      const cancel = clock.after(limits.helloMs, () => {
        connection.close('noHello');
        resolve(undefined);
      });
      hello = (message) => {
        hello = undefined;
        cancel();
        resolve(message);
      };
      socket.once('close', () => {
        cancel();
        resolve(undefined);
      });
    });
  }

  function turnAway(error: unknown): void {
    const name = error instanceof KukuError ? (error.close ?? 'internal') : 'internal';
    if (error instanceof KukuError && name === 'quota') {
      const { code, message, retryAfterMs } = error;
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      connection.send({ type: 'error', seq: 0, code, message, fatal: true, ...wait });
    }
    if (name === 'internal') log.error({ err: error }, 'a client could not be let in');
    connection.close(name);
  }
}

const DOC: RouteDoc = {
  summary: 'The line to talk on, as a WebSocket; what goes over it is in the AsyncAPI document.',
  tag: 'socket',
  status: 101,
  refusals: { 403: 'This origin may not connect', 426: 'No WebSocket was asked for' },
};

function connectionOf(socket: WebSocket, unsentBytes: number, metrics: SessionSocketOptions['metrics']): Connection {
  const close = (name: CloseName) => {
    if (socket.readyState !== socket.OPEN) return;
    metrics.socketClosed(name);
    socket.close(CLOSE[name].code, CLOSE[name].reason);
  };
  const write = (data: string | Uint8Array) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > unsentBytes) return close('tooSlow');
    socket.send(data);
  };
  return { send: (message: ServerMessage) => write(JSON.stringify(message)), sendFrame: write, close };
}

function heartbeat(socket: WebSocket, clock: Clock, everyMs: number, onMissed: () => void): () => void {
  let missed = 0;
  let cancel: () => void;
  const beat = () => {
    if (missed >= MISSED_PONGS) {
      onMissed();
      // A peer that answers no ping answers no close either.
      cancel = clock.after(everyMs, () => socket.terminate());
      return;
    }
    missed += 1;
    if (socket.readyState === socket.OPEN) socket.ping();
    cancel = clock.after(everyMs, beat);
  };
  cancel = clock.after(everyMs, beat);
  socket.on('pong', () => (missed = 0));
  return () => cancel();
}

function audioAllowance({ audioFactor, audioBurstMs }: SocketLimits) {
  return { perSecond: 1000 * audioFactor, burst: audioBurstMs };
}

function protocolsOf(request: FastifyRequest): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header.split(',').map((name) => name.trim());
}
