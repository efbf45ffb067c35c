/** Watches what the person says for talk of harm, before anything is answered to it. */
import type { Message } from '../../protocol/messages.ts';
import { type CareOccasion, careWords, goesOn } from '../coaching/care.ts';
import type { Help } from '../coaching/help-lines.ts';
import { type DangerFound, readDanger } from '../coaching/safety.ts';
import type { NewEvent } from '../ports/session-store.ts';
import type { Ledger } from './ledger.ts';
import { type CareRecord, type SessionState, withAside } from './state.ts';
import type { LifecycleInput } from './steering.ts';

export interface Weighed {
  /** What it means for the session's time. */
  inputs: LifecycleInput[];
  /** Notes in the state that the message is about harm, and that care began. */
  note(state: SessionState, messageId: string): SessionState;
}

export interface ToWeigh {
  text: string;
  /** What was heard in it while it was being said. */
  danger: DangerFound | undefined;
  ledger: Pick<Ledger, 'messages' | 'state'>;
  atMs: number;
  via: CareRecord['via'];
}

/** A sentence may come in two pieces: what was said and is not answered yet counts with it. */
export function weigh({ text, danger, ledger, atMs, via }: ToWeigh): Weighed {
  const { lifecycle } = ledger.state;
  const isOn = lifecycle.care !== undefined;
  const found = danger ?? readDanger(text) ?? readDanger(`${unanswered(ledger.messages)} ${text}`);
  if (!found && (!isOn || goesOn(text))) {
    return { inputs: isOn ? [{ type: 'care.ended' }] : [], note: (state) => state };
  }
  const { about, language } = found ?? {};
  const began = about && language && !isOn ? [{ atMs, about, language, via }] : [];
  return {
    inputs: found ? [{ type: 'care.began' }] : [],
    note: (state, messageId) =>
      withAside(began.length > 0 ? { ...state, cares: [...(state.cares ?? []), ...began] } : state, messageId),
  };
}

/** Whom to call, for clients to show. */
export function careEvent({ line, emergency }: Help): Extract<NewEvent, { type: 'care' }> {
  return { type: 'care', lines: line ? [line] : [], ...(emergency !== undefined && { emergency }) };
}

/** The words of care for what the person said last. */
export function careScript({ state, messages }: Pick<Ledger, 'state' | 'messages'>, help: Help): string[] {
  const said = unanswered(messages);
  const language = readDanger(said)?.language ?? state.cares?.at(-1)?.language ?? 'en';
  return careWords(occasionOf(state, messages, said), language, help);
}

function occasionOf(state: SessionState, messages: readonly Message[], said: string): CareOccasion {
  const sinceMs = state.lifecycle.care?.sinceMs ?? 0;
  const aside = new Set(state.aside);
  const wasSaid = messages.some(
    ({ sender, id, timestamp }) => sender === 'ai' && aside.has(id) && Date.parse(timestamp) >= sinceMs,
  );
  if (!wasSaid) return 'first';
  return readDanger(said) ? 'again' : 'stay';
}

/** The conversation without what no model is to see or speak of. */
export function forEngine({ state, messages }: Pick<Ledger, 'state' | 'messages'>): Message[] {
  const aside = new Set(state.aside);
  return messages.filter(({ id }) => !aside.has(id));
}

function unanswered(messages: readonly Message[]): string {
  const last = messages.findLastIndex(({ sender }) => sender === 'ai');
  return messages
    .slice(last + 1)
    .map(({ text }) => text)
    .join(' ');
}
