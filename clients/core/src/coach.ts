/**
 * The client of one session: runs the state machine's effects and joins the parts. Everything that touches the outside
 * (socket, devices, time, chance, requests) comes in by the options.
 */
import type { ClientMessage, ServerMessageOf } from '../../../protocol/messages.ts';
import type { AudioIO } from './audio-io.ts';
import { createTimer, systemClock, type Clock } from './clock.ts';
import { createCommands, type Command } from './commands.ts';
import type { Connection, SocketConstructor } from './connection.ts';
import { createDevices, messageOf } from './devices.ts';
import { dial, type GetAccess } from './dial.ts';
import { createEmitter, type CoachEvents } from './events.ts';
import { createInbox } from './inbox.ts';
import { createSequence } from './sequence.ts';
import { createSessionClock } from './session-clock.ts';
import { backoffMs, step, type CoachEffect, type CoachEvent, type CoachState, type Loss } from './state.ts';

export interface CoachOptions extends CoachParts {
  /** Answers with a fresh way in, at each connection. An error with `retryable: false` says that there is none. */
  getTicket: GetAccess;
}

export interface CoachParts {
  /** Without it, the person types and reads. */
  audio?: AudioIO;
  client?: { name: string; version: string };
  /** Who the coach speaks as; one of the server's voices. */
  voice?: string | undefined;
  WebSocket?: SocketConstructor;
  clock?: Clock;
  /** From 0 up to 1, as `Math.random`. */
  random?: () => number;
}

export interface Coach {
  /** In a browser: inside the click, so that sound is allowed. Once; a coach is for one session. */
  start(): void;
  /** Leaves: the session stays open for its grace period. Resolves when the devices are free. */
  stop(): Promise<void>;
  mute(muted: boolean): void;
  /**
   * Push to talk: while held, the microphone is open even when muted, and all that is said is one utterance, whatever
   * its pauses; letting go ends it.
   */
  hold(held: boolean): void;
  /** A typed turn. Answers with its id, or undefined when it was not taken (empty, too long, too many waiting). */
  sendText(text: string): string | undefined;
  requestWrapUp(): void;
  /** False when no proposal stands. */
  answerWrapUp(yes: boolean): boolean;
  /** Whether what is said from now on is kept. */
  setRecord(on: boolean): void;
  /** Who the coach speaks as from the next sentence on. */
  chooseVoice(voice: string): void;
  /** Silences the coach. False when it isn't its turn. */
  interrupt(): boolean;
  /** The network changed or the app came to the front: finds out at once whether the link lives, or reconnects now. */
  probe(): void;
  on<K extends keyof CoachEvents>(name: K, fn: (event: CoachEvents[K]) => void): () => void;
  readonly state: CoachState;
}

const PROTOCOL = 'kuku.v1';
const MAX_TEXT_CHARS = 4000;
/** Until the server names its own. */
const RESUME_WINDOW_MS = 120_000;

