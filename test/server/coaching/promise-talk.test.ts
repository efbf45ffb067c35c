import { describe, expect, it } from 'vitest';
import type { Commitment } from '../../../protocol/messages.ts';
import { hear } from '../../../server/coaching/hearing.ts';
import { type Memo, memoOf } from '../../../server/coaching/memo.ts';
import { note } from '../../../server/coaching/noting.ts';
import { answerPromise } from '../../../server/coaching/promise-talk.ts';
import { PROMISE_QUESTIONS } from '../../../server/coaching/question-extras.ts';
import { bridge } from '../../../server/coaching/summary.ts';
import { emptyNotes } from '../../../server/ports/language-model.ts';
import { play } from './transcript.ts';

interface Given {
  memo?: Partial<Memo>;
  commitments?: readonly Commitment[];
  stage?: 'topic' | 'way_forward';
  /** Kinds of promise questions that were all asked before. */
  used?: readonly (keyof typeof PROMISE_QUESTIONS)[];
}

function talk(said: string, { memo = {}, commitments = [], stage = 'way_forward', used = [] }: Given = {}) {
  const asked = used.flatMap((kind) => PROMISE_QUESTIONS[kind].map(({ id }) => id));
  const kept: Memo = { ...memoOf(emptyNotes), asked, ...memo };
  const before = { ...emptyNotes, stage, topic: 'my thesis', commitments };
  const heard = hear(said);
  const noted = note(heard, before, kept);
  const answer = answerPromise({ heard, noted, notes: noted.notes, memo: kept, seed: 4 });
  return { text: answer?.sentences.join(' '), isComplete: answer?.isComplete, memo: kept, notes: noted.notes };
}

describe('talk about a promise', () => {
  it('reads it back and asks when, then how sure', () => {
    expect(talk("I'll call Anna")).toMatchObject({ isComplete: true, memo: { awaiting: 'when' } });
    expect(talk("I'll call Anna").text).toMatch(/you'll call Anna\. .*\?$/);
    expect(talk("I'll call Anna on Monday")).toMatchObject({ isComplete: true, memo: { awaiting: 'confidence' } });
  });

  it('reads several back in one sentence', () => {
    expect(talk("I'll call Anna on Monday and I'll write the list tonight").text).toMatch(
      /you'll call Anna on Monday, and write the list tonight\./,
    );
  });

  it('takes a new day for the same plan and asks no second number', () => {
    const commitments = [{ what: 'call Anna', by: 'Monday', confidence: 7 }];
    const moved = talk("I'll call Anna on Tuesday", { commitments });
    expect(moved.notes.commitments).toEqual([{ what: 'call Anna', by: 'Tuesday', confidence: 7 }]);
    expect(moved).toMatchObject({ isComplete: false, memo: { awaiting: 'nothing' } });
    const again = talk("I'll call Anna", { commitments });
    expect(again.notes.commitments).toEqual(commitments);
  });

  it('takes plans of small words for the same only when they are', () => {
    const commitments = [{ what: 'do it', by: 'Monday' }];
    expect(talk("I'll do it on Tuesday", { commitments }).notes.commitments).toEqual([
      { what: 'do it', by: 'Tuesday' },
    ]);
    expect(talk("I'll do that thing on Tuesday", { commitments }).notes.commitments).toHaveLength(2);
  });

  it('leaves the when open where it was asked for and not given', () => {
    const open = talk('hm', { commitments: [{ what: 'call Anna' }], memo: { awaiting: 'when' } });
    expect(open.text).toMatch(/^That can stay open for now\. .*\?$/);
    expect(open.memo.awaiting).toBe('confidence');
  });

  it('says what a number means, and asks what would raise a low one, once', () => {
    const commitments = [{ what: 'call Anna', by: 'Monday' }];
    const rate = (said: string, awaiting: Memo['awaiting'] = 'confidence') =>
      talk(said, { commitments, memo: { awaiting } });
    expect(rate('nine')).toMatchObject({ isComplete: false });
    expect(rate('nine').text).toMatch(/^A nine/);
    expect(rate('eight').text).toMatch(/^An eight/);
    expect(rate('six').text).toMatch(/^A six, so you're well on the way\. .*\?$/);
    expect(rate('three').text).toMatch(/^A three, thank you for being honest about that\. .*\?$/);
    expect(rate('three').memo.awaiting).toBe('raise');
    expect(rate('four', 'raise')).toMatchObject({ isComplete: false, memo: { awaiting: 'nothing' } });
  });

  it('asks for the day after a number where there is none yet', () => {
    const rated = talk('eight', { commitments: [{ what: 'call Anna' }], memo: { awaiting: 'confidence' } });
    expect(rated.text).toMatch(/^An eight, good\. .*\?$/);
    expect(rated.memo.awaiting).toBe('when');
  });

  it('goes on without a question whose wordings are all used up', () => {
    const undated = talk("I'll call Anna", { used: ['when'] });
    expect(undated.memo.awaiting).toBe('confidence');
    expect(talk("I'll call Anna on Monday", { used: ['confidence'] })).toMatchObject({
      isComplete: false,
      memo: { awaiting: 'nothing' },
    });
    const commitments = [{ what: 'call Anna' }];
    const low = talk('three', { commitments, memo: { awaiting: 'confidence' }, used: ['when', 'raise'] });
    expect(low).toMatchObject({ isComplete: false, memo: { awaiting: 'nothing' } });
    expect(talk("I'll try to call Anna", { used: ['firm'] }).text).toBeUndefined();
  });

  it('firms up what is half meant, but not while the topic is still looked for', () => {
    expect(talk("maybe I'll call Anna").text).toMatch(/(?:You might|Perhaps you'll) call Anna\. .*\?$/);
    expect(talk("maybe I'll call Anna", { stage: 'topic' }).text).toBeUndefined();
  });
});

describe('the bridge to a stage', () => {
  const context = { notes: { ...emptyNotes, topic: 'my thesis' }, memo: memoOf(emptyNotes), seed: 2, saidJustNow: '' };

  it.each([
    ['stay', 'topic', undefined],
    ['promise', 'way_forward', undefined],
    ['skip', 'goal', undefined],
    ['late', 'way_forward', /time/],
    ['new_topic', 'topic', /turn to that/],
    ['new_goal', 'goal', /goal has changed/],
    ['more_options', 'options', /look again/],
    ['enough', 'goal', /your thesis/],
    ['long', 'reality', undefined],
  ] as const)('because of "%s" to %s is %s', (why, to, expected) => {
    const sentence = bridge({ why, to }, context);
    if (expected === undefined) expect(sentence).toBeUndefined();
    else expect(sentence).toMatch(expected);
  });

  it('goes back to the options once when the way forward is refused', async () => {
    const { exchanges } = await play(
      [
        'my boss never listens to me',
        'it costs me my sleep',
        'I want to be heard in meetings by June',
        'he interrupts me all the time and I am afraid of him',
        'I never get to speak',
        'I could talk to him',
        'I could write to him',
        'I could ask Anna for help',
        "no, that won't work, I can't do any of that",
      ],
      { budgetMs: 3_600_000 },
    );
    const stages = exchanges.map(({ stage }) => stage);
    expect(stages.slice(-2)).toEqual(['way_forward', 'options']);
    expect(exchanges.at(-1)?.reply).toMatch(/look again for something that fits you better/);
  });
});
