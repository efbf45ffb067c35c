/**
 * "Off the record", "back on the record": what the words ask for, in the spelling of a recogniser, which writes no
 * punctuation and hears "of the record". To take something off the record by mistake costs little, to keep what was not
 * to be kept does not: the one is read generously, the other strictly.
 */
export interface RecordCommand {
  /** What is said from now on is kept. */
  on: boolean;
  /** Nothing else was said that wants an answer. */
  isBare: boolean;
  /** It was said at the beginning: nothing of before is in these words. */
  leads: boolean;
}

const RECORD = '(?:record(?:s|er|ing|ed)?|rec(?: |-)?ord|wreck(?:ord|ed)?)';
/** Somebody else's words, or a talk of before: "he told me off the record", "that was off the record". */
const REPORTED =
  /\b(?:he|she|they|who|someone|somebody|boss|manager|colleague|people|nobody|everybody)\b(?: \S+){0,6} $|\b(?:told|said|mentioned|admitted|asked|spoke|talked|was|were|been)\b(?: (?:me|us|him|her|them|it|this|that|something|to|with))* $/;

/** Said to be polite, or to begin. */
const FILLER =
  /^(?:um|uh|erm|er|hm|mm|well|so|okay|ok|right|alright|all|yes|yeah|no|and|but|now|please|hey|hi|kuku|coach|listen|look|actually|just|thanks|thank|you|i|i'd|id|i'm|would|want|like|could|can|may|might|shall|should|we|let|let's|lets|us|me|to|go|be|do|get|is|it|this|that|what|say|saying|speak|talk|tell|something|one|thing|here|keep|take|put|have|make|stay|off|from|for|a|the|moment|minute|bit|in|out|are|we're|were|again|back|on)$/;

const OFF = new RegExp(
  `(?:\\b(?:off|offer|aft|oft)(?: (?:the|this|that|a|our|your))? ${RECORD}\\b|\\bunrecorded\\b)`,
  'g',
);
/** A recogniser's "of the record" is one only where the sentence begins with it. */
const OF = new RegExp(`^of the ${RECORD}\\b`);
const DONT =
  /\b(?:don't|dont|do not|stop) (?:record(?:ing)?|keep(?:ing)?|sav(?:e|ing)|writ(?:e|ing) down)(?: (?:this|that|it|me|any of this))?\b/g;
const BACK = new RegExp(
  `\\b(?:back|again|return) (?:on|onto|to|in)(?: (?:the|our|a))? ${RECORD}\\b|\\bon(?: the| our)? ${RECORD} again\\b|\\b(?:start|resume|continue) recording\\b|\\b(?:record|recording) (?:me |this |it )?again\\b`,
  'g',
);
const ON = new RegExp(`^(?:(?:we|we're|let's|lets|us|now|are|go|can|be) )*on the ${RECORD}\\b(?! of\\b)`);

/** "One of the records". */
const PART = /\b(?:one|all|out|in|bit|the|something)$/;

/** Undefined: the words ask for neither. Of several the last counts. */
export function readRecordCommand(text: string): RecordCommand | undefined {
  const words = text
    .toLowerCase()
    .replaceAll(/[’`]/g, "'")
    .replaceAll(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const content = withoutFillers(words);
  const before = words.slice(0, words.length - content.length).trim();
  const found = [
    ...spans(words, OFF, false).filter(({ start }) => !REPORTED.test(words.slice(0, start))),
    ...spans(words, DONT, false).filter(({ start }) => withoutFillers(words.slice(0, start)) === ''),
    ...(PART.test(before) ? [] : spans(content, OF, false)).map((span) => shifted(span, words.length - content.length)),
    ...spans(words, BACK, true).filter(({ start }) => !REPORTED.test(words.slice(0, start))),
    ...spans(content, ON, true).map((span) => shifted(span, words.length - content.length)),
  ].toSorted((a, b) => a.start - b.start);
  const last = found.at(-1);
  if (!last) return undefined;
  const rest = found.reduce((left, { start, end }) => blank(left, start, end), words);
  return {
    on: last.on,
    isBare: countContent(rest) <= 1,
    leads: withoutFillers(rest.slice(0, last.start).trim()) === '' && found.every(({ on }) => on === last.on),
  };
}

interface Span {
  start: number;
  end: number;
  on: boolean;
}

function spans(words: string, pattern: RegExp, on: boolean): Span[] {
  const matches = pattern.global
    ? [...words.matchAll(pattern)]
    : [pattern.exec(words)].filter((match) => match !== null);
  return matches.map((match) => ({ start: match.index, end: match.index + match[0].length, on }));
}

const shifted = ({ start, end, on }: Span, by: number): Span => ({ start: start + by, end: end + by, on });
const blank = (text: string, start: number, end: number) =>
  text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);

/** What is left once the fillers at the beginning are gone. */
function withoutFillers(words: string): string {
  const all = words.split(' ').filter(Boolean);
  const first = all.findIndex((word) => !FILLER.test(word) || (word === 'on' && all.includes('the')));
  return first < 0 ? '' : all.slice(first).join(' ');
}

function countContent(words: string): number {
  return words.split(' ').filter((word) => word !== '' && !FILLER.test(word)).length;
}
