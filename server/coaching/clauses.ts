/** Cuts what was said into clauses; a recogniser gives one long line, so conjunctions do the work of full stops. */
import { MAX_TAGGED_WORDS } from './grammar.ts';
import { bare, sentencesOf, wordAt, wordsOf } from './speech-text.ts';

export interface Clause {
  readonly text: string;
  /** The conjunction it came after, in lower case: "because". */
  readonly lead?: string;
}

const CONJUNCTION = /^(?:and|but|so|because|cause|cuz|although|though|or|then|whereas|except|plus|since|while)$/;
/** After these, a noun phrase opens a clause as a pronoun does; after "and" it is mostly the second half of a list. */
const STRONG = /^(?:because|but|although|though|whereas|so|since|while|except)$/;
const SUBJECT =
  /^(?:i|he|she|it|we|they|there|that|this|nobody|everyone|everybody|someone|you|what)(?:'(?:m|s|re|ve|ll|d))?$/;
const NOUN_OPENER = /^(?:my|our|his|her|their|the|every)$/;
const CONTRACTED = /^(?:i'm|i've|i'll|i'd|he's|she's|they're|we're|we've|it's|that's|there's)$/;
/** A contraction after one of these goes on with the clause: "I think I'm", "the way it's done", "when I'm". */
const GOES_ON =
  /^(?:that|what|who|which|how|why|where|when|whenever|if|whether|because|as|than|like|think|thinks|thought|thinking|believes?|knows|feels|hopes|wants|means|realises|feel|felt|know|knew|guess|say|said|says|mean|means|hope|wish|believe|see|realise|realize|realised|realized|sure|afraid|worried|glad|sorry|told|tell|me|him|her|them|thing|things|way|one|time|everything|anything|something|all|only|until|before|after|while|since|though|although|unless|once|and|or|but|so|moment|reason|place|person|people|is|was|not|noticed|notice|decided|suppose|bet|promise|then|maybe|perhaps|now|well|yes|yeah|no|okay)$/;
const LATE_ADVERB = /^(?:anymore|either|lately|again|too|yet|recently|nowadays|anyway)$/;

/** The clauses of a cleaned text, in order. */
export function clausesOf(text: string): Clause[] {
  return sentencesOf(text).flatMap((sentence) => splitSentence(sentence));
}

/** What the tagger is given: at most `MAX_TAGGED_WORDS`, the last things said before the first ones, cut between clauses. */
export function bounded(text: string): string {
  const words = wordsOf(text);
  if (words.length <= MAX_TAGGED_WORDS) return text;
  const headWords = 20;
  const isCut = (i: number) => CONJUNCTION.test(bare(wordAt(words, i))) || /[.!?]$/.test(wordAt(words, i - 1));
  let headEnd = headWords;
  while (headEnd > 8 && !isCut(headEnd)) headEnd--;
  let tailStart = words.length - (MAX_TAGGED_WORDS - headWords);
  while (tailStart < words.length - 12 && !isCut(tailStart)) tailStart++;
  return `${words.slice(0, headEnd).join(' ')}. ${words.slice(tailStart).join(' ')}`;
}

function splitSentence(sentence: string): Clause[] {
  const words = wordsOf(sentence);
  const clauses: Clause[] = [];
  let current: string[] = [];
  let lead: string | undefined;
  const flush = () => {
    const text = current.join(' ').replace(/[,;:.!?]+$/, '');
    if (bare(text) !== '') clauses.push(lead === undefined ? { text } : { text, lead });
    current = [];
    lead = undefined;
  };
  words.forEach((word, i) => {
    const lower = bare(word);
    if (CONJUNCTION.test(lower) && (current.length === 0 || (isClauseLike(current) && opensClause(words, i)))) {
      flush();
      lead = lower;
    } else {
      if (runsOn(words, i, current.length)) flush();
      current.push(word);
    }
  });
  flush();
  return clauses;
}

/** "my wife" of "my wife and I" is none. */
function isClauseLike(words: readonly string[]): boolean {
  return words.length >= 3 || SUBJECT.test(bare(wordAt(words, 0)));
}

function opensClause(words: readonly string[], i: number): boolean {
  const conjunction = bare(wordAt(words, i));
  const before = bare(wordAt(words, i - 1));
  if (conjunction === 'so' && /^(?:is|was|are|am|feel|felt|i'm|it's|be|been|not|think|hope)$/.test(before))
    return false;
  if (conjunction === 'then' && CONJUNCTION.test(before)) return true;
  let at = i + 1;
  while (/^(?:then|also|now|maybe|honestly|actually|suddenly|sometimes|just)$/.test(bare(wordAt(words, at)))) at++;
  const next = bare(wordAt(words, at));
  if (SUBJECT.test(next)) return !(/^(?:that|this)$/.test(next) && conjunction === 'so');
  if (!NOUN_OPENER.test(next)) return false;
  // "and my supervisor he's never there"
  const isTaken = [at + 2, at + 3].some((i) => /^(?:he|she|they|it)(?:'\w+)?$/.test(bare(wordAt(words, i))));
  return STRONG.test(conjunction) || isTaken;
}

/** Two clauses without anything between them: "I have this boss he's never there". */
function runsOn(words: readonly string[], i: number, wordsSoFar: number): boolean {
  const lower = bare(wordAt(words, i));
  const before = wordAt(words, i - 1);
  // "My wife, she'd hold me to it" is one clause, "Being honest, that's what I want" two.
  const isName = wordsSoFar === 2 && NOUN_OPENER.test(bare(wordAt(words, i - 2)));
  if (wordsSoFar >= 2 && !isName && before.endsWith(',') && SUBJECT.test(lower)) return true;
  if (wordsSoFar < 3) return false;
  if (/^(?:he|she|they)'/.test(lower) && /^(?:my|our|the|his|her)$/.test(bare(wordAt(words, i - 2)))) return false;
  if (CONTRACTED.test(lower)) return !GOES_ON.test(bare(before));
  if (lower === 'i' && /(?:ed|ly)$/.test(bare(before))) return !GOES_ON.test(bare(before));
  return LATE_ADVERB.test(bare(before)) && /^(?:i|he|she|we|they|it)$/.test(lower);
}