export function createCoach(options: CoachOptions): Coach {
  const { clock = systemClock, random = Math.random, WebSocket = globalThis.WebSocket } = options;
  const { on, emit } = createEmitter();
  const send = (message: ClientMessage) => connection?.send(message) ?? false;
  const sendFrame = (bytes: Uint8Array<ArrayBuffer>) => connection?.sendFrame(bytes) ?? false;
  const devices = createDevices({ audio: options.audio, clock, emit, send, sendFrame });
  const commands = createCommands();
  const sequence = createSequence(clock, send);
  const sessionClock = createSessionClock(clock, (timer) => emit('timer', timer));
  const redial = createTimer(clock, () => connect());
  let state: CoachState = { name: 'idle' };
  let connection: Connection | undefined;
  let hangUp: (() => void) | undefined;
  let released: Promise<void> | undefined;
  let resumeToken: string | undefined;
  let resumeWindowMs = RESUME_WINDOW_MS;
  let { voice } = options;
  let listens = false;
  let speaks = false;

  const dispatch = (event: CoachEvent) => {
    const next = step(state, event);
    const changed = next.state !== state;
    state = next.state;
    if (changed) emit('state', state);
    next.effects.forEach(run);
  };
  const run = (effect: CoachEffect) => {
    if (effect.type === 'release') released = release();
    if (effect.type === 'connect') redial.set(effect.delayMs + effect.jitter * backoffMs(effect.attempt, random));
    if (effect.type === 'startAudio') {
      devices.start().then(
        () => dispatch({ type: 'audioReady' }),
        (error: unknown) => dispatch({ type: 'audioFailed', message: messageOf(error) }),
      );
    }
  };
  const release = async () => {
    disconnected();
    redial.cancel();
    hangUp?.();
    await devices.stop();
  };
  const disconnected = () => {
    connection = undefined;
    sequence.cancel();
    sessionClock.stand();
    devices.listen(false);
    devices.setSpeaking({ user: false });
  };

  const connect = () => {
    hangUp?.();
    hangUp = dial({
      getAccess: options.getTicket,
      WebSocket,
      clock,
      onConnection: (dialled) => (connection = dialled),
      onOpen: hello,
      onMessage: (message) => inbox.receive(message),
      onFrame: (frame) => devices.playback?.frame(frame),
      onLost: lost,
    });
  };
  const lost = (loss: Loss) => {
    disconnected();
    const said = { ...loss, ...inbox.takeRefusal() };
    said.delayMs = Math.max(said.delayMs, loss.delayMs);
    dispatch({ type: 'lost', loss: said, atMs: clock.monotonicMs(), resumeWindowMs });
  };
  const hello = () => {
    const { format, playback } = devices;
    const resume = resumeToken
      ? { token: resumeToken, lastSeq: sequence.last, lastAudio: playback?.lastAudio }
      : undefined;
    const client = options.client ?? { name: 'kuku-core', version: '0.1.0' };
    send({ type: 'hello', protocol: PROTOCOL, client, audio: format, voice, resume });
  };
  const opened = (message: ServerMessageOf<'ready' | 'resumed'>) => {
    ({ resumeToken, resumeWindowMs } = message);
    connection?.accepted();
    devices.playback?.reset().catch(devices.report);
    const fresh = message.type === 'ready' ? message : undefined;
    if (fresh) {
      listens = Boolean(devices.format.in && fresh.audio.in);
      speaks = Boolean(devices.format.out && fresh.audio.out);
    }
    devices.listen(listens);
    dispatch({ type: 'opened' });
    const { sessionId, messages = [] } = message;
    const whole = fresh || !('recovered' in message && message.recovered);
    emit('session', { sessionId, listens, speaks, coach: fresh?.coach, messages: whole ? messages : undefined });
    devices.retell();
    for (const command of commands.pending()) send(command);
  };
  const inbox = createInbox({ commands, devices, dispatch, emit, send, sequence, sessionClock, onOpened: opened });

  const digits = () => random().toString(36).slice(2);
  const newId = () => digits() + digits();
  const order = (command: Command) => {
    const taken = commands.add(command);
    if (taken) send(command);
    return taken;
  };

  return {
    start: () => dispatch({ type: 'start', withAudio: options.audio !== undefined }),
    async stop() {
      dispatch({ type: 'stop' });
      await released;
    },
    mute: devices.mute,
    hold: devices.hold,
    sendText(typed) {
      const text = typed.trim();
      const id = newId();
      const fits = text.length > 0 && text.length <= MAX_TEXT_CHARS;
      return fits && order({ type: 'text', id, text }) ? id : undefined;
    },
    requestWrapUp: () => void order({ type: 'wrap_up.request', id: newId() }),
    answerWrapUp(accept) {
      const { proposalId } = inbox;
      return proposalId !== undefined && order({ type: 'wrap_up.answer', id: newId(), proposalId, accept });
    },
    setRecord: (on) => void order({ type: 'record.set', id: newId(), on }),
    chooseVoice(chosen) {
      voice = chosen;
      send({ type: 'voice.choose', voice });
    },
    interrupt() {
      const { turn } = inbox;
      if (turn === undefined) return false;
      const cancel = (playedMs: number) => void send({ type: 'turn.cancel', turn, playedMs });
      if (devices.playback) devices.playback.drop(turn).then(cancel).catch(devices.report);
      else cancel(0);
      return true;
    },
    probe() {
      if (!redial.armed) return connection?.probe();
      redial.cancel();
      connect();
    },
    on,
    get state() {
      return state;
    },
  };
}
