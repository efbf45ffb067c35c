/**
 * One socket from its opening to its loss: subprotocols, heartbeat, JSON and frames. Reports its loss exactly once,
 * whether the socket says so or has just gone silent (a half-open link gives no close event).
 */
import { decodeFrame, type AudioFrame } from '../../../protocol/audio-frame.ts';
import { closeMeaning } from '../../../protocol/close-codes.ts';
import type { ClientMessage, ServerMessage } from '../../../protocol/messages.ts';
import { createTimer, type Clock } from './clock.ts';
import type { Loss } from './state.ts';

/** What is used of a WebSocket: the browser's, Node's and that of `ws` fit. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: 'open' | 'error', fn: () => void): void;
  addEventListener(type: 'message', fn: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', fn: (event: { code: number }) => void): void;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

const PING_MS = 5000;
/** Nothing heard for this long: dead. Two pings and some. */
const DEAD_MS = 12_000;
/** The answer to a probe, or to opening plus `hello`, is waited for this long. */
const PROBE_MS = 2500;
export const OPEN_MS = 10_000;
/** Unsent bytes above which microphone audio is dropped: 1 s at 16 kHz. Old speech is worth less than new. */
const MAX_UNSENT_AUDIO_BYTES = 32_000;
const OPEN = 1;

export const NO_ANSWER: Loss = {
  action: 'resume',
  code: 'no_answer',
  message: 'The server does not answer.',
  delayMs: 0,
};

export interface ConnectionOptions {
  url: string;
  protocols: readonly string[];
  WebSocket: SocketConstructor;
  clock: Clock;
  onOpen: () => void;
  onMessage: (message: ServerMessage) => void;
  onFrame: (frame: AudioFrame) => void;
  /** Once, last. Not after `close`. */
  onLost: (loss: Loss) => void;
}

export interface Connection {
  /** False when the message could not be handed to the socket. */
  send(message: ClientMessage): boolean;
  /** False when the frame was dropped: not open, or too much is unsent already. */
  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** The server has accepted us: heartbeats begin. */
  accepted(): void;
  /** Finds out soon whether the link is alive: after a network change, or when a page comes back to the front. */
  probe(): void;
  close(): void;
}

export function openConnection(options: ConnectionOptions): Connection {
  const { clock } = options;
  let over = false;
  let lastHeardMs = clock.monotonicMs();
  const socket = new options.WebSocket(options.url, [...options.protocols]);
  socket.binaryType = 'arraybuffer';

  const finish = () => {
    over = true;
    pingTimer.cancel();
    deadTimer.cancel();
  };
  const lose = (loss: Loss) => {
    if (over) return;
    finish();
    options.onLost(loss);
  };
  const die = () => {
    const silentMs = clock.monotonicMs() - lastHeardMs;
    // Timers are late after a sleep of the machine; and what was heard since moves the deadline.
    if (silentMs < deadlineMs) return deadTimer.set(deadlineMs - silentMs);
    lose(NO_ANSWER);
    socket.close(4010, 'heartbeat missed');
  };
  const send = (message: ClientMessage) => {
    if (over || socket.readyState !== OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  };
  const ping = () => {
    send({ type: 'ping', t: clock.monotonicMs() });
    pingTimer.set(PING_MS);
  };
  const expectWithin = (ms: number) => {
    lastHeardMs = clock.monotonicMs();
    deadlineMs = ms;
    deadTimer.set(ms);
  };
  let deadlineMs = OPEN_MS;
  const pingTimer = createTimer(clock, ping);
  const deadTimer = createTimer(clock, die);
  deadTimer.set(deadlineMs);

  socket.addEventListener('open', () => {
    if (!over) options.onOpen();
  });
  // What went wrong is told by the close that follows; but `ws` throws where nobody listens.
  socket.addEventListener('error', () => {});
  socket.addEventListener('close', ({ code }) => lose(lossOf(code)));
  socket.addEventListener('message', ({ data }) => {
    if (over) return;
    lastHeardMs = clock.monotonicMs();
    if (deadlineMs === PROBE_MS) expectWithin(DEAD_MS);
    deliver(data, options);
  });

  return {
    send,
    sendFrame(bytes) {
      if (over || socket.readyState !== OPEN || socket.bufferedAmount > MAX_UNSENT_AUDIO_BYTES) return false;
      socket.send(bytes);
      return true;
    },
    accepted() {
      expectWithin(DEAD_MS);
      pingTimer.set(PING_MS);
    },
    probe() {
      if (over || !pingTimer.armed) return;
      ping();
      expectWithin(PROBE_MS);
    },
    close() {
      if (over) return;
      finish();
      socket.close(1000);
    },
  };
}

function deliver(data: unknown, { onMessage, onFrame }: Pick<ConnectionOptions, 'onMessage' | 'onFrame'>): void {
  if (typeof data === 'string') {
    const message = parse(data);
    if (message?.type) onMessage(message);
  } else {
    const result = decodeFrame(new Uint8Array(data as ArrayBuffer));
    if (result.ok) onFrame(result.frame);
  }
}

function lossOf(closeCode: number): Loss {
  const { action, reason, delayMs = 0 } = closeMeaning(closeCode);
  return { action, code: reason.replaceAll(' ', '_'), message: `The server closed: ${reason}.`, delayMs };
}

/** The server is trusted to keep to the schema, which would cost more than this whole client; unknown types pass. */
function parse(text: string): ServerMessage | null | undefined {
  try {
    return JSON.parse(text) as ServerMessage | null;
  } catch {
    return undefined;
  }
}
