import { describe, expect, it } from 'vitest';
import {
  askAgainLine,
  closingLine,
  goingOnLine,
  notEndingLine,
  PROPOSAL_REASONS,
  proposalLine,
  warningLine,
} from '../../../server/coaching/lines.ts';
import { readWrapUpIntent } from '../../../server/coaching/wrap-up.ts';
import { listed, numberWord, spokenGoal, spokenMinutes } from '../../../server/coaching/spoken-notes.ts';
import { sentences } from './transcript.ts';
import { asHeard } from './wrap-up-support.ts';

const MINUTE_MS = 60_000;

describe('a proposal to wrap up', () => {
  it.each([
    ['asked', /Happy to/],
    ['time', /time is nearly up/],
    ['exchanges', /covered a lot/],
    ['goal', /clear next step/],
  ] as const)('because of "%s" gives its reason and ends in one question about the end', (reason, because) => {
    const line = proposalLine(reason);
    expect(line).toMatch(because);
    expect(line).toMatch(/(?:wrap up|end our session) here\?$/);
    expect(line.split('?')).toHaveLength(2);
  });

  it('is asked again as a question for a yes or a no', () => {
    expect(askAgainLine).toMatch(/yes or no\?$/);
    expect(notEndingLine).not.toContain('?');
  });

  it.each([...PROPOSAL_REASONS.map(proposalLine), askAgainLine])('"%s" heard back is no answer', (line) => {
    const read = (text: string) => readWrapUpIntent(text, { phase: 'confirming' }).intent;
    const question = sentences(line).at(-1) ?? '';
    for (const echo of [line, asHeard(line), question, asHeard(question)]) {
      expect(read(echo)).toBe('unclear');
      expect(read(`${echo} yes please`)).toBe('yes');
      expect(read(`${echo} no`)).toBe('no');
    }
  });
});

describe('time', () => {
  it.each([
    [0, 'less than a minute'],
    [-5000, 'less than a minute'],
    [29_000, 'less than a minute'],
    [MINUTE_MS, 'about a minute'],
    [5 * MINUTE_MS, 'about five minutes'],
    [10 * MINUTE_MS, 'about ten minutes'],
    [12 * MINUTE_MS, 'about ten minutes'],
    [23 * MINUTE_MS, 'about twenty-five minutes'],
    [30 * MINUTE_MS, 'about thirty minutes'],
    [60 * MINUTE_MS, 'about an hour'],
    [90 * MINUTE_MS, 'about 90 minutes'],
  ])('of %i ms is said as "%s"', (ms, spoken) => {
    expect(spokenMinutes(ms)).toBe(spoken);
  });

  it('is told in a warning and after a no, where there is some', () => {
    expect(warningLine(5 * MINUTE_MS)).toBe('Just so you know, we have about five minutes left.');
    expect(goingOnLine(5 * MINUTE_MS)).toBe('Of course. We have about five minutes.');
    expect(goingOnLine(30_000)).toBe('Of course. We have about a minute.');
    expect(goingOnLine(29_999)).toBe('Of course, we go on.');
  });

  it.each([
    [0, 'zero'],
    [19, 'nineteen'],
    [20, 'twenty'],
    [42, 'forty-two'],
    [60, '60'],
    [2.5, '2.5'],
  ])('as a number: %d is "%s"', (value, word) => {
    expect(numberWord(value)).toBe(word);
  });
});

describe('the line before the recap', () => {
  it.each([
    ['confirmed', /^All right\./],
    ['forced', /^All right\./],
    ['time_limit', /end of our time/],
    ['idle', /quiet for a while/],
    ['abandoned', /quiet for a while/],
  ] as const)('of a session that ended as "%s" says why and asks nothing', (reason, because) => {
    expect(closingLine(reason)).toMatch(because);
    expect(sentences(closingLine(reason)).at(-1)).toBe('Here is what I take from our talk.');
    expect(closingLine(reason)).not.toContain('?');
  });
});

describe('notes', () => {
  it.each([
    ['sleeping better', 'your goal is sleeping better'],
    ['nothing but peace', 'you want nothing but peace'],
    ['I can sleep again', 'a good outcome would be that you can sleep again'],
    ['finish my thesis', 'you want to finish your thesis'],
    ['to finish my thesis', 'you want to finish your thesis'],
    ['us to talk more', 'you want to talk more'],
    ['more time for my kids', 'you want more time for your kids'],
  ])('name the goal "%s" as "%s"', (goal, spoken) => {
    expect(spokenGoal(goal)).toBe(spoken);
  });

  it('list things as people do', () => {
    expect(listed([], 'and')).toBe('');
    expect(listed(['rest'], 'and')).toBe('rest');
    expect(listed(['ask Tom', 'hire somebody', 'quit'], 'or')).toBe('ask Tom, hire somebody or quit');
  });
});
