import { describe, expect, it } from 'vitest';
import { confidenceIn } from '../../../server/coaching/confidence.ts';

const ASKED: readonly (readonly [string, number | undefined])[] = [
  ['eight', 8],
  ['an eight', 8],
  ['8', 8],
  ['8 out of 10', 8],
  ['Eight out of ten.', 8],
  ['8/10', 8],
  ['maybe a seven', 7],
  ['seven and a half', 7],
  ['between six and seven', 6],
  ["I'd say about a five or six", 5],
  ['ten', 10],
  ['a ten!', 10],
  ['eleven', 10],
  ['zero', 1],
  ['one', 1],
  ['eighty percent', 8],
  ['80%', 8],
  ['a hundred percent', 10],
  ['seventy five percent', 7],
  ['ate', 8],
  ['for', 4],
  ['I have two kids so a six', 6],
  ['a nine because I have three colleagues who help', 9],
  ["I'm pretty sure", undefined],
  ['seventy five per cent', 7],
  ['give me percent', undefined],
  ['I say about one to that', 1],
  ['one would think so then', undefined],
  ['no idea', undefined],
  // The number itself was not heard.
  ['and out of ten', undefined],
  ['that one thing scares me a lot', undefined],
  ['I get up at 6', undefined],
  ['in three weeks', undefined],
  ['', undefined],
];

const UNASKED: readonly (readonly [string, number | undefined])[] = [
  ["I'd give it a nine out of ten", 9],
  ['I am 90 percent sure', 9],
  ['7 of 10', 7],
  ['I have eight reports', undefined],
  ['eight', undefined],
  ['one out of three days I sleep badly', undefined],
];

describe('a place on the scale', () => {
  it.each(ASKED)('in the answer "%s" is %s', (text, expected) => {
    expect(confidenceIn(text, { asked: true })).toBe(expected);
  });

  it.each(UNASKED)('in "%s", which nobody asked for, is %s', (text, expected) => {
    expect(confidenceIn(text, { asked: false })).toBe(expected);
  });
});
