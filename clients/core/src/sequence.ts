import type { ClientMessage, ServerMessage } from '../../../protocol/messages.ts';
import { createTimer, type Clock } from './clock.ts';

/**
 * What passes by and is not replayed: `isStored` of the protocol, which can't be imported here because it brings the
 * whole schema along; a test holds the two together.
 */
const PASSING = new Set<ServerMessage['type']>([
  'ready',
  'resumed',
  'session.go_away',
  'speech.started',
  'speech.stopped',
  'audio.end',
  'audio.clear',
  'notice',
  'pong',
]);

export function passesBy(message: ServerMessage): boolean {
  return PASSING.has(message.type) || (message.type === 'transcript.user' && !message.final);
}

const ACK_EVENTS = 20;
const ACK_MS = 1000;

/** Knows the last stored event seen, acknowledges every 20 events or 1 s, and recognises what came already. */
export interface Sequence {
  /** False for a stored event that was seen before a resume. */
  accept(message: ServerMessage): boolean;
  /** The whole state as of `seq` was given at once. */
  restart(seq: number): void;
  readonly last: number;
  cancel(): void;
}

export function createSequence(clock: Clock, send: (message: ClientMessage) => void): Sequence {
  let last = 0;
  let unacknowledged = 0;
  const acknowledge = () => {
    timer.cancel();
    unacknowledged = 0;
    send({ type: 'ack', seq: last });
  };
  const timer = createTimer(clock, acknowledge);
  const restart = (seq: number) => {
    last = seq;
    unacknowledged = 0;
    timer.cancel();
  };
  return {
    accept(message) {
      if (message.type === 'pong' || passesBy(message)) return true;
      if (message.seq <= last) return false;
      last = message.seq;
      unacknowledged += 1;
      if (unacknowledged >= ACK_EVENTS) acknowledge();
      else if (!timer.armed) timer.set(ACK_MS);
      return true;
    },
    restart,
    get last() {
      return last;
    },
    cancel: () => timer.cancel(),
  };
}
