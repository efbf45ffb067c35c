/**
 * How long a silence must last before the turn is over: short where the words sound finished, long where the person is
 * in mid-thought or was asked something that takes thinking. Silence alone cuts people off in 55 % of turns at 300 ms.
 * Replaceable by a model behind the same function type.
 */

export interface TurnEvidence {
  /** The transcript so far, '' before the first word. */
  text: string;
  /** What the coach asked last, if it asked. */
  question: string | undefined;
}

/** Silence in ms of audio after which the turn is over. */
export type EndOfTurn = (evidence: TurnEvidence) => number;

/** The words make a whole: the person has most likely said it. */
export const FINISHED_WAIT_MS = 560;
/** No sign either way. */
export const PLAIN_WAIT_MS = 720;
/** "Yes", "okay, thanks": whole by itself. */
export const WHOLE_WORDS_WAIT_MS = 400;
/** Nothing recognised yet: the recogniser may lag behind. */
export const WORDLESS_WAIT_MS = 800;
/** Trailing "and", "because", "um": more is coming. */
export const UNFINISHED_WAIT_MS = 1500;
/** Added after a question that takes thinking. */
export const PATIENCE_MS = 320;

/** From this many words on, an answer that does not trail off is taken for whole. */
const WHOLE_ANSWER_WORDS = 5;

const TRAILING = new Set(
  (
    'and or but so because since although though while if when that which who whose than then like ' +
    'um uh erm er hmm well maybe also plus the a an my your his her its our their this these those ' +
    'to of for with from in on at by about into as i we they he she is are was were am be been have has had ' +
    "i'm it's that's do does did will would could should can might may must not very really just even " +
    'what where how why some any more most'
  ).split(' '),
);
/** Short replies that are whole by themselves. */
const WHOLE_WORDS = /^(?:(?:yes|yeah|yep|no|nope|okay|ok|sure|right|exactly|thanks|thank you|hello|hi)\b[ ,.!]*)+$/i;
/** Questions after which people think before and while they speak. */
const DEEP_QUESTION =
  /\b(?:feel|matters?|important|really want|would it mean|stops? you|holding you|getting in the way|imagine|learn|afraid|value|change)\b/i;

export const ruleEndOfTurn: EndOfTurn = ({ text, question }) => {
  const patience = question !== undefined && DEEP_QUESTION.test(question) ? PATIENCE_MS : 0;
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const last = words.at(-1)?.replace(/[^\w']+$/, '');
  if (last === undefined) return WORDLESS_WAIT_MS + patience;
  if (WHOLE_WORDS.test(text.trim())) return WHOLE_WORDS_WAIT_MS;
  if (TRAILING.has(last)) return UNFINISHED_WAIT_MS;
  if (/[.!?]$/.test(text.trim()) || words.length >= WHOLE_ANSWER_WORDS) return FINISHED_WAIT_MS + patience;
  return PLAIN_WAIT_MS + patience;
};
