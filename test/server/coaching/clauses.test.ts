import { describe, expect, it } from 'vitest';
import { bounded, clausesOf } from '../../../server/coaching/clauses.ts';
import { goalFromAnswer, goalIn } from '../../../server/coaching/extraction.ts';
import { isWholeClause, MAX_TAGGED_WORDS, tagTerms } from '../../../server/coaching/grammar.ts';
import { wordsOf } from '../../../server/coaching/speech-text.ts';
import { isVagueTime, whenIn, whenSpoken } from '../../../server/coaching/time-phrases.ts';

describe('clauses', () => {
  it.each([
    ['I am late because my boss never stops talking', ['I am late', 'my boss never stops talking']],
    ['my wife and I fight', ['my wife and I fight']],
    ["so I think my boss he's never there", ["I think my boss he's never there"]],
    ["I have this job it's killing me", ['I have this job', "it's killing me"]],
    ["Being honest, that's what I want", ['Being honest', "that's what I want"]],
    ["My wife, she'd hold me to it", ["My wife, she'd hold me to it"]],
    ['I was tired so was he', ['I was tired so was he']],
    ['I called her and then I left', ['I called her', 'I left']],
  ])('of "%s" are %j', (text, clauses) => {
    expect(clausesOf(text).map((clause) => clause.text)).toEqual(clauses);
  });

  it('carry the conjunction that led to them', () => {
    expect(clausesOf('I stay because I need the money').map(({ lead }) => lead)).toEqual([undefined, 'because']);
  });
});

describe('a text for the tagger', () => {
  const words = (count: number, every = '') =>
    Array.from({ length: count }, (_, i) => (every !== '' && i % 9 === 8 ? every : `w${i}`)).join(' ');

  it('stays whole where it is short', () => {
    expect(bounded(words(MAX_TAGGED_WORDS))).toBe(words(MAX_TAGGED_WORDS));
  });

  it.each([
    ['without a place to cut', ''],
    ['with conjunctions', 'and'],
    ['with full stops', 'stop.'],
  ])('keeps the beginning and the end of a long one %s', (_, every) => {
    const long = words(200, every);
    const kept = bounded(long);
    expect(wordsOf(kept).length).toBeLessThanOrEqual(MAX_TAGGED_WORDS);
    expect(wordsOf(kept).length).toBeGreaterThan(12);
    expect(kept.startsWith('w0 w1 w2')).toBe(true);
    expect(kept.endsWith('w199')).toBe(true);
    if (every === 'and') expect(kept).toMatch(/ w16\. and w162 /);
    if (every === 'stop.') expect(kept).toMatch(/ stop\.\. w162 /);
  });
});

describe('a goal', () => {
  it.each([
    ['I want to finish my thesis', 'to finish my thesis'],
    ['what I really want is more time', 'more time'],
    ["I don't want to fight with him", undefined],
    ['I only ask if I want to leave him', undefined],
    ['I want to', undefined],
    ['I want to talk about my thesis', undefined],
  ])('in "%s" is %s', (text, goal) => {
    expect(goalIn([{ text }])).toBe(goal);
  });

  it.each([
    [['a better relationship with her'], 'a better relationship with her'],
    [["it's raining today"], undefined],
    [['peace'], undefined],
    [[], undefined],
  ])('as the answer %j is %s', (texts, goal) => {
    expect(goalFromAnswer(texts.map((text) => ({ text })))).toBe(goal);
  });
});

describe('a time', () => {
  it.each([
    ['on Monday and on Tuesday', 'Monday'],
    ['tomorrow, at nine', 'tomorrow, at nine'],
    ['Tomorrow morning', 'tomorrow morning'],
    ['when i get home', 'when I get home'],
    ['İ will call her on Monday', undefined],
    ['nothing of the kind', undefined],
  ])('in "%s" is %s', (text, by) => {
    expect(whenIn(text)?.by).toBe(by);
  });

  it.each([
    ['Monday', 'on Monday'],
    ['the fifth', 'on the fifth'],
    ['today', 'today'],
    ['every Monday', 'every Monday'],
    ['by Friday', 'by Friday'],
  ])('"%s" is spoken "%s"', (by, spoken) => {
    expect(whenSpoken(by)).toBe(spoken);
  });

  it('that is no time is vague', () => {
    expect(isVagueTime('I will do it someday')).toBe(true);
    expect(isVagueTime('I will do it on Monday')).toBe(false);
  });
});

describe('a clause', () => {
  it.each([
    ['I was very very tired', true],
    ['my boss shouts at me', true],
    ['I think I I am', false],
    ['he went from but never', false],
    ['I never know what I will', false],
    ['she knew about I to', false],
    ['', false],
  ])('"%s" can be said back: %s', (text, whole) => {
    expect(isWholeClause(tagTerms(text))).toBe(whole);
  });
});
