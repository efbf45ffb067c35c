/**
 * Reads from a person's words whether the session shall end. Two steps guard the end, and so do the rules: while a
 * proposal stands, what is not plainly a yes is never read as one; at other times, only words about this very session
 * are a request. Rules decide at once; what they leave open says `guess`, for a model to decide where there is one.
 */
import { withoutEcho } from './echo.ts';
import { german } from './phrases/de.ts';
import { english } from './phrases/en.ts';
import type { PhraseKind } from './phrases/table.ts';
import { createPhraseReader, ENDING, type Piece, type PhraseReader } from './wrap-up-phrases.ts';

export const WRAP_UP_INTENTS = ['request', 'yes', 'no', 'unclear', 'new_content', 'none'] as const;
export type WrapUpIntent = (typeof WRAP_UP_INTENTS)[number];

export interface WrapUpReading {
  /** `request` or `none` while active, the others while confirming. What to go by when nobody knows better. */
  intent: WrapUpIntent;
  /** `guess`: the words allow another reading. */
  confidence: 'rule' | 'guess';
  /** Something was said beyond the answer itself, which the coach should take up: "no, I want to talk about Anna". */
  hasContent: boolean;
}

export interface WrapUpContext {
  phase: 'active' | 'confirming';
  /** Two letters, as in `en`; English where the language is unknown. */
  language?: string;
}

const englishReader = createPhraseReader(english);
const readers = new Map<string, PhraseReader>([
  [english.language, englishReader],
  [german.language, createPhraseReader(german)],
]);

/** Below 1 ms for any utterance. An empty text is `unclear` while confirming: callers skip utterances without words. */
export function readWrapUpIntent(text: string, { phase, language = 'en' }: WrapUpContext): WrapUpReading {
  const reader = readers.get(language.slice(0, 2).toLowerCase()) ?? englishReader;
  if (phase === 'active') return readRequest(reader.read(text), reader);
  return readAnswer(reader.read(withoutEcho(text)), reader);
}

const reading = ([intent, confidence]: Verdict, pieces: readonly Piece[], contentWords: number): WrapUpReading => ({
  intent,
  confidence,
  hasContent: intent === 'new_content' || contentWords > 1 || has(pieces, 'topic'),
});

type Verdict = readonly [WrapUpIntent, 'rule' | 'guess'];

// ── while active ────────────────────────────────────────────────────────────────────────────────────────────────

/** "I have to go" is a request unless it is part of a story. */
const STORY_WORDS = 4;

/** One word of content is a remark; in a row of words it is a statement: "he really hurt me". */
const A_SENTENCE = 3;

function readRequest(pieces: readonly Piece[], reader: PhraseReader): WrapUpReading {
  const contentWords = countContent(pieces, reader);
  return reading(judgeRequest(pieces, contentWords, reader.hints(pieces)), pieces, contentWords);
}

function judgeRequest(pieces: readonly Piece[], contentWords: number, hints: boolean): Verdict {
  const last = pieces.findLastIndex((piece) => ENDING.has(piece.kind));
  if (last < 0) return ['none', hints ? 'guess' : 'rule'];
  const after = pieces.slice(last + 1);
  // "Let's wrap up … no wait, not yet".
  if (has(after, 'no') || has(after, 'goOn') || has(after, 'hold')) return ['none', 'guess'];
  if (has(pieces, 'end')) return ['request', has(after, 'topic') ? 'guess' : 'rule'];
  if (contentWords > STORY_WORDS || has(after, 'topic')) return ['none', 'guess'];
  return ['request', contentWords > 2 ? 'guess' : 'rule'];
}

// ── while confirming ────────────────────────────────────────────────────────────────────────────────────────────

function readAnswer(pieces: readonly Piece[], reader: PhraseReader): WrapUpReading {
  const said = afterCorrection(pieces, reader);
  const contentWords = countContent(said, reader);
  const verdict =
    readTopic(said) ?? readNo(said, contentWords) ?? readYes(said, contentWords) ?? readRest(said, contentWords);
  // "She never said sorry. Okay": what a correction seems to take back may be what the person is talking about.
  const dropped = countContent(pieces.slice(0, pieces.length - said.length), reader);
  const isStory = verdict[0] === 'yes' && dropped > 1 && !hasEnd(said);
  return reading(isStory ? ['new_content', 'guess'] : verdict, said, contentWords);
}

const DECISIVE: ReadonlySet<Piece['kind']> = new Set<PhraseKind>([
  'yes',
  'no',
  'goOn',
  'topic',
  'end',
  'endAlone',
  'endCommand',
]);

