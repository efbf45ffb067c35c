/** Plays a scripted person against the built-in coach, the way a session does. */
import { createBuiltinCoach } from '../../../server/providers/builtin/coach.ts';
import {
  type CoachNotes,
  type ConversationEntry,
  emptyNotes,
  type ReplyRequest,
} from '../../../server/ports/language-model.ts';
import type { Stage } from '../../../protocol/messages.ts';

const MINUTE_MS = 60_000;
const coach = createBuiltinCoach();

export interface Exchange {
  readonly said: string;
  readonly reply: string;
  readonly stage: Stage;
}

export interface Played {
  readonly greeting: string;
  readonly exchanges: readonly Exchange[];
  readonly notes: CoachNotes;
}

export async function answer(request: ReplyRequest): Promise<{ text: string; pieces: string[]; notes: CoachNotes }> {
  const pieces: string[] = [];
  let notes = request.notes;
  for await (const part of coach.reply(request, { signal: new AbortController().signal })) {
    if (part.type === 'text') pieces.push(part.text);
    else notes = part.notes;
  }
  return { text: pieces.join(''), pieces, notes };
}

/** Each exchange takes `exchangeMs` of a session of `budgetMs`; notes go through JSON, as they do through a store. */
export async function play(
  lines: readonly string[],
  { budgetMs = 30 * MINUTE_MS, exchangeMs = MINUTE_MS }: { budgetMs?: number; exchangeMs?: number } = {},
): Promise<Played> {
  const conversation: ConversationEntry[] = [];
  const time = (turn: number) => ({
    elapsedMs: turn * exchangeMs,
    remainingMs: Math.max(0, budgetMs - turn * exchangeMs),
  });
  const opened = await answer({ occasion: 'greeting', conversation, notes: emptyNotes, time: time(0) });
  let notes = opened.notes;
  conversation.push({ sender: 'ai', text: opened.text });
  const exchanges: Exchange[] = [];
  for (const [i, said] of lines.entries()) {
    conversation.push({ sender: 'user', text: said });
    const reply = await answer({ occasion: 'reply', conversation, notes, time: time(i + 1) });
    notes = JSON.parse(JSON.stringify(reply.notes)) as CoachNotes;
    conversation.push({ sender: 'ai', text: reply.text });
    exchanges.push({ said, reply: reply.text, stage: notes.stage });
  }
  return { greeting: opened.text, exchanges, notes };
}

export function sentences(text: string): string[] {
  return text.split(/(?<=[.!?]['"]?)\s+/).filter((sentence) => sentence !== '');
}

export function questionsOf(played: Played): string[] {
  return played.exchanges.flatMap(({ reply }) => sentences(reply).filter((sentence) => sentence.endsWith('?')));
}
