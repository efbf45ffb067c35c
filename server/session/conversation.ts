/**
 * Who has the floor: the turn-taking of one session as a pure reducer, (state, event) → (state, effects). No clock and
 * no I/O; what takes time comes back as an event.
 *
 *     open ──words──▶ thinking ──first speech sent──▶ speaking ──all played──▶ open
 *                        │ person starts to speak        │
 *                        └──────────────▶ held ◀─────────┘
 *     held ──words──▶ open (interrupted)      held ──no words for 2 s, or a backchannel──▶ thinking (goes on)
 */
import type { TurnStatus } from '../../protocol/messages.ts';

export type Floor =
  | { kind: 'open' }
  /** A reply is being prepared; nothing of it was sent: `answers` is still without an answer. */
  | { kind: 'thinking'; turn: number; answers?: number }
  | { kind: 'speaking'; turn: number }
  /** The coach has fallen silent because the person may be interrupting. */
  | { kind: 'held'; turn: number; answers?: number };

export interface Conversation {
  /** The last turn that was begun. */
  turn: number;
  floor: Floor;
  /** The person's utterance that is under way; an earlier one may still be waiting for its transcript. */
  speaking: number | null;
  /** The last utterance that no reply has taken up; null when all are answered. */
  unanswered: number | null;
}

export type ConversationEvent =
  | { type: 'greet' }
  /** After a reconnect: `goOn` when sentences of an interrupted reply are left to say. */
  | { type: 'returned'; goOn: boolean; unanswered: number | null }
  | { type: 'speech_started'; utterance: number }
  /** Words were recognised in the utterance under way; `backchannel` when they are only that so far. */
  | { type: 'words'; backchannel: boolean }
  /** The utterance is over. `content` is false when it had no words; `lost`: nobody understood it, which can be said aloud. */
  | { type: 'utterance'; utterance: number; content: boolean; backchannel: boolean; lost?: boolean }
  | { type: 'typed'; utterance: number }
  /** No words came within the time that an interruption has. */
  | { type: 'no_words' }
  | { type: 'reply_sending'; turn: number }
  | { type: 'reply_completed'; turn: number }
  | { type: 'reply_failed'; turn: number }
  /** The coach has something to say on its own account; asked again at the end of each turn while it has. */
  | { type: 'remark' }
  | { type: 'cancel'; turn: number | undefined }
  | { type: 'left' };

export type ConversationEffect =
  /** At once: abort the turn's work and silence what the client has of it. */
  | { type: 'stop'; turn: number; reason: 'barge_in' | 'cancelled' | 'failed' }
  /** Store what became of the turn. `goesOn`: a `go_on` follows, so that what was not heard is not lost. */
  | { type: 'finish'; turn: number; status: TurnStatus; goesOn?: true }
  | { type: 'reply'; turn: number; inReplyTo: number | null }
  | { type: 'remark'; turn: number }
  /** Ask aloud for what was lost to be said again. */
  | { type: 'apologise'; turn: number }
  /** Say what of the turn `of` was not heard. */
  | { type: 'go_on'; turn: number; of: number | null }
  /** Send `no_words` when none come in time. */
  | { type: 'await_words' };

export interface Step {
  state: Conversation;
  effects: ConversationEffect[];
}

export function startConversation(turn: number): Conversation {
  return { turn, floor: { kind: 'open' }, speaking: null, unanswered: null };
}

export function converse(state: Conversation, event: ConversationEvent): Step {
  switch (event.type) {
    case 'greet':
      return beginReply(state, null);
    case 'returned':
      if (event.goOn) return goOn({ ...state, unanswered: event.unanswered }, null);
      return event.unanswered === null ? same(state) : beginReply(state, event.unanswered);
    case 'speech_started':
      return speechStarted({ ...state, speaking: event.utterance });
    case 'words':
      return event.backchannel ? same(state) : takeFloor(state, 'barge_in');
    case 'utterance':
      return utterance({ ...state, speaking: state.speaking === event.utterance ? null : state.speaking }, event);
    case 'typed':
      return answer({ ...state, unanswered: event.utterance });
    case 'no_words':
      return state.floor.kind === 'held' ? goOn(state, state.floor.turn) : same(state);
    case 'reply_sending':
      return isCurrent(state, event.turn, 'thinking')
        ? same({ ...state, floor: { kind: 'speaking', turn: event.turn } })
        : same(state);
    case 'reply_completed':
      return replyOver(state, event.turn, 'completed');
    case 'reply_failed':
      return replyOver(state, event.turn, 'failed');
    case 'remark':
      return unprompted(state, 'remark');
    case 'cancel':
      return cancel(state, event.turn);
    case 'left':
      return takeFloor({ ...state, speaking: null }, 'cancelled');
  }
}

/** Whether an answer to that utterance would be the next thing to be said, were it over now. */
export function isNext({ floor, speaking }: Conversation, utterance: number): boolean {
  return floor.kind === 'open' && (speaking === null || speaking === utterance);
}

