import { describe, expect, it } from 'vitest';
import { hasCommittedWayForward, makeRecap } from '../../../server/coaching/recap.ts';
import { type CoachNotes, emptyNotes } from '../../../server/ports/language-model.ts';
import { sentences } from './transcript.ts';

const recapOf = (notes: Partial<CoachNotes>) => makeRecap({ ...emptyNotes, ...notes });

describe('a recap', () => {
  it('of a session without notes says so and thanks', () => {
    expect(recapOf({})).toEqual({
      topic: '',
      goal: '',
      insights: [],
      commitments: [],
      summary: 'We had a first look around today, without settling on anything yet. Thank you for your time.',
    });
  });

  it.each([
    [{ topic: 'my boss' }, 'We talked about your boss.'],
    [{ topic: "I'm stuck with my boss" }, "You came with this: you're stuck with your boss."],
    [{ goal: 'to talk to my sister' }, 'You want to talk to your sister.'],
    [{ insights: ['avoidance of my supervisor'] }, 'What you came to see: avoidance of your supervisor.'],
    [{ insights: ['an older one', "I've been avoiding him"] }, "You came to see that you've been avoiding him."],
    [
      { commitments: [{ what: 'call my sister', by: 'Monday', confidence: 8 }] },
      "You'll call your sister on Monday, with a confidence of eight out of ten.",
    ],
    [{ commitments: [{ what: 'rest' }] }, "You'll rest."],
    [
      { commitments: [{ what: 'rest' }, { what: 'call my sister', by: 'tonight' }, { what: 'write the list' }] },
      "You'll also call your sister tonight and write the list.",
    ],
  ] as const)('of %j says "%s"', (notes, sentence) => {
    expect(sentences(recapOf(notes).summary)).toContain(sentence);
  });

  it('ends with good wishes where something was promised, else leaves it open', () => {
    expect(recapOf({ topic: 'my boss' }).summary).toMatch(/Nothing is decided yet/);
    expect(recapOf({ commitments: [{ what: 'rest' }] }).summary).toMatch(/good luck with it\.$/);
  });

  it('turns everything of the person to "you", keeps when and confidence', () => {
    const recap = recapOf({
      topic: 'my boss and me',
      goal: 'us to get along with my team',
      insights: ['I never ask for help'],
      commitments: [{ what: 'ask my wife', by: 'Friday', confidence: 7 }],
    });
    expect(recap).toMatchObject({
      topic: 'you and your boss',
      goal: 'to get along with your team',
      insights: ['you never ask for help'],
      commitments: [{ what: 'ask your wife', by: 'Friday', confidence: 7 }],
    });
  });

  it('keeps a sentence a sentence, however long and pointed a note is', () => {
    const { summary } = recapOf({ topic: `my boss. He shouts! ${'and he shouts '.repeat(20)}` });
    expect(sentences(summary)).toHaveLength(2);
    expect(summary.split(' ').length).toBeLessThan(45);
  });
});

describe('a way forward', () => {
  const notes = (stage: CoachNotes['stage'], commitment: CoachNotes['commitments'][number]): CoachNotes => ({
    ...emptyNotes,
    stage,
    commitments: [commitment],
  });

  it.each([
    ['with a when and a five', notes('way_forward', { what: 'rest', by: 'Monday', confidence: 5 }), true],
    ['with a four', notes('way_forward', { what: 'rest', by: 'Monday', confidence: 4 }), false],
    ['without a when', notes('way_forward', { what: 'rest', confidence: 9 }), false],
    ['with an empty when', notes('way_forward', { what: 'rest', by: '', confidence: 9 }), false],
    ['without a number', notes('way_forward', { what: 'rest', by: 'Monday' }), false],
    ['of another stage', notes('options', { what: 'rest', by: 'Monday', confidence: 9 }), false],
  ])('%s is committed: %j → %s', (_, given, committed) => {
    expect(hasCommittedWayForward(given)).toBe(committed);
  });
});
