import type { ClientMessage, ServerMessage } from '../../../protocol/messages.ts';
import { createTimer, type Clock } from './clock.ts';

/**
 * What is stored and replayed: `isStored` of the protocol, which can't be imported here because it brings the whole
 * schema along; a test holds the two together. All else passes by, also what this client does not know yet: its `seq` is
 * that of an event which may still be to come, and must never count as seen.
 */
const STORED = 'session.state session.warning session.ended turn.started transcript.coach turn.done recap error'.split(
  ' ',
);

export function passesBy(message: ServerMessage): boolean {
  return message.type === 'transcript.user' ? !message.final : !STORED.includes(message.type);
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
  return {
    accept(message) {
      // A fatal error may come of a server that never got as far as the session: it has no number in it.
      if (message.type === 'pong' || passesBy(message) || (message.type === 'error' && message.fatal)) return true;
      if (message.seq <= last) return false;
      last = message.seq;
      unacknowledged += 1;
      if (unacknowledged >= ACK_EVENTS) acknowledge();
      else if (!timer.armed) timer.set(ACK_MS);
      return true;
    },
    restart(seq) {
      last = seq;
      unacknowledged = 0;
      timer.cancel();
    },
    get last() {
      return last;
    },
    cancel: timer.cancel,
  };
}
