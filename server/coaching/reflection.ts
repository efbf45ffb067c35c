/**
 * Says back what was heard, in the person's own words: whole clauses with the perspective switched, a feeling by its
 * name, else a noun phrase, else a short quote. What can't be said back cleanly is quoted, never mended.
 */
import type { Heard } from './hearing.ts';
import { type Mirror, isContentWord } from './mirrors.ts';
import type { Memo } from './memo.ts';
import { LOSS } from './noting.ts';
import { planSentence } from './plans.ts';
import { toSecondPerson } from './perspective.ts';
import { capitalised, wordAt, wordsOf } from './speech-text.ts';
import { numberWord } from './spoken-notes.ts';
import { choose } from './variation.ts';

const MAX_QUOTE_WORDS = 8;
const MAX_JOINED_WORDS = 17;

const FOR_THEMSELVES = [
  '{c}.',
  'So {c}.',
  'It sounds like {c}.',
  'I hear that {c}.',
  '{c}.',
  'Okay, {c}.',
  'So what I hear is: {c}.',
  'Right, {c}.',
] as const;
const FOR_OTHERS = ['You say {c}.', 'So {c}.', '{c}, you say.', 'Okay, so {c}.', 'I hear that {c}.'] as const;
const FOR_NOUN = [
  'You bring up {n}.',
  'So it has to do with {n}.',
  'I hear {n} in what you say.',
  'Okay, {n}.',
  'Let me stay with {n} for a moment.',
  'So, {n}.',
  'You mention {n}.',
] as const;
const FOR_QUOTE = ["You said: '{q}'.", "'{q}', in your words.", "I heard you say: '{q}'.", "'{q}', you say."] as const;
const FOR_FEELING = ['That sounds {f}.', 'I can hear how {f} that is.', 'That must be {f}.', 'It sounds {f}.'] as const;
const FOR_LIKENESS = ['That sounds {f}.', 'It sounds {f}.'] as const;
const FOR_WORD = ['{w}.', '{w}, okay.', 'Okay: {w}.', 'So, {w}.', 'Right, {w}.'] as const;

/** One or two sentences that reflect what was heard; none when there is nothing in it to reflect. */
export function reflect(heard: Heard, memo: Memo, seed: number): string[] {
  if (heard.isLoss && !memo.feelings.includes(LOSS)) return condolence(heard, memo, seed);
  const feeling = feelingSentence(heard, memo, seed);
  const best = bestMirrors(heard, feeling !== undefined);
  const said =
    best.length > 0
      ? mirrorSentence(best, memo, seed)
      : (planSentence(heard, memo, seed) ?? fragmentSentence(heard, memo, seed));
  if (said === undefined) return feeling === undefined ? [] : [feeling];
  return feeling === undefined ? [said] : [feeling, said];
}

/** Plainly, and without an "okay" before it. */
function condolence(heard: Heard, memo: Memo, seed: number): string[] {
  const sorry = choose(["I'm so sorry.", "I'm really sorry to hear that."], memo, seed);
  const [mirror] = bestMirrors(heard, false);
  return mirror ? [sorry, `${capitalised(mirror.text)}.`] : [sorry];
}

/** The feeling is named when a hard or strong one was said; the clause that said it is then not repeated. */
function feelingSentence(heard: Heard, memo: Memo, seed: number): string | undefined {
  const feeling = heard.feelings.find((one) => !memo.feelings.includes(one.word));
  if (!feeling) return undefined;
  // "I'm happy for her, but I cry": the good is not what was meant.
  if (feeling.pleasant && /\bbut\b/i.test(heard.text)) return undefined;
  const others = heard.mirrors.filter((mirror) => !mirror.text.includes(feeling.word));
  // With one clause only, and the feeling in it, the clause itself names the feeling best.
  if (others.length === 0 && heard.mirrors.length > 0) return undefined;
  const forms = /^(?:like |hard to)/.test(feeling.sounds) ? FOR_LIKENESS : FOR_FEELING;
  return choose(forms, memo, seed).replace('{f}', () => feeling.sounds);
}

function bestMirrors(heard: Heard, feelingIsNamed: boolean): Mirror[] {
  const usable = feelingIsNamed
    ? heard.mirrors.filter((mirror) => !heard.feelings.some(({ word }) => mirror.text.includes(word)))
    : heard.mirrors;
  const [first, second] = usable.toSorted((a, b) => b.weight - a.weight);
  if (!first) return [];
  if (!second || second.weight < 2.5 || first.words + second.words > MAX_JOINED_WORDS || sameStart(first, second))
    return [first];
  return usable.indexOf(first) < usable.indexOf(second) ? [first, second] : [second, first];
}

