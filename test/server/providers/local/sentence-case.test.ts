import { describe, expect, it } from 'vitest';
import { toSentenceCase } from '../../../../server/providers/local/sentence-case.ts';

describe('sentence case', () => {
  it.each([
    ["I THINK I'M READY ON MONDAY", "I think I'm ready on Monday"],
    ["WELL I'VE SAID I'D TRY AND I'LL TRY", "Well I've said I'd try and I'll try"],
    ['IN JULY I MAY MARCH', 'In July I may march'],
    ["IT'S MONDAY'S ILL INDIA", "It's Monday's ill india"],
    [' hello  there ', 'Hello there'],
    ['', ''],
  ])('makes "%s" into "%s"', (text, wanted) => {
    expect(toSentenceCase(text)).toBe(wanted);
  });
});
