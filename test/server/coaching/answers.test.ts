import { describe, expect, it } from 'vitest';
import { areYouThere, answerTo } from '../../../server/coaching/answers.ts';
import { hear } from '../../../server/coaching/hearing.ts';
import { type Memo, memoOf } from '../../../server/coaching/memo.ts';
import type { ConversationEntry } from '../../../server/ports/language-model.ts';
import { emptyNotes } from '../../../server/ports/language-model.ts';
import { choose } from '../../../server/coaching/variation.ts';

const MINUTE_MS = 60_000;

interface Asking {
  memo?: Partial<Memo>;
  conversation?: readonly ConversationEntry[];
  remainingMs?: number;
}

function asking(said: string, { memo = {}, conversation = [], remainingMs = 20 * MINUTE_MS }: Asking = {}) {
  const kept: Memo = { ...memoOf(emptyNotes), turns: 3, ...memo };
  const sentences = answerTo({ heard: hear(said), memo: kept, seed: 7, remainingMs, conversation });
  return { text: sentences?.join(' '), memo: kept };
}

const ai = (text: string): ConversationEntry => ({ sender: 'ai', text });

describe('an answer of the coach', () => {
  it.each([
    ['is this recorded', /stored.*feels right/],
    ['how does this work', /You talk, I listen/],
    ['why do you keep asking questions', /ask less and listen more/],
    ['are you a real person', /AI coach, not a person/],
    ['hello', /^(?:Hello|Hi), /],
    ['thank you', /welcome|Gladly/],
    ['my boss shouts at me', undefined],
    ['hm', undefined],
    ['yes', undefined],
    ['no', undefined],
    ["I don't know", undefined],
  ])('to "%s" fits', (said, expected) => {
    const { text } = asking(said);
    if (expected === undefined) expect(text).toBeUndefined();
    else expect(text).toMatch(expected);
  });

  it('leads back to the topic by its name, or without one, or to a beginning', () => {
    const lead = (memo: Partial<Memo>) => asking('are you a robot', { memo }).text;
    expect(lead({ focus: 'your thesis' })).toMatch(/your thesis/);
    expect(lead({ focus: '' })).toMatch(/where (?:we|you) were|whenever you like/);
    expect(lead({ turns: 1 })).toMatch(/what's on your mind\.$/);
  });

  it('repeats its last question, else its last sentence, else invites', () => {
    const repeat = (...conversation: ConversationEntry[]) =>
      asking('could you say that again please', { conversation }).text;
    expect(repeat(ai('I hear you. What is next? Take your time.'))).toBe('Of course. What is next?');
    expect(repeat(ai('What is old?'), ai('I hear you. Take your time.'))).toBe('Of course. Take your time.');
    expect(repeat()).toMatch(/I'd like to hear/);
  });

  it('says the time that is left', () => {
    expect(asking('how much time is left', { remainingMs: 5 * MINUTE_MS }).text).toMatch(/about five minutes left/);
  });

  it('praises the work where a step is settled', () => {
    expect(asking('thanks a lot', { memo: { committed: true } }).text).toMatch(/plan to take with you/);
    expect(asking("let's stop here", { memo: { committed: true } }).text).toMatch(/next step/);
    expect(asking("let's stop here").text).toMatch(/say it now/);
  });

  it('gives its opinion away at first with a question, then without one', () => {
    const first = asking('what do you think?');
    expect(first.text).toMatch(/\?$/);
    expect(first.memo.adviceAsked).toBe(1);
    expect(asking('what do you think?', { memo: first.memo }).text).toMatch(/Tell me how you see it\.$/);
  });

  it('asks for advice a hundred times without hearing a question twice', () => {
    let { memo } = asking('hello');
    const questions: string[] = [];
    for (let i = 0; i < 100; i++) {
      const answer = asking('what should I do', { memo });
      memo = answer.memo;
      if (answer.text?.endsWith('?')) questions.push(answer.text.split(/[.:] /).at(-1) ?? '');
    }
    expect(questions.length).toBeGreaterThan(3);
    expect(new Set(questions).size).toBe(questions.length);
    expect(asking('what should I do', { memo }).text).toMatch(/we look at it together\.$/);
  });
});

describe('a phrasing', () => {
  const fresh = () => memoOf(emptyNotes);

  it('is never the one used last, and the only one there is comes again', () => {
    const memo = fresh();
    const used = Array.from({ length: 20 }, (_, seed) => choose(['a', 'b'], memo, seed));
    expect(used.every((form, i) => i === 0 || form !== used[i - 1])).toBe(true);
    expect([choose(['only'], memo, 1), choose(['only'], memo, 2)]).toEqual(['only', 'only']);
    expect(choose([], memo, 1)).toBe('');
  });

  it('differs from silence to silence', () => {
    const memo = fresh();
    const [first] = areYouThere(memo, 3);
    expect(areYouThere(memo, 3)).not.toEqual([first]);
  });
});

describe('a memo', () => {
  it('that another engine or a later version wrote is taken as far as it fits', () => {
    expect(memoOf({ ...emptyNotes, memo: { engine: 'other', turns: 9 } }).turns).toBe(0);
    const kept = { engine: 'builtin', turns: 9, asked: [1, 2], facts: ['a'], awaiting: 'miracles', focus: 3 };
    expect(memoOf({ ...emptyNotes, memo: kept })).toMatchObject({
      turns: 9,
      asked: [],
      facts: ['a'],
      awaiting: 'nothing',
      focus: '',
    });
  });
});