/** Of "yes, I mean no" and "wait, yes" only what comes last counts, if it decides anything. */
function afterCorrection(pieces: readonly Piece[], reader: PhraseReader): readonly Piece[] {
  const at = pieces.findLastIndex((piece, i) => {
    if (piece.kind !== 'correction' && piece.kind !== 'hold') return false;
    const after = pieces.slice(i + 1);
    return after.some((later) => DECISIVE.has(later.kind)) || countContent(after, reader) > 1;
  });
  return pieces.slice(at + 1);
}

/** A new subject is no consent, whatever came before it; after a plain no it is still a no. */
function readTopic(said: readonly Piece[]): Verdict | undefined {
  if (!has(said, 'topic')) return undefined;
  if (firstOf(said, ['no', 'goOn', 'topic']) !== 'topic') return ['no', 'rule'];
  return ['new_content', 'rule'];
}

function readNo(said: readonly Piece[], contentWords: number): Verdict | undefined {
  const isStory = contentWords > STORY_WORDS;
  if (has(said, 'goOn')) return isStory && !has(said, 'no') ? ['new_content', 'guess'] : ['no', 'rule'];
  const lastNo = said.findLastIndex((piece) => piece.kind === 'no');
  if (lastNo < 0) return undefined;
  const after = said.slice(lastNo + 1);
  // "No, that's all", "no, I think we're done": the no is to an "anything else?".
  const ends = hasEnd(after);
  if (ends && !has(after, 'but') && contentWords <= STORY_WORDS) return ['yes', 'rule'];
  if (ends || has(after, 'yes')) return ['no', 'guess'];
  // "Maybe yes, maybe no".
  return has(said, 'unclear') && has(said, 'yes') ? ['unclear', 'guess'] : ['no', 'rule'];
}

function readYes(said: readonly Piece[], contentWords: number): Verdict | undefined {
  const ends = hasEnd(said);
  if (!ends && !has(said, 'yes')) return undefined;
  if (has(said, 'but')) return contentWords > 0 ? ['new_content', 'guess'] : ['unclear', 'guess'];
  if (has(said, 'hold')) return ['no', 'guess'];
  if (!ends) return readBareYes(said, contentWords);
  // "Wrap up, what do you mean?"
  const lastEnd = said.findLastIndex((piece) => ENDING.has(piece.kind));
  if (has(said.slice(lastEnd), 'unclear')) return ['unclear', 'guess'];
  if (!has(said, 'end') && contentWords > STORY_WORDS) return ['new_content', 'guess'];
  if (!has(said, 'end') && !has(said, 'yes') && contentWords > 2) return ['unclear', 'guess'];
  return ['yes', contentWords > 2 ? 'guess' : 'rule'];
}

/** Agreement without a word about the end: only where nothing else is said, asked or doubted. */
function readBareYes(said: readonly Piece[], contentWords: number): Verdict {
  if (has(said, 'unclear') || isQuestion(said)) return ['unclear', 'guess'];
  const words = countWords(said);
  if (words === 0) return ['yes', 'rule'];
  return words >= A_SENTENCE || contentWords > 1 ? ['new_content', 'guess'] : ['unclear', 'guess'];
}

function readRest(said: readonly Piece[], contentWords: number): Verdict {
  if (contentWords > 2) return ['new_content', 'rule'];
  if (has(said, 'unclear') || has(said, 'endQuestion')) return ['unclear', 'rule'];
  if (isQuestion(said) && contentWords < 2 && !has(said, 'hold')) return ['unclear', 'guess'];
  if (contentWords > 1 || (contentWords === 1 && countWords(said) >= A_SENTENCE)) return ['new_content', 'guess'];
  if (has(said, 'hold')) return ['no', contentWords > 0 ? 'guess' : 'rule'];
  return ['unclear', contentWords > 0 ? 'guess' : 'rule'];
}

// ── pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────

const has = (pieces: readonly Piece[], kind: PhraseKind) => pieces.some((piece) => piece.kind === kind);

/** A question whether to end is no answer. */
const hasEnd = (pieces: readonly Piece[]) =>
  pieces.some((piece) => ENDING.has(piece.kind) && piece.kind !== 'endQuestion');

const firstOf = (pieces: readonly Piece[], kinds: readonly PhraseKind[]) =>
  pieces.find((piece) => kinds.some((kind) => kind === piece.kind))?.kind;

const isQuestion = (pieces: readonly Piece[]) => pieces.some((piece) => piece.kind === 'mark' && piece.mark === '?');

const countContent = (pieces: readonly Piece[], reader: PhraseReader) =>
  countWords(pieces, (word) => reader.hasContent(word));

/** Words beyond the phrases; those that only give a reason do not count. */
function countWords(pieces: readonly Piece[], counts: (word: string) => boolean = () => true): number {
  let count = 0;
  let inReason = false;
  for (const piece of pieces) {
    if (piece.kind === 'mark') inReason = false;
    else if (piece.kind === 'reason') inReason = true;
    else if (piece.kind === 'word' && !inReason && counts(piece.word)) count++;
  }
  return count;
}
