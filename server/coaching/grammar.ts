/** Parts of speech, by `compromise`, and whether a clause is whole enough to be said back. */
import nlp from 'compromise/two';
import { bare } from './speech-text.ts';

export interface Term {
  /** As it was said, without punctuation at its end. */
  readonly word: string;
  readonly lower: string;
  /** A comma follows. */
  readonly pause: boolean;
  readonly tags: ReadonlySet<string>;
  /** Holds a finite verb, also one inside a contraction ("I'm", "he'll"). */
  readonly verb: boolean;
}

/** Longest text given to the tagger, in words: 45 µs a word when warm (measured), so 60 words are under 3 ms. */
export const MAX_TAGGED_WORDS = 60;

/** Tags one clause or sentence. Contractions are one term. */
export function tagTerms(text: string): Term[] {
  const terms: Term[] = [];
  for (const term of nlp(text).docs.flat()) {
    const tags = term.tags ?? new Set<string>();
    const last = terms.at(-1);
    if (term.text === '' && last) {
      terms[terms.length - 1] = { ...last, verb: last.verb || tags.has('Verb') };
    } else if (bare(term.text) !== '') {
      const possessive = term.text.endsWith('s') && term.post.startsWith("'") ? "'" : '';
      const word =
        withCapital(term.text.replaceAll(/^[^\p{L}\p{N}]+|(?<!s(?='))[^\p{L}\p{N}%]+$/gu, ''), tags) + possessive;
      terms.push({ word, lower: bare(term.text), pause: term.post.includes(','), tags, verb: tags.has('Verb') });
    }
  }
  return terms;
}

/** A term's word in lower case; counted from the end where `at` is negative, empty where there is none. */
export function lowerAt(terms: readonly Term[], at: number): string {
  return terms.at(at)?.lower ?? '';
}

/** Names that are words as well: a recogniser's small "will" is hardly ever Will. */
const WORD_AND_NAME =
  /^(?:will|may|mark|hope|joy|grace|bill|faith|rob|sue|art|dawn|june|april|rose|frank|grant|chase|pat|drew|miles|max|ray|chance|summer|mercy|melody|page|don|jack|gene|rich|dick|harry|ace|an|see|tad|ok|al|my|so|in)$/;

function withCapital(word: string, tags: ReadonlySet<string>): string {
  const isName = tags.has('FirstName') || tags.has('Place') || tags.has('WeekDay') || tags.has('Demonym');
  if (!isName || WORD_AND_NAME.test(word.toLowerCase()) || word.length < 3) return word;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const PRONOUN_SUBJECT =
  /^(?:i|he|she|it|we|they|that|this|there|everyone|everybody|nobody|someone|people|nothing|everything)(?:'(?:m|s|re|ve|ll|d))?$/;
const NOMINATIVE = /^(?:i|he|she|we|they)$/;
const DANGLING =
  /^(?:a|an|the|my|your|his|our|their|its|to|of|in|on|at|for|with|from|by|and|or|but|so|because|that|which|who|if|when|than|as|like|about|into|i|i'm|he's|she's|we|they|is|was|are|were|am|be|been|very|really|not|just|will|would|could|should|can|have|has|had|i've|i'll|i'd|it's|don't|then|also|even|this|these|those|some|any|how|what|why|where|until|while|every|such)$/;
/** Ends a clause well only after a verb that takes it ("I don't know how", "I can't", "that's how it is"). */
const FINE_AFTER_VERB =
  /^(?:to|can|could|will|would|should|do|don't|that|this|her|it|have|is|was|are|like|about|how|why|what|in|on|with|for)$/;

/** Whether a clause can be said back as it is: subject, finite verb, a sound end, nothing that a recogniser garbled. */
export function isWholeClause(terms: readonly Term[], { maxWords = 12 }: { maxWords?: number } = {}): boolean {
  if (terms.length < 3 && !(terms.length === 2 && terms[0]?.verb)) return false;
  if (terms.length > maxWords || !hasSubjectAndVerb(terms)) return false;
  if (DANGLING.test(lowerAt(terms, -1))) {
    if (
      !FINE_AFTER_VERB.test(lowerAt(terms, -1)) ||
      !/^(?:know|like|with|do|hate|love|want|need|i|about|of|it)$/.test(lowerAt(terms, -2))
    )
      return false;
    if (lowerAt(terms, -2) === 'i') return false;
  }
  return terms.every((term, i) => joinsWell(term, terms[i + 1]));
}

function hasSubjectAndVerb(terms: readonly Term[]): boolean {
  const [first] = terms;
  if (!first) return false;
  if (first.lower === 'what' && /^(?:i|we)$/.test(lowerAt(terms, 1)))
    return terms.slice(3).some((term) => term.lower === 'is');
  if (PRONOUN_SUBJECT.test(first.lower)) {
    if (first.verb || first.lower.includes("'")) return true;
    const next = terms
      .slice(1, 5)
      .find(
        (term) => !term.tags.has('Adverb') && !term.tags.has('Negative') && !/^(?:both|all|each)$/.test(term.lower),
      );
    return next?.verb === true;
  }
  if (!isNounish(first) || first.lower === 'you') return false;
  const verbAt = terms.findIndex(
    (term, i) => i > 0 && term.verb && !term.tags.has('Gerund') && !term.tags.has('Infinitive'),
  );
  return (
    verbAt > 0 &&
    verbAt <= 6 &&
    terms
      .slice(0, verbAt)
      .every(
        (term) =>
          isNounish(term) ||
          term.lower === 'and' ||
          term.tags.has('Preposition') ||
          term.tags.has('Adverb') ||
          term.tags.has('Negative'),
      )
  );
}

function isNounish({ tags, lower }: Term): boolean {
  return (
    tags.has('Noun') ||
    tags.has('Determiner') ||
    tags.has('Adjective') ||
    tags.has('Possessive') ||
    tags.has('Value') ||
    /^(?:my|our|his|her|their|the)$/.test(lower)
  );
}

/** Refuses pairs that no sentence has: "the is", "my I", "I the", "of because". */
function joinsWell(term: Term, next: Term | undefined): boolean {
  if (!next) return true;
  const opensNoun = /^(?:a|an|the|my|your|our|their|every)$/.test(term.lower);
  if (
    opensNoun &&
    (NOMINATIVE.test(next.lower) ||
      next.tags.has('Preposition') ||
      next.tags.has('Copula') ||
      next.tags.has('Modal') ||
      next.tags.has('Determiner') ||
      /^(?:and|but|or|because|to|the|a|my|me|it)$/.test(next.lower))
  )
    return false;
  if (
    NOMINATIVE.test(term.lower) &&
    (next.tags.has('Determiner') || next.tags.has('Preposition') || /^(?:my|me|the|a|of|to)$/.test(next.lower))
  )
    return false;
  if (/^(?:of|with|from|into|at)$/.test(term.lower) && /^(?:and|but|or|because|to|is|was|i)$/.test(next.lower))
    return false;
  return !(term.lower === next.lower && term.lower !== 'very' && term.lower !== 'really');
}
