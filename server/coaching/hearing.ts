/** Takes a turn apart: what kind it is, its clauses, what can be said back of it, and what it tells. */
import { bounded, clausesOf, type Clause } from './clauses.ts';
import { feelingsIn, tellsOfLoss, type Feeling } from './feelings.ts';
import { lowerAt, tagTerms, type Term } from './grammar.ts';
import { type Mirror, mirrorOf } from './mirrors.ts';
import { nounPhrases } from './noun-phrases.ts';
import { toSecondPerson } from './perspective.ts';
import { turnKind, type TurnKind } from './signals.ts';
import { cleanSpeech, wordsOf } from './speech-text.ts';

export interface Heard {
  readonly kind: TurnKind;
  /** Cleaned: no fillers, no stutters. */
  readonly text: string;
  readonly wordCount: number;
  readonly clauses: readonly Clause[];
  /** Whole clauses as they are said back ("you're stuck with your boss"), in the order they were said. */
  readonly mirrors: readonly Mirror[];
  /** Noun phrases, best first. */
  readonly nouns: readonly Noun[];
  /** Somebody who was mentioned: "your boss", "Tom". */
  readonly person: string | undefined;
  readonly feelings: readonly Feeling[];
  /** A death or a grave illness is told of. */
  readonly isLoss: boolean;
  /** A turn that asks for being listened to more than for a question: long, or with a hard feeling. */
  readonly isLong: boolean;
}

export interface Noun {
  /** "my thesis". */
  readonly said: string;
  /** As it is said back: "your thesis". */
  readonly text: string;
}

const LONG_TURN_WORDS = 45;

export function hear(raw: string): Heard {
  const cleaned = cleanSpeech(raw);
  const kind = turnKind(raw, cleaned);
  const tagged = clausesOf(bounded(cleaned)).map((clause) => tagTerms(clause.text));
  // A recogniser writes names small; the tagger knows many of them.
  const text = withNames(cleaned, tagged.flat());
  const clauses = clausesOf(bounded(text));
  const phrases = tagged.flatMap((terms) => nounPhrases(terms)).sort((a, b) => b.score - a.score);
  return {
    kind,
    text,
    wordCount: wordsOf(text).length,
    clauses,
    mirrors: tagged.flatMap((terms, i) =>
      /^(?:since|while)$/.test(clauses[i]?.lead ?? '') ? [] : (mirrorOf(terms, i / Math.max(1, tagged.length)) ?? []),
    ),
    nouns: phrases.slice(0, 6).map((phrase) => ({ said: phrase.text, text: spokenNoun(phrase.text) })),
    person: personIn(tagged.flat()),
    feelings: feelingsIn(text),
    isLoss: tellsOfLoss(text),
    isLong: wordsOf(text).length >= LONG_TURN_WORDS,
  };
}

function withNames(text: string, terms: readonly Term[]): string {
  const names = new Map(terms.filter((term) => /^\p{Lu}/u.test(term.word)).map((term) => [term.lower, term.word]));
  return text.replaceAll(/(?<![\w'])[a-z]+(?![\w'])/g, (word) => names.get(word) ?? word);
}

/** "my boss" → "your boss", "a deadline" → "the deadline": as it stands in somebody else's sentence. */
function spokenNoun(text: string): string {
  const switched = toSecondPerson(text.replace(/^(?:a|an|this|these|those) /i, 'the ').replace(/^The /, 'the '));
  return /^(?:your|the|his|her|their) /i.test(switched)
    ? switched.slice(0, 1).toLowerCase() + switched.slice(1)
    : switched;
}

const PERSON =
  /^(?:boss|manager|colleagues?|coworkers?|team|wife|husband|partner|girlfriend|boyfriend|mother|mom|mum|father|dad|parents|sister|brother|son|daughter|kids|children|friends?|neighbou?rs?|client|customer|teacher|professor|supervisor|ex|family|landlord|roommate|flatmate|director|ceo|lead|employees?|staff)$/;

function personIn(terms: readonly Term[]): string | undefined {
  const isMine = (i: number) => i >= 0 && /^(?:my|our)$/.test(lowerAt(terms, i));
  const at = terms.findIndex((term, i) => PERSON.test(term.lower) && (isMine(i - 1) || isMine(i - 2)));
  if (at >= 0) return `your ${terms[at]?.lower}`;
  const name = terms.find((term) => term.tags.has('FirstName') && /^\p{Lu}/u.test(term.word));
  return name?.word;
}
