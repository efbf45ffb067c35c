import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences, splitSentences } from '../../../server/voice/sentences.ts';

async function cut(pieces: string[]): Promise<string[]> {
  const out: string[] = [];
  async function* stream() {
    yield* pieces;
  }
  for await (const sentence of sentences(stream())) out.push(sentence);
  return out;
}

describe('sentences', () => {
  it.each([
    ['One. Two? Three!', ['One.', 'Two?', 'Three!']],
    ['No end', ['No end']],
    ['I saw Dr. Smith today. He was kind.', ['I saw Dr. Smith today.', 'He was kind.']],
    ['It cost 3.50 a day. Fine.', ['It cost 3.50 a day.', 'Fine.']],
    ['  ', []],
    ['Well… maybe. Or not.', ['Well… maybe.', 'Or not.']],
  ])('splits %j', (text, expected) => {
    expect(splitSentences(text)).toEqual(expected);
  });

  it('gives a sentence as soon as the next one begins', async () => {
    const given: string[] = [];
    async function* stream() {
      yield 'That is hard. ';
      yield 'What';
      expect(given).toEqual(['That is hard.']);
      yield ' now?';
    }
    for await (const sentence of sentences(stream())) given.push(sentence);
    expect(given).toEqual(['That is hard.', 'What now?']);
  });

  it('cuts a long first sentence at a clause, and only the first', async () => {
    const words =
      'So you have been waiting for him to answer, and every day it gets harder. Then he came, and nothing at all had changed for you. '.split(
        /(?<= )/,
      );
    expect(await cut(words)).toEqual([
      'So you have been waiting for him to answer,',
      'and every day it gets harder.',
      'Then he came, and nothing at all had changed for you.',
    ]);
  });

  it('loses and adds no word, however the text is cut', async () => {
    const text = fc.array(fc.constantFrom('I', 'know.', 'Dr. Who', 'really?', 'and so,', '3.5', 'well…', 'go!'), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(7), async (parts, size) => {
        const whole = parts.join(' ');
        const pieces = whole.match(new RegExp(`[\\s\\S]{1,${size + 1}}`, 'g')) ?? [];
        expect((await cut(pieces)).join(' ').replace(/\s+/g, ' ')).toBe(whole);
      }),
    );
  });
});
