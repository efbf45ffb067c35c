/**
 * The first replies take ten times longer than later ones, up to 100 ms: the tagger builds its model, and patterns and
 * functions are compiled as they are met. A rehearsed conversation takes that before somebody waits for it.
 */
import { emptyNotes, type CoachNotes, type ConversationEntry } from '../ports/language-model.ts';
import { coachReply } from './reply.ts';

const REHEARSAL = [
  "I'm stuck with my boss and I feel really frustrated because he never listens to me",
  'I want to have an honest conversation with him by the end of the month',
  "um we have a meeting on mondays but it's always about the numbers i can't get a word in",
  "I'm afraid that he'll think I can't handle the new project at work",
  'I could ask him for half an hour or I could write down my three priorities',
  "okay I'll write the list tonight and I'm calling Tom tomorrow morning at nine",
  'about an eight',
  'what should I do if it goes wrong?',
  "I realise that I don't have to be perfect",
] as const;
const ROUNDS = 6;

let isWarm = false;

export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  for (let round = 0; round < ROUNDS; round++) rehearse();
}

function rehearse(): void {
  let notes: CoachNotes = emptyNotes;
  const conversation: ConversationEntry[] = [];
  for (const text of REHEARSAL) {
    conversation.push({ sender: 'user', text });
    const reply = coachReply({
      occasion: 'reply',
      conversation,
      notes,
      time: { elapsedMs: 60_000, remainingMs: 1_700_000 },
    });
    notes = reply.notes;
    conversation.push({ sender: 'ai', text: reply.sentences.join(' ') });
  }
}
