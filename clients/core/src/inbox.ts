import type { ClientMessage, ServerMessage, ServerMessageOf, SessionView } from '../../../protocol/messages.ts';
import { createCaptions } from './captions.ts';
import type { Commands } from './commands.ts';
import type { Devices } from './devices.ts';
import type { Emitter } from './events.ts';
import type { Sequence } from './sequence.ts';
import type { SessionClock } from './session-clock.ts';
import type { CoachEvent, Loss } from './state.ts';

export interface InboxOptions extends Pick<Emitter, 'emit'> {
  commands: Commands;
  devices: Devices;
  sequence: Sequence;
  sessionClock: SessionClock;
  send: (message: ClientMessage) => boolean;
  dispatch: (event: CoachEvent) => void;
  onOpened: (message: ServerMessageOf<'ready' | 'resumed'>) => void;
}

/** What the server says: each message is checked for order once, then told to the parts that it concerns. */
export interface Inbox {
  receive(message: ServerMessage): void;
  /** The coach's turn under way. */
  readonly turn: number | undefined;
  /** The proposal to wrap up that stands. */
  readonly proposalId: string | undefined;
  /** What the last fatal error said, and how long to stay away; forgotten once read. */
  takeRefusal(): Omit<Loss, 'action'> | undefined;
}

export function createInbox(options: InboxOptions): Inbox {
  const { commands, devices, dispatch, emit, send, sequence, sessionClock } = options;
  const captionOf = createCaptions();
  let turn: number | undefined;
  let proposalId: string | undefined;
  let refusal: Omit<Loss, 'action'> | undefined;

  const opened = (message: ServerMessageOf<'ready' | 'resumed'>) => {
    if (message.type === 'ready' || !message.recovered) sequence.restart(message.seq);
    turn = undefined;
    options.onOpened(message);
    applyView(message.session);
  };
  const applyView = (view: SessionView) => {
    sessionClock.update(view);
    if (view.wrapUp?.proposalId !== proposalId) {
      proposalId = view.wrapUp?.proposalId;
      emit('wrapUp', view.wrapUp ?? null);
    }
    if (view.phase === 'closing') dispatch({ type: 'closing' });
  };
  const clear = (cleared: number) => {
    const { playback } = devices;
    if (playback) playback.clear(cleared).catch(devices.report);
    else send({ type: 'playback.cleared', turn: cleared, playedMs: 0 });
  };
  const fail = ({ code, message, fatal, ref, retryAfterMs: waitMs }: ServerMessageOf<'error'>) => {
    if (fatal) refusal = { code, message, delayMs: waitMs ?? 0 };
    emit('error', { code, message, fatal, ref });
  };

  const act = (message: ServerMessage) => {
    switch (message.type) {
      case 'ready':
      case 'resumed':
        return opened(message);
      case 'session.state':
        return applyView(message);
      case 'session.warning':
        return sessionClock.warn(message.remainingMs);
      case 'session.ended':
        if (message.recap) emit('recap', message.recap);
        return dispatch({ type: 'sessionEnded', reason: message.reason });
      case 'speech.started':
        return devices.setSpeaking({ user: true });
      case 'speech.stopped':
        return devices.setSpeaking({ user: false });
      case 'turn.started':
        turn = message.turn;
        return;
      case 'audio.end':
        return devices.playback?.announceEnd(message.turn, message.durationMs);
      case 'audio.clear':
        return clear(message.turn);
      case 'turn.done':
        if (turn === message.turn) turn = undefined;
        return emit('latency', { turn: message.turn, status: message.status, latency: message.latency });
      case 'recap':
        return emit('recap', message);
      case 'notice':
        return emit('notice', message);
      case 'error':
        return fail(message);
      // Told by captions or as a message, or only of use to the connection.
      case 'care':
      case 'transcript.user':
      case 'transcript.coach':
      case 'session.go_away':
      case 'pong':
    }
  };

  return {
    receive(message) {
      if (!sequence.accept(message)) return;
      emit('message', message);
      commands.settle(message);
      const caption = captionOf(message);
      if (caption) emit('caption', caption);
      act(message);
    },
    get turn() {
      return turn;
    },
    get proposalId() {
      return proposalId;
    },
    takeRefusal() {
      const taken = refusal;
      refusal = undefined;
      return taken;
    },
  };
}
