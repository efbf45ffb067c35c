/** A client at the level of the wire: sends what the test says, keeps what comes, plays speech in no time. */
import { WebSocket } from 'ws';
import { type AudioFrame, decodeFrame, encodeFrame, FrameKind } from '../../protocol/audio-frame.ts';
import {
  type ClientMessage,
  type Hello,
  parseServerMessage,
  PROTOCOL,
  type ServerMessage,
  type ServerMessageOf,
} from '../../protocol/messages.ts';
import type { CreatedSessionBody, SocketAccess } from '../../protocol/rest.ts';
import { tone } from './scripted.ts';

export interface TestClientOptions {
  access: SocketAccess;
  hello?: Partial<Hello> | false;
  /** Reports playback as soon as frames come, so that speech flows. False: the test does. Default true. */
  plays?: boolean | 'in real time';
  headers?: Record<string, string>;
  protocols?: string[];
}

export interface Received {
  message: ServerMessage;
  /** performance.now() when it came. */
  atMs: number;
}

export interface TestClient {
  readonly socket: WebSocket;
  readonly received: readonly Received[];
  readonly frames: readonly (AudioFrame & { atMs: number })[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  send(message: ClientMessage): void;
  /** 20 ms frames of these samples, at once. */
  speak(pcm: Int16Array): void;
  /** Waits for a message of the type that also passes `where`; one that came before `after` does not count. */
  next<T extends ServerMessage['type']>(
    type: T,
    where?: (message: ServerMessageOf<T>) => boolean,
  ): Promise<ServerMessageOf<T>>;
  all<T extends ServerMessage['type']>(type: T): ServerMessageOf<T>[];
  /** From here on, `next` looks only at what comes. */
  forget(): void;
  close(): Promise<number>;
}

const WAIT_MS = 4000;
/** The coach's words take their time. */
const WAIT_IN_REAL_TIME_MS = 30_000;

export async function createTestSession(url: string): Promise<CreatedSessionBody> {
  const response = await fetch(`${url}/api/sessions`, { method: 'POST' });
  const body = (await response.json()) as { data: CreatedSessionBody };
  return body.data;
}

export async function freshAccess(url: string, sessionId: string): Promise<SocketAccess> {
  const response = await fetch(`${url}/api/sessions/${sessionId}/ticket`, { method: 'POST' });
  const body = (await response.json()) as { data: { socket: SocketAccess } };
  return body.data.socket;
}

export function connectTestClient(options: TestClientOptions): TestClient {
  const { access, hello = {}, plays = true, headers = {}, protocols = access.protocols } = options;
  const waitMs = plays === 'in real time' ? WAIT_IN_REAL_TIME_MS : WAIT_MS;
  const socket = new WebSocket(access.url, protocols, { headers });
  const received: Received[] = [];
  const frames: (AudioFrame & { atMs: number })[] = [];
  const waiters = new Set<() => void>();
  let from = 0;
  let micSeq = 0;
  let micSamples = 0;
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('error', () => {});
  const send = (message: ClientMessage) => socket.send(JSON.stringify(message));
  const outRate = hello === false ? 16_000 : (hello.audio?.out?.rate ?? 16_000);
  socket.on('open', () => {
    if (hello === false) return;
    const audio = { in: { rate: 16_000 }, out: { rate: 16_000 } } as const;
    send({ type: 'hello', protocol: PROTOCOL, client: { name: 'test', version: '0' }, audio, ...hello });
  });
  socket.on('message', (data, isBinary) => {
    const atMs = performance.now();
    if (isBinary) {
      const decoded = decodeFrame(new Uint8Array(data as Buffer));
      if (!decoded.ok) throw new Error(`the server sent a broken frame: ${decoded.problem}`);
      const { frame } = decoded;
      frames.push({ ...frame, atMs });
      // Within the second that the server sends ahead, and rarely enough for the limit of messages.
      if (plays && (frame.last || frame.seq % 40 === 39)) {
        const playedMs = ((frame.pts + frame.pcm.length) * 1000) / outRate;
        const state = frame.last ? 'ended' : 'playing';
        const report = () => {
          if (socket.readyState !== socket.OPEN) return;
          send({ type: 'playback', turn: frame.stream, playedMs, bufferedMs: 0, state });
        };
        const startedAtMs = frames.find(({ stream }) => stream === frame.stream)?.atMs ?? atMs;
        if (plays === true) report();
        else setTimeout(report, Math.max(0, startedAtMs + playedMs - atMs));
      }
    } else {
      const parsed = parseServerMessage((data as Buffer).toString('utf8'));
      if (!parsed.ok)
        throw new Error(`the server sent a broken message: ${parsed.problem}: ${(data as Buffer).toString()}`);
      received.push({ message: parsed.message, atMs });
      if (parsed.message.type === 'audio.clear' && plays) {
        send({
          type: 'playback.cleared',
          turn: parsed.message.turn,
          playedMs: playedOf(frames, parsed.message.turn, outRate),
        });
      }
    }
    for (const wake of waiters) wake();
  });

  const next: TestClient['next'] = (type, where = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        for (const { message } of received.slice(from)) {
          if (message.type !== type) continue;
          const match = message as ServerMessageOf<typeof type>;
          if (!where(match)) continue;
          waiters.delete(look);
          clearTimeout(timer);
          return resolve(match);
        }
      };
      const timer = setTimeout(() => {
        waiters.delete(look);
        const seen = received
          .slice(from)
          .map(({ message }) => message.type)
          .join(', ');
        reject(new Error(`no ${type} came within ${waitMs} ms; what came: ${seen}`));
      }, waitMs);
      waiters.add(look);
      look();
    });

  return {
    socket,
    received,
    frames,
    closed,
    send,
    speak(pcm) {
      for (let at = 0; at < pcm.length; at += 320) {
        const part = pcm.subarray(at, at + 320);
        const frame = { kind: FrameKind.microphone, first: micSeq === 0, last: false, gap: false, stream: 1 };
        socket.send(encodeFrame({ ...frame, seq: micSeq++, pts: micSamples, pcm: part }));
        micSamples += part.length;
      }
    },
    next,
    all: (type) =>
      received.flatMap(({ message }) => (message.type === type ? [message as ServerMessageOf<typeof type>] : [])),
    forget: () => void (from = received.length),
    close() {
      socket.close();
      return closed;
    },
  };
}

/** Speech (a tone) followed by silence, at 16 kHz, in seconds. */
export function utterance(speechSeconds = 1, silenceSeconds = 2): Int16Array {
  const speech = tone(speechSeconds * 16_000, 16_000);
  const pcm = new Int16Array(Math.round((speechSeconds + silenceSeconds) * 16_000));
  pcm.set(speech);
  return pcm;
}

function playedOf(frames: readonly AudioFrame[], turn: number, rate: number): number {
  const last = frames.findLast(({ stream }) => stream === turn);
  return last ? ((last.pts + last.pcm.length) * 1000) / rate : 0;
}
