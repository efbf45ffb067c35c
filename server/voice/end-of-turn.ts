/**
 * How long a silence must last before the turn is over: short where the words sound finished, long where the person is
 * in mid-thought or was asked something that takes thinking. Silence alone cuts people off in 55 % of turns at 300 ms.
 * Replaceable by a model behind the same function type. `npm run bench:end-of-turn` says how well it does.
 */

export interface TurnEvidence {
  /** The transcript so far, '' before the first word. */
  text: string;
  /** What the coach asked last, if it asked. */
  question: string | undefined;
}

/** Silence in ms of audio after which the turn is over. */
export type EndOfTurn = (evidence: TurnEvidence) => number;

/** "Yes", "okay, thanks": whole by itself. */
export const WHOLE_WORDS_WAIT_MS = 400;
/** The words make a whole: the person has most likely said it. */
export const FINISHED_WAIT_MS = 490;
/** No sign either way. */
export const PLAIN_WAIT_MS = 720;
/** Nothing recognised yet: the recogniser may lag behind. */
export const WORDLESS_WAIT_MS = 800;
/** A clause that leads up to another, or a verb that wants more: as often as not, more is coming. */
export const HALF_FINISHED_WAIT_MS = 1250;
/** Trailing "and", "because", "um", or "honestly" and nothing more: more is coming. */
export const UNFINISHED_WAIT_MS = 1500;
/** Added after a question that takes thinking. */
export const PATIENCE_MS = 320;

/** From this many words on, an answer that does not trail off is taken for whole. */
const WHOLE_ANSWER_WORDS = 5;
/** A clause with "when" or "if" is followed by another: in so few words there was none yet. */
const LONE_CLAUSE_WORDS = 8;

const TRAILING = new Set(
  (
    'and or but so because since although though while if when that which who whose than then like ' +
    'um uh erm er hmm well maybe also plus the a an my your his her its our their this these those ' +
    'to of for with from in on at by about into as i we they he she is are was were am be been have has had ' +
    "i'm it's that's do does did will would could should can might may must not very really just even " +
    'what where how why some any more most'
  ).split(' '),
);
/** Verbs that seldom end a sentence: what is asked, needed or felt comes next. */
const WANTS_MORE = new Set(
  (
    'ask tell told want wants need needs make makes made get gets take takes give gives gave let find finds keep keeps ' +
    'feel feels felt try tries tried trying going gonna mean means say says said call calls induced thinks seems seemed ' +
    'became become becomes getting making having being telling asking saying'
  ).split(' '),
);
/** Said before what one has to say. */
const OPENERS =
  /^(?:(?:well|so|um|uh|okay|oh|yes|yeah|no)[ ,]+)*(?:honestly|actually|basically|frankly|i think|i guess|i mean|you know|i suppose|to be honest|let me think|let me see|good question|that's a good question|for me|for example|at first|on the one hand|first of all)[ ,.]*$/i;
/** Hedges that people go on after. */
const HEDGE =
  /\b(?:i (?:do not|don't) (?:really )?know|i(?: am|'m) not (?:so |really |quite )?sure|it depends)[ ,.]*$/i;
const ANNOUNCED =
  /\b(?:two|three|four|five|several|a few|a couple of|a lot of|many|some) (?:\w+ )?(?:things|reasons|options|ideas|ways|points|parts|sides|problems|people)[ ,.]*$/i;
const FIRST_OF_SEVERAL = /\b(?:one is|first|firstly|the first|one thing is|on the one hand)\b/i;
const NEXT_OF_SEVERAL = /\b(?:second|secondly|the other|another|then|on the other hand|and)\b/i;
const SUBORDINATE =
  /^(?:(?:well|so|and|but|because|um)[ ,]+)*(?:when|whenever|if|although|though|while|since|after|before|once|until|every time|as soon as)\b/i;
/** Who does something: two of them make two clauses. */
const SUBJECT =
  /^(?:i|you|we|they|he|she|it|everybody|everyone|nobody|someone|somebody|people|nothing|everything|that|this|there)$|^(?:i|you|we|they|he|she|it|that|there)'/i;
/** Short replies that are whole by themselves. */
const WHOLE_WORDS =
  /^(?:(?:yes|yeah|yep|no|nope|okay|ok|sure|right|exactly|thanks|thank you|hello|hi|i (?:think|hope|guess) so)\b[ ,.!]*)+$/i;
const NUMBER =
  /^(?:(?:maybe|about|around|say|an?|i'd say|i would say)[ ,]+)*(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)(?: (?:out of ten|of ten|i think|i guess|maybe))?[ ,.]*$/i;
const ASKS_NUMBER = /\b(?:how (?:sure|confident|likely|committed)|from one to ten|out of ten|scale)\b/i;
/** Questions after which people think before and while they speak. */
const DEEP_QUESTION =
  /\b(?:feel|matters?|important|really want|would it mean|stops? you|holding you|getting in the way|imagine|learn|afraid|value|change)\b/i;

export const ruleEndOfTurn: EndOfTurn = ({ text, question = '' }) => {
  const said = text.trim();
  const words = said.toLowerCase().split(/\s+/).filter(Boolean);
  const patience = DEEP_QUESTION.test(question) ? PATIENCE_MS : 0;
  if (words.length === 0) return WORDLESS_WAIT_MS + patience;
  if (WHOLE_WORDS.test(said)) return WHOLE_WORDS_WAIT_MS;
  if (ASKS_NUMBER.test(question) && NUMBER.test(said)) return FINISHED_WAIT_MS;
  if (leavesOff(said, words)) return UNFINISHED_WAIT_MS;
  if (leadsOn(said, words)) return HALF_FINISHED_WAIT_MS + patience;
  const whole = /[.!?]$/.test(said) || words.length >= WHOLE_ANSWER_WORDS;
  return (whole ? FINISHED_WAIT_MS : PLAIN_WAIT_MS) + patience;
};

/** The words stop where no sentence does. */
function leavesOff(said: string, words: readonly string[]): boolean {
  const first = FIRST_OF_SEVERAL.exec(said);
  if (first && !NEXT_OF_SEVERAL.test(said.slice(first.index + first[0].length))) return true;
  return TRAILING.has(lastWord(words)) || OPENERS.test(said) || ANNOUNCED.test(said);
}

/** The words may be all, but mostly more follows. */
function leadsOn(said: string, words: readonly string[]): boolean {
  if (WANTS_MORE.has(lastWord(words)) || HEDGE.test(said)) return true;
  const subjects = words.filter((word) => SUBJECT.test(word)).length;
  return SUBORDINATE.test(said) && words.length <= LONE_CLAUSE_WORDS && subjects < 2;
}

function lastWord(words: readonly string[]): string {
  return words.at(-1)?.replace(/[^\w']+$/, '') ?? '';
}