function sameStart(a: Mirror, b: Mirror): boolean {
  return wordsOf(a.text).slice(0, 3).join(' ') === wordsOf(b.text).slice(0, 3).join(' ');
}

function mirrorSentence(mirrors: readonly Mirror[], memo: Memo, seed: number): string {
  const clause = mirrors.map((mirror) => mirror.text).join(', and ');
  const forms = mirrors[0]?.ofThemselves === true ? FOR_THEMSELVES : FOR_OTHERS;
  // "I hear that maybe…" and "It sounds like it's…" limp; the plain form never does.
  if (mirrors[0]?.isCondition === true && mirrors.length === 1)
    return choose([`So, ${clause}.`, `Okay, ${clause}.`, `${capitalised(clause)}, you say.`], memo, seed);
  const fits = forms.filter(
    (form) =>
      !(form.includes('sounds like') && !/^(?:you're|you feel|you need|you don't|you keep|you can't)\b/.test(clause)) &&
      !(form.includes('hear that') && /^(?:you could|you might|you'll|what)\b/.test(clause)),
  );
  return capitalised(choose(fits, memo, seed).replace('{c}', () => clause));
}

function fragmentSentence(heard: Heard, memo: Memo, seed: number): string | undefined {
  const plain = heard.text.replace(/[.,!?;:]+/g, ' ').trim();
  if (heard.wordCount <= 4 && !/\?/.test(heard.text)) {
    const short = shortAnswer(plain);
    if (short !== undefined) return capitalised(choose(FOR_WORD, memo, seed).replace('{w}', () => short));
  }
  const noun = heard.nouns[0]?.text;
  if (noun !== undefined && wordsOf(noun).some(isContentWord))
    return capitalised(choose(FOR_NOUN, memo, seed).replace('{n}', () => noun));
  const quote = quoteFrom(heard);
  return quote === undefined ? undefined : choose(FOR_QUOTE, memo, seed).replace('{q}', () => quote);
}

/** "the deadline I guess" → "the deadline"; undefined when no word of it says anything. */
function shortAnswer(plain: string): string | undefined {
  const text = plain
    .replace(/^(?:(?:well|so|yeah|yes|no|okay|oh|maybe|probably|just|because|and|but|to|it's|that's|with) )+/i, '')
    .replace(/ (?:I guess|I think|I suppose|maybe|probably|really)$/i, '');
  const number = /^\d{1,2}$/.test(text) ? numberWord(Number(text)) : text;
  if (NUMBER.test(number)) return number;
  const last = wordsOf(text).at(-1);
  if (last === undefined || (!wordsOf(text).some(isContentWord) && (wordsOf(text).length < 2 || EDGE.test(last))))
    return undefined;
  // "you tell me" and the like would come out as "you tell you".
  if (/\byou\b/i.test(text) && /\b(?:I|me|my)\b/i.test(text)) return undefined;
  return toSecondPerson(
    /^[A-Z][a-z]/.test(text) && plain.startsWith(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text,
  );
}

const NUMBER = /^(?:one|two|three|four|five|six|seven|eight|nine|ten)$/i;

const EDGE =
  /^(?:and|but|so|or|because|that|which|the|a|an|to|of|in|on|at|for|with|from|by|as|like|well|yeah|is|was|are|were|be|then|there|if|than|into|without|my|your|his|her|their|our|i|he|she|we|they|it|just|very|had|have|has|also|when|what|who)$/i;

/** The densest run of at most eight words, as they were said, with nothing dangling at its edges. */
function quoteFrom(heard: Heard): string | undefined {
  const runs = heard.clauses.flatMap((clause) => {
    const words = wordsOf(clause.text)
      .map((word) => word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, ''))
      .filter((word) => word !== '');
    return words.map((_, start) => trimmedRun(words.slice(start, start + MAX_QUOTE_WORDS)));
  });
  const best = runs
    .map((run) => ({ run, score: run.filter(isContentWord).length - run.length * 0.15 - (run.length < 2 ? 1 : 0) }))
    .sort((a, b) => b.score - a.score)[0];
  return best && (best.run.some(isContentWord) || best.run.length >= 3) ? best.run.join(' ') : undefined;
}

function trimmedRun(words: readonly string[]): string[] {
  let start = 0;
  let end = words.length;
  while (end - start > 1 && EDGE.test(wordAt(words, end - 1))) end--;
  while (end - start > 1 && /^(?:and|but|so|or|because|well|yeah|then|also|of|to)$/i.test(wordAt(words, start)))
    start++;
  return words.slice(start, end);
}
