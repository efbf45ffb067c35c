import { describe, expect, it } from 'vitest';
import { normalizedWords, wordErrorRate, wordErrors } from './word-error-rate.ts';

describe('the word error rate', () => {
  it('counts words changed, added and left out', () => {
    expect(wordErrors('a b c d', 'a x c d')).toEqual({ errors: 1, words: 4 });
    expect(wordErrors('a b c d', 'a b b c d')).toEqual({ errors: 1, words: 4 });
    expect(wordErrors('a b c d', 'b c d')).toEqual({ errors: 1, words: 4 });
    expect(wordErrors('a b', '')).toEqual({ errors: 2, words: 2 });
    expect(wordErrors('', 'a b')).toEqual({ errors: 2, words: 0 });
  });

  it('does not mind case and punctuation', () => {
    expect(normalizedWords("Well, I'm ready: ask me!")).toEqual(['well', "i'm", 'ready', 'ask', 'me']);
    expect(wordErrors("I'm here", "i'm, HERE.").errors).toBe(0);
  });

  it('weighs texts by their words', () => {
    expect(
      wordErrorRate([
        ['a b c', 'a b c'],
        ['d', 'e'],
      ]),
    ).toBe(0.25);
    expect(() => wordErrorRate([])).toThrow(RangeError);
  });
});
