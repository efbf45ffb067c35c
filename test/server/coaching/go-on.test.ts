import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../protocol/messages.ts';
import { memoOf } from '../../../server/coaching/memo.ts';
import { coachReply } from '../../../server/coaching/reply.ts';
import { type CoachNotes, emptyNotes, type ReplyRequest } from '../../../server/ports/language-model.ts';
import { play, questionsOf, sentences } from './transcript.ts';
import { PERSONAS } from './personas.ts';

const goOn = (notes: CoachNotes): ReplyRequest => ({
  occasion: 'go_on',
  conversation: [
    { sender: 'ai', text: 'Shall we wrap up here?' },
    { sender: 'user', text: 'no, not yet' },
    { sender: 'ai', text: 'Of course. We have about ten minutes.' },
  ],
  notes,
  time: { elapsedMs: 1_200_000, remainingMs: 600_000 },
});

function manyTimes(first: CoachNotes, times: number): string[] {
  let notes = first;
  return Array.from({ length: times }, () => {
    const reply = coachReply(goOn(notes));
    notes = JSON.parse(JSON.stringify(reply.notes)) as CoachNotes;
    expect(reply.sentences).toHaveLength(1);
    return reply.sentences[0] ?? '';
  });
}

describe('taking the conversation up again', () => {
  it.each(STAGES)('in the stage %s asks one question, and none twice', (stage) => {
    const asked = manyTimes({ ...emptyNotes, stage, topic: 'my thesis' }, 8);
    expect(asked.every((sentence) => sentence.endsWith('?'))).toBe(true);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('keeps asking something once all questions are used up', () => {
    const asked = manyTimes({ ...emptyNotes, stage: 'reality' }, 150);
    expect(asked.every((sentence) => sentence.endsWith('?'))).toBe(true);
    expect(asked.at(-1)).toBe('What else is on your mind?');
    const fromTheBank = asked.filter((sentence) => sentence !== 'What else is on your mind?');
    expect(new Set(fromTheBank).size).toBe(fromTheBank.length);
  });

  it.each(Object.keys(PERSONAS))('asks somebody %s nothing that was asked before', async (name) => {
    const played = await play(PERSONAS[name] ?? []);
    const before = [...questionsOf(played), ...sentences(played.greeting)];
    for (const question of manyTimes(played.notes, 5)) expect(before).not.toContain(question);
  });

  it('is no turn of the person, and notes nothing but the question', () => {
    const notes: CoachNotes = { ...emptyNotes, stage: 'goal', topic: 'my thesis', goal: 'to finish it' };
    const { notes: after } = coachReply(goOn(notes));
    expect(after).toMatchObject({ stage: 'goal', topic: 'my thesis', goal: 'to finish it', commitments: [] });
    expect(memoOf(after)).toMatchObject({ turns: 0, stageTurns: 0 });
    expect(memoOf(after).asked).toHaveLength(1);
  });
});
