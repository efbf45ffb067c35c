/** Understands "eight", "an eight", "8 out of 10", "eighty percent" as a place on the scale from 1 to 10. */
import { bare, wordAt, wordsOf } from './speech-text.ts';

const NUMBERS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
};
/** What a recogniser writes for a number that stands alone. */
const MISHEARD: Readonly<Record<string, number>> = {
  ate: 8,
  for: 4,
  fore: 4,
  too: 2,
  to: 2,
  won: 1,
  sex: 6,
  tin: 10,
  nein: 9,
};
const UNIT =
  /^(?:o'clock|am|pm|a\.m|p\.m|minutes?|mins?|hours?|days?|weeks?|months?|years?|times?|people|kids|children|things?|options?|reasons?|percent|%|thousand|euros?|dollars?|pounds?|person|of|more|day|step|thing|colleagues?|meetings?|steps?|projects?|points?)$/;

export interface ConfidenceOptions {
  /** Whether the coach has just asked for a number: then a bare one is an answer. */
  asked: boolean;
}

/** 1 to 10, or undefined when no place on the scale was named. Above the scale is 10, "zero" is 1. */
export function confidenceIn(text: string, { asked }: ConfidenceOptions): number | undefined {
  const words = wordsOf(
    text
      .replaceAll('/', ' / ')
      .replaceAll(/(\d)\s*%/g, '$1 percent')
      .replaceAll('-', ' '),
  )
    .map(bare)
    .filter((word) => word !== '');
  const isMeant =
    asked || words.length <= 4 || words.some((word) => /^(?:sure|certain|confident|confidence)$/.test(word));
  const scaled = (isMeant ? percentIn(words) : undefined) ?? outOfTenIn(words);
  if (scaled !== undefined) return onScale(scaled);
  if (!asked) return undefined;
  if (words.length === 1 && words[0] !== undefined && words[0] in MISHEARD) return MISHEARD[words[0]];
  const numbers = words.flatMap((_, i) => bareNumber(words, i) ?? []);
  const marked = words.flatMap((word, i) =>
    /^(?:an?|about|around|maybe|say|like|roughly|i'm|probably)$/.test(word) ? (bareNumber(words, i + 1) ?? []) : [],
  );
  const chosen = marked[0] ?? numbers[0];
  return chosen === undefined ? undefined : onScale(chosen);
}

function valueOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^\d{1,3}(?:[.,]\d+)?$/.test(word)) return Math.floor(Number(word.replace(',', '.')));
  return Object.hasOwn(NUMBERS, word) ? NUMBERS[word] : undefined;
}

function percentIn(words: readonly string[]): number | undefined {
  const at = words.findIndex((word, i) => i > 0 && (word === 'percent' || (word === 'cent' && words[i - 1] === 'per')));
  if (at < 1) return undefined;
  const last = words[at] === 'cent' ? at - 2 : at - 1;
  const tens = valueOf(words[last - 1]);
  const unit = valueOf(words[last]);
  if (unit === undefined) return undefined;
  return (unit < 10 && tens !== undefined && tens >= 20 && tens < 100 ? tens + unit : unit) / 10;
}

/** "eight out of ten", "8 / 10", "seven and a half out of 10". */
function outOfTenIn(words: readonly string[]): number | undefined {
  for (let i = 1; i < words.length; i++) {
    const isOutOf = words[i] === 'out' && words[i + 1] === 'of' && valueOf(words[i + 2]) === 10;
    const isTenth = (words[i] === '/' || words[i] === 'of') && valueOf(words[i + 1]) === 10;
    if (!isOutOf && !isTenth) continue;
    const value = words
      .slice(Math.max(0, i - 4), i)
      .map(valueOf)
      .findLast((number) => number !== undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The number at `i`, when it counts nothing ("two kids"), tells no time ("at eight") and is no pronoun ("that one"). */
function bareNumber(words: readonly string[], i: number): number | undefined {
  const value = valueOf(words[i]);
  if (
    value === undefined ||
    value > 12 ||
    UNIT.test(wordAt(words, i + 1)) ||
    /^(?:at|by|in|of|the|on|that|this|which|another|every|other|least)$/.test(wordAt(words, i - 1))
  )
    return undefined;
  if (words[i] === 'one' && words.length > 3 && !/^(?:an?|about|maybe|only)$/.test(wordAt(words, i - 1)))
    return undefined;
  return value;
}

function onScale(value: number): number {
  return Math.min(10, Math.max(1, Math.floor(value)));
}
