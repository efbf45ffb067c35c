/**
 * What is on the record and what is not. Off the record, the coach hears and answers as ever, with notes of their own;
 * nothing of it goes to the archive. Once the session is on the record again the coach knows none of it: what it knew
 * could turn up in a reply that is kept, or in the recap.
 *
 * A private session is off the record from its beginning to its end; in it the coach keeps its notes, and the recap is
 * shown, but nothing is stored any longer than the session is live.
 */
import type { Message } from '../../protocol/messages.ts';
import type { CoachNotes, ConversationEntry } from '../ports/language-model.ts';
import type { SessionState } from './state.ts';

export function isOff({ offRecord }: Pick<SessionState, 'offRecord'>): boolean {
  return offRecord !== undefined;
}

/** The same state when that is how it stands. */
export function withRecord(state: SessionState, on: boolean): SessionState {
  if (isOff(state) === !on) return state;
  if (!on) return { ...state, offRecord: { notes: state.notes }, wasOffRecord: true };
  const { offRecord: _, ...onRecord } = state;
  return onRecord;
}

/** Whether a turn that begins now is off the record: it is so now, or what it answers was. */
export function isTurnOff(state: SessionState, messages: readonly Message[]): boolean {
  if (isOff(state) || state.ephemeral) return true;
  const last = messages.findLastIndex(({ sender }) => sender === 'ai');
  return state.unsaid?.offRecord === true || messages.slice(last + 1).some(({ offRecord }) => offRecord);
}

/** What the coach may know in a turn that is off the record, or on it. */
export function known(state: SessionState, messages: readonly Message[], off: boolean) {
  const all = off || state.ephemeral === true;
  const heard = all ? messages : messages.filter(({ offRecord }) => !offRecord);
  const conversation: ConversationEntry[] = heard.map(({ sender, text }) => ({ sender, text }));
  return { conversation, notes: (off ? state.offRecord?.notes : undefined) ?? state.notes };
}

/** The notes of a turn. Those of one off the record go when the session is on the record again. */
export function withNotes(state: SessionState, notes: CoachNotes | undefined, off: boolean): SessionState {
  if (!notes) return state;
  if (!off || state.ephemeral) return { ...state, notes };
  return state.offRecord ? { ...state, offRecord: { notes } } : state;
}

export function marked(message: Message, off: boolean): Message {
  return off ? { ...message, offRecord: true } : message;
}

/** What of the state the archive may have; undefined: nothing. */
export function kept(state: SessionState): SessionState | undefined {
  if (state.ephemeral) return undefined;
  const { speaking, unsaid, offRecord, ...rest } = state;
  return {
    ...rest,
    ...(speaking && !speaking.offRecord && { speaking }),
    ...(unsaid && !unsaid.offRecord && { unsaid }),
    // It stays off the record for the instance that takes the session up, with the notes from before.
    ...(offRecord && { offRecord: { notes: rest.notes } }),
  };
}
