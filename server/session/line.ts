/** The line to a session's client: stored events as they are stored, passing ones with the number of the last. */
import type { CloseName } from '../../protocol/close-codes.ts';
import type { Hello, ServerMessageOf } from '../../protocol/messages.ts';
import type { NewEvent, StoredEvent } from '../ports/session-store.ts';
import type { EndReason } from './lifecycle.ts';
import type { SpeechOutput } from '../voice/reply.ts';
import type { Connection, SessionServices } from './services.ts';

export type Greeting = ServerMessageOf<'ready' | 'resumed'>;

export interface Line {
  /** A stored event. */
  show(event: StoredEvent): void;
  /** What is not stored. */
  pass(event: NewEvent): void;
  /** From now on events are sent; those from before were part of the greeting or replayed after it. */
  open(greeting: Greeting, missed: readonly StoredEvent[]): void;
  /** Nothing is sent any more. */
  hangUp(): void;
}

export interface LineOptions {
  connection: Connection;
  metrics: SessionServices['metrics'];
  lastSeq(): number;
}

export function createLine({ connection, metrics, lastSeq }: LineOptions): Line {
  let isOpen = false;
  /** Stored while the welcome was under way: a timer, REST. */
  let early: StoredEvent[] | undefined = [];
  const send = (event: StoredEvent) => {
    if (isOpen) connection.send(event);
  };
  return {
    show(event) {
      metrics.event(event);
      if (isOpen) connection.send(event);
      else early?.push(event);
    },
    pass: (event) => send({ ...event, seq: lastSeq() }),
    open(greeting, missed) {
      connection.send(greeting);
      for (const event of missed) connection.send(event);
      const { seq } = missed.at(-1) ?? greeting;
      for (const event of early ?? []) if (event.seq > seq) connection.send(event);
      early = undefined;
      isOpen = true;
    },
    hangUp() {
      isOpen = false;
      early = undefined;
    },
  };
}

export function awayNotice(away: boolean): NewEvent {
  const message = away
    ? 'I have trouble remembering at the moment; what you say waits until I can.'
    : 'My memory is back; nothing was lost.';
  return { type: 'notice', code: 'store_away', message };
}

/** How the coach is heard at the other end; undefined where nothing can be spoken, or nobody wants to hear it. */
export function speechOutput(
  { tts, settings }: SessionServices,
  { audio, voice }: Hello,
  connection: Connection,
): SpeechOutput | undefined {
  if (!tts || !audio.out) return undefined;
  const { playbackAheadMs: aheadMs, playbackReportMs: reportTimeoutMs } = settings;
  const sendFrame = (bytes: Uint8Array) => connection.sendFrame(bytes);
  return { tts, voice, rate: audio.out.rate, aheadMs, reportTimeoutMs, sendFrame };
}

/** How the socket of a session that has ended is closed. */
export function closeOf(reason: EndReason): CloseName {
  switch (reason) {
    case 'confirmed':
    case 'forced':
    case 'abandoned':
      return 'sessionOver';
    case 'time_limit':
      return 'timeLimit';
    case 'idle':
      return 'idle';
    case 'quota':
      return 'quota';
  }
}