const same = (state: Conversation): Step => ({ state, effects: [] });

function isCurrent(state: Conversation, turn: number, kind: Floor['kind']): boolean {
  return state.floor.kind === kind && 'turn' in state.floor && state.floor.turn === turn;
}

function beginReply(state: Conversation, inReplyTo: number | null): Step {
  const turn = state.turn + 1;
  return {
    state: { ...state, turn, unanswered: null, floor: { kind: 'thinking', turn, ...stillAnswers(inReplyTo) } },
    effects: [{ type: 'reply', turn, inReplyTo }],
  };
}

function stillAnswers(utterance: number | null | undefined): { answers?: number } {
  return utterance === null || utterance === undefined ? {} : { answers: utterance };
}

/** What a floor that is taken leaves without an answer. */
function answersOf(floor: Floor): number | undefined {
  return floor.kind === 'thinking' || floor.kind === 'held' ? floor.answers : undefined;
}

/** Never into speech: not the person's, and the coach's own turn is over first. */
function unprompted(state: Conversation, type: 'remark' | 'apologise'): Step {
  if (state.floor.kind !== 'open' || state.speaking !== null || state.unanswered !== null) return same(state);
  const turn = state.turn + 1;
  return { state: { ...state, turn, floor: { kind: 'thinking', turn } }, effects: [{ type, turn }] };
}

function goOn(state: Conversation, of: number | null): Step {
  const turn = state.turn + 1;
  const finish: ConversationEffect[] =
    of === null ? [] : [{ type: 'finish', turn: of, status: 'interrupted', goesOn: true }];
  return {
    state: { ...state, turn, floor: { kind: 'thinking', turn, ...stillAnswers(answersOf(state.floor)) } },
    effects: [...finish, { type: 'go_on', turn, of }],
  };
}

function speechStarted(state: Conversation): Step {
  const { floor } = state;
  if (floor.kind !== 'thinking' && floor.kind !== 'speaking') return same(state);
  return {
    state: { ...state, floor: { kind: 'held', turn: floor.turn, ...stillAnswers(answersOf(floor)) } },
    effects: [{ type: 'stop', turn: floor.turn, reason: 'barge_in' }, { type: 'await_words' }],
  };
}

/** The person has the floor: whatever the coach was saying is over, and what it had not begun to answer still waits. */
function takeFloor(state: Conversation, reason: 'barge_in' | 'cancelled'): Step {
  const { floor } = state;
  if (floor.kind === 'open') return same(state);
  const stop: ConversationEffect[] = floor.kind === 'held' ? [] : [{ type: 'stop', turn: floor.turn, reason }];
  return {
    state: { ...state, floor: { kind: 'open' }, unanswered: state.unanswered ?? answersOf(floor) ?? null },
    effects: [...stop, { type: 'finish', turn: floor.turn, status: 'interrupted' }],
  };
}

function utterance(state: Conversation, event: Extract<ConversationEvent, { type: 'utterance' }>): Step {
  const held = state.floor.kind === 'held' ? state.floor.turn : undefined;
  const interrupts = event.content && !(event.backchannel && state.floor.kind !== 'open');
  if (interrupts) return answer({ ...state, unanswered: event.utterance });
  if (held !== undefined) return goOn(state, held);
  if (state.floor.kind !== 'open') return same(state);
  return event.lost && state.unanswered === null ? unprompted(state, 'apologise') : answer(state);
}

/** Replies to what is unanswered, unless the person goes on speaking: then the reply waits and answers all of it. */
function answer(state: Conversation): Step {
  const taken = takeFloor(state, 'barge_in');
  if (state.speaking !== null || state.unanswered === null) return taken;
  const reply = beginReply(taken.state, state.unanswered);
  return { state: reply.state, effects: [...taken.effects, ...reply.effects] };
}

function replyOver(state: Conversation, turn: number, status: 'completed' | 'failed'): Step {
  const { floor } = state;
  if (floor.kind === 'open' || floor.turn !== turn) return same(state);
  const stop: ConversationEffect[] = status === 'failed' ? [{ type: 'stop', turn, reason: 'failed' }] : [];
  const over: Step = {
    state: { ...state, floor: { kind: 'open' } },
    effects: [...stop, { type: 'finish', turn, status }],
  };
  if (state.unanswered === null || state.speaking !== null) return over;
  const reply = beginReply(over.state, state.unanswered);
  return { state: reply.state, effects: [...over.effects, ...reply.effects] };
}

function cancel(state: Conversation, turn: number | undefined): Step {
  const { floor } = state;
  if (floor.kind === 'open' || (turn !== undefined && turn !== floor.turn)) return same(state);
  const stop: ConversationEffect[] =
    floor.kind === 'held' ? [] : [{ type: 'stop', turn: floor.turn, reason: 'cancelled' }];
  return {
    state: { ...state, floor: { kind: 'open' } },
    effects: [...stop, { type: 'finish', turn: floor.turn, status: 'cancelled' }],
  };
}
