import { describe, expect, test } from 'vitest';
import { STAGES as PROTOCOL_STAGES } from '../../../protocol/messages.ts';
import { STAGES } from '../../core/src/screen/stages.ts';
import { clockTime } from '../../core/src/screen/format.ts';
import { recapMarkdown } from '../../core/src/screen/recap-markdown.ts';
import {
  restored,
  withCaption,
  withGaps,
  withLastOff,
  withRefused,
  withTyped,
  type Lines,
} from '../../core/src/screen/lines.ts';
import { careWords } from '../src/words/care.ts';
import { de } from '../src/words/de.ts';
import { en } from '../src/words/en.ts';
import { historyWords } from '../src/words/history.ts';
import { privacyWords } from '../src/words/privacy.ts';
import { MESSAGES, RECAP } from './support/sample.ts';

const texts = (lines: Lines) => lines.map(({ text }) => text);

describe('captions', () => {
  test('grow in their place, and keep the order in which they began', () => {
    let lines: Lines = [];
    lines = withCaption(lines, { id: 't1', sender: 'ai', text: 'Hello.', final: false });
    lines = withCaption(lines, { id: 'u1', sender: 'user', text: 'Hi', final: false });
    lines = withCaption(lines, { id: 't1', sender: 'ai', text: 'Hello. You?', final: true, status: 'completed' });
    expect(texts(lines)).toEqual(['Hello. You?', 'Hi']);
    expect(lines.map(({ final }) => final)).toEqual([true, false]);
  });

  test('of nothing heard disappear', () => {
    const lines = withCaption([], { id: 'u1', sender: 'user', text: 'Uh', final: false });
    expect(withCaption(lines, { id: 'u1', sender: 'user', text: '', final: false })).toEqual([]);
    expect(withCaption([], { id: 'u1', sender: 'user', text: '', final: false })).toEqual([]);
  });

  test('of a typed turn take the place of what was typed', () => {
    const typed = withTyped([], 'c1', 'Hello');
    const lines = withCaption(typed, { id: 'u1', sender: 'user', text: 'Hello', final: true, commandId: 'c1' });
    expect(lines).toMatchObject([{ id: 'u1', text: 'Hello', final: true }]);
    expect(withRefused(typed, 'c1')).toMatchObject([{ refused: true }]);
  });

  test('of before replace what is final, and leave what is on its way', () => {
    const typed = withTyped(withCaption([], { id: 'u1', sender: 'user', text: 'Old', final: true }), 'c1', 'New');
    expect(texts(restored(typed, MESSAGES))).toEqual([...MESSAGES.map(({ text }) => text), 'New']);
  });
});

describe('off the record', () => {
  const said = (id: string, text: string) =>
    ({ id, sender: id.startsWith('u') ? 'user' : 'ai', text, final: true }) as const;
  const off = (lines: Lines) => lines.map(({ offRecord }) => offRecord === true);

  test('is what the person began there, what answers it, and the words that asked for it', () => {
    let lines = withLastOff(withCaption([], said('u1', 'Off the record.')));
    lines = withCaption(lines, said('t1', 'All right.'), true);
    lines = withCaption(lines, { ...said('u2', 'My boss'), final: false }, true);
    lines = withCaption(lines, said('u2', 'My boss is a fool.'));
    lines = withCaption(lines, said('t2', 'A fool?'));
    lines = withCaption(lines, said('u3', 'Now about Monday.'));
    expect(off(withCaption(lines, said('t3', 'Monday?')))).toEqual([true, true, true, true, false, false]);
  });

  test('is not what the coach was already saying on the record', () => {
    const lines = withCaption([], { ...said('t1', 'Hello.'), final: false });
    expect(off(withCaption(lines, said('t1', 'Hello. You?'), true))).toEqual([false]);
  });

  test('is shown while it goes on, and is one gap each time it is over', () => {
    let lines: Lines = [];
    lines = withCaption(lines, said('u1', 'Secret.'), true);
    lines = withCaption(lines, said('t1', 'I see.'), true);
    expect(texts(withGaps(lines, true))).toEqual(['Secret.', 'I see.']);
    lines = withGaps(lines);
    expect(lines).toMatchObject([{ gap: true, text: '' }]);
    const next = withCaption(lines, said('u2', 'Monday.'));
    expect(off(withCaption(next, said('t2', 'What about it?')))).toEqual([true, false, false]);
    lines = withCaption(withCaption(lines, said('u2', 'Monday.')), said('u3', 'Another.'), true);
    expect(texts(withGaps(lines, true))).toEqual(['', 'Monday.', 'Another.']);
    expect(texts(withGaps(lines))).toEqual(['', 'Monday.', '']);
    expect(new Set(withGaps(lines).map(({ id }) => id)).size).toBe(3);
  });

  test('stays a gap when the session is told anew', () => {
    const [first, second] = MESSAGES;
    if (!first || !second) throw new Error('the sample has messages');
    const lines = restored([], [first, { ...second, offRecord: true }]);
    expect(texts(withGaps(lines))).toEqual([first.text, '']);
    expect(texts(withGaps(lines, true))).toEqual([first.text, second.text]);
  });
});

describe('words', () => {
  const shape = (words: object): unknown =>
    Object.fromEntries(
      Object.entries(words).map(([key, value]: [string, unknown]) => [
        key,
        typeof value === 'object' && value !== null ? shape(value) : typeof value,
      ]),
    );
  const sentences = (words: object): string[] =>
    Object.values(words).flatMap((value: unknown) => {
      if (typeof value === 'function') return [(value as (given: unknown) => string)('3')];
      return typeof value === 'object' && value !== null ? sentences(value) : [String(value)];
    });

  test('are complete in German', () => {
    expect(shape(de)).toEqual(shape(en));
    expect(sentences(de).filter((sentence) => sentence.trim() === '')).toEqual([]);
    expect(sentences(de).length).toBeGreaterThan(120);
    const same = sentences(de).filter((sentence) => sentences(en).includes(sentence));
    // Names of keys and words that both languages have.
    expect(new Set(same)).toEqual(new Set(['Coach', 'M', 'Esc', 'W']));
  });

  test.each([
    ['care', careWords],
    ['privacy', privacyWords],
    ['history', historyWords],
  ] as const)('of %s are complete in German', (_, words) => {
    expect(shape(words('de'))).toEqual(shape(words('en')));
    expect(sentences(words('de')).filter((sentence) => sentence.trim() === '')).toEqual([]);
  });

  test('name every step of the protocol', () => {
    expect(STAGES).toEqual(PROTOCOL_STAGES);
  });
});

describe('a recap as Markdown', () => {
  test('has all that there is, and takes what was said for text', () => {
    const summary = 'You *really* want\n# this <b>now</b>.';
    const markdown = recapMarkdown({ ...RECAP, topic: '', summary }, en, '23 November 2026');
    expect(markdown).toContain('You \\*really\\* want \\# this \\<b\\>now\\</b\\>.');
    expect(markdown).not.toContain('## Topic');
    expect(markdown).toContain('## Insights\n\n- You say yes before you have looked at your week.');
    expect(markdown).toContain('- [ ] Wait an hour before saying yes to anything new (How sure: 6 of 10)\n');
  });
});

test('time is counted in full seconds, upwards', () => {
  expect([0, 1, 999, 60_000, 1_800_000].map(clockTime)).toEqual(['0:00', '0:01', '0:01', '1:00', '30:00']);
});
