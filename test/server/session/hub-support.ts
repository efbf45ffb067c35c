/** Hubs on one memory store, and people at the near end of a `Connection`: no sockets, so that a test is quick. */
import { encodeFrame, decodeFrame, FrameKind, type AudioFrame } from '../../../protocol/audio-frame.ts';
import { CLOSE, type CloseName } from '../../../protocol/close-codes.ts';
import {
  type ClientMessage,
  type Hello,
  PROTOCOL,
  type ServerMessage,
  type ServerMessageOf,
} from '../../../protocol/messages.ts';
import { loadConfig } from '../../../server/config.ts';
import { type Clock, systemClock } from '../../../server/ports/clock.ts';
import type { InstanceBus } from '../../../server/ports/instance-bus.ts';
import { silentLog } from '../../../server/ports/log.ts';
import { noMetrics } from '../../../server/ports/metrics.ts';
import type { SessionStore } from '../../../server/ports/session-store.ts';
import { noBudget } from '../../../server/session/budget.ts';
import { createHub, type Hub } from '../../../server/session/hub.ts';
import { type Connection, type SessionServices, sessionSettings } from '../../../server/session/services.ts';
import type { Session } from '../../../server/session/session.ts';
import type { SessionState } from '../../../server/session/state.ts';
import { createLocalBus } from '../../../server/storage/local-bus.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { scriptedEngine, scriptedTts } from '../../support/scripted.ts';

export interface TestHubOptions {
  store?: SessionStore<SessionState>;
  bus?: InstanceBus;
  instanceId?: string;
  env?: Record<string, string>;
  clock?: Clock;
  services?: Partial<Pick<SessionServices, 'engine' | 'ears' | 'tts' | 'log'>>;
}

export interface TestHub {
  hub: Hub;
  store: SessionStore<SessionState>;
}

export function createTestHub(options: TestHubOptions = {}): TestHub {
  const { clock = systemClock, bus = createLocalBus(), instanceId = 'a', env = {}, services = {} } = options;
  const store = options.store ?? createMemorySessions<SessionState>({ clock });
  const config = loadConfig(env);
  const engine = scriptedEngine({
    clock,
    answer: ({ conversation, occasion }) =>
      occasion === 'reply' ? `You said ${conversation.at(-1)?.text}.` : `It is time for ${occasion}.`,
  });
  const settings = sessionSettings(config);
  const tts = scriptedTts({ clock });
  const shared = {
    store,
    engine,
    ears: undefined,
    tts,
    clock,
    log: silentLog,
    metrics: noMetrics,
    budget: noBudget,
    settings,
  };
  const hub = createHub({ services: { ...shared, ...services }, instanceId, bus, ticketMs: 30_000 });
  return { hub, store };
}

export interface Person {
  readonly session: Session;
  readonly received: readonly ServerMessage[];
  readonly frames: readonly AudioFrame[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  send(message: ClientMessage): void;
  /** 20 ms frames of these samples, at once. */
  speak(pcm: Int16Array): void;
  next<T extends ServerMessage['type']>(
    type: T,
    where?: (message: ServerMessageOf<T>) => boolean,
  ): Promise<ServerMessageOf<T>>;
  all<T extends ServerMessage['type']>(type: T): ServerMessageOf<T>[];
  /** What the coach said in captions, turn by turn. */
  captions(): string;
  leave(): Promise<void>;
}

export interface ComeInOptions {
  hello?: Partial<Hello>;
  /** Reports speech as played as soon as it comes. Default true. */
  plays?: boolean;
}

export const AUDIO: Hello['audio'] = { in: { rate: 16_000 }, out: { rate: 16_000 } };
const WAIT_MS = 4000;

/** Comes into a session as a client that was let in by its ticket; leaves when it is closed, as its socket would. */
export async function comeIn(hub: Hub, sessionId: string, options: ComeInOptions = {}): Promise<Person> {
  const { hello = {}, plays = true } = options;
  const received: ServerMessage[] = [];
  const frames: AudioFrame[] = [];
  const waiters = new Set<() => void>();
  const early: ClientMessage[] = [];
  let entered: Session | undefined;
  let isOpen = true;
  let micSamples = 0;
  let tellClosed: (code: number) => void = () => {};
  const closed = new Promise<number>((resolve) => (tellClosed = resolve));
  const send = (message: ClientMessage) => void (entered ? entered.receive(message) : early.push(message));
  const leave = async () => {
    isOpen = false;
    if (entered) await hub.leave(entered);
  };
  const playedOf = (turn: number) => {
    const last = frames.findLast(({ stream }) => stream === turn);
    return last ? (last.pts + last.pcm.length) / 16 : 0;
  };
  const connection: Connection = {
    send(message) {
      if (!isOpen) return;
      received.push(message);
      if (message.type === 'audio.clear' && plays) {
        queueMicrotask(() => send({ type: 'playback.cleared', turn: message.turn, playedMs: playedOf(message.turn) }));
      }
      for (const wake of waiters) wake();
    },
    sendFrame(bytes) {
      const decoded = decodeFrame(bytes);
      if (!isOpen || !decoded.ok) return;
      const { frame } = decoded;
      frames.push(frame);
      if (!plays || !(frame.last || frame.seq % 40 === 39)) return;
      const state = frame.last ? 'ended' : 'playing';
      const playedMs = playedOf(frame.stream);
      queueMicrotask(() => send({ type: 'playback', turn: frame.stream, playedMs, bufferedMs: 0, state }));
    },
    close(name: CloseName) {
      if (!isOpen) return;
      isOpen = false;
      tellClosed(CLOSE[name].code);
      setImmediate(() => void leave());
    },
  };
  const next: Person['next'] = (type, where = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = received.find((each) => each.type === type && where(each as ServerMessageOf<typeof type>));
        if (!found) return;
        waiters.delete(look);
        clearTimeout(timer);
        resolve(found as ServerMessageOf<typeof type>);
      };
      const timer = setTimeout(() => {
        waiters.delete(look);
        reject(new Error(`no ${type} came within ${WAIT_MS} ms; what came: ${JSON.stringify(received)}`));
      }, WAIT_MS);
      waiters.add(look);
      look();
    });
  const greeting: Hello = { type: 'hello', protocol: PROTOCOL, client: { name: 'test', version: '0' }, audio: {} };
  entered = await hub.enter(sessionId, { ...greeting, ...hello }, connection);
  for (const message of early.splice(0)) entered.receive(message);
  const session = entered;
  return {
    session,
    received,
    frames,
    closed,
    send,
    speak(pcm) {
      for (let at = 0; at < pcm.length; at += 320) {
        const part = { pcm: pcm.subarray(at, at + 320), seq: micSamples / 320, pts: micSamples };
        const frame = { kind: FrameKind.microphone, first: false, last: false, gap: false, stream: 1 };
        const decoded = decodeFrame(encodeFrame({ ...frame, ...part }));
        if (decoded.ok) session.receiveFrame(decoded.frame);
        micSamples += 320;
      }
    },
    next,
    all: (type) => received.filter((each) => each.type === type) as ServerMessageOf<typeof type>[],
    captions: () => received.flatMap((each) => (each.type === 'transcript.coach' ? [each.text] : [])).join(' '),
    leave,
  };
}
