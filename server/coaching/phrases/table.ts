/**
 * What the wrap-up rules need to know of a language. The rules themselves (`wrap-up.ts`) know no words.
 *
 * A pattern is a row of words: `can (we|i) <adv>* stop here?`. `(a|b c)` is a choice, `?` and `*` follow a word or a
 * group, `<name>` stands for a macro, `_` for any word, `~ing` for any that ends so, `#` for digits. `{name}` wants the macro, a mark or the end to follow, `{!name}`
 * wants the macro not to follow. Patterns match whole words of a text in lower case, its spelling evened out by
 * `respell`.
 */

/** What a piece of an utterance does. The comments say what it does while a proposal stands. */
export const PHRASE_KINDS = [
  /** Asks to end this session, beyond doubt: a yes. */
  'end',
  /** Asks to end it when nothing else is said ("I have to go", "we're done"): a yes. */
  'endAlone',
  /** Asks whether to end it: a request, but no answer. */
  'endQuestion',
  /** Like `endAlone`, where it opens a clause ("wrap up please"): a yes. */
  'endCommand',
  /** A plain no: cancels a yes, and is itself overtaken by an explicit `end` ("no, that's all"). */
  'no',
  /** Wants to go on or have more time: always a no. */
  'goOn',
  /** Wait, hang on: a no, unless more follows. */
  'hold',
  'yes',
  /** Maybe, what, can you repeat that: neither. */
  'unclear',
  /** Announces a new subject. */
  'topic',
  /** Takes back what was said before, if an answer follows. */
  'correction',
  /** What follows limits a yes. */
  'but',
  /** Up to the next mark, a reason follows, which is no content. */
  'reason',
  /** Says nothing either way: thanks and praise. */
  'neutral',
] as const;
export type PhraseKind = (typeof PHRASE_KINDS)[number];

export interface PhraseTable {
  language: string;
  /** Regular expressions on whole words in lower case, in order: contractions, recognition errors, fillers to drop. */
  respell: readonly (readonly [pattern: string, replacement: string])[];
  macros: Readonly<Record<string, string>>;
  phrases: Readonly<Record<PhraseKind, readonly string[]>>;
  /** With one of these words before an `end` in its sentence, somebody else's words are told. */
  reporting: string;
  /** Directly before an `end`, these make it no request: conditions, questions of how and why. */
  conditional: string;
  /** Shortly before an `end`, these turn it round. */
  negating: string;
  /** Anywhere in its sentence, these make `endAlone` a habit. */
  habitual: string;
  /** Words without content of their own. */
  empty: string;
  /** Words that are worth a model's look when the rules saw no request. */
  hints: string;
}

/** Marks stand in a text like words; no pattern reaches across one. */
export const isMark = (word: string) => word === '.' || word === ',' || word === '?';
