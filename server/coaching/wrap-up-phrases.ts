/** Reads an utterance as a row of phrases of a language's table. Whole words only, the longest phrase first. */
import { isMark, PHRASE_KINDS, type PhraseKind, type PhraseTable } from './phrases/table.ts';
import { createPatterns } from './wrap-up-patterns.ts';

/** A phrase, a word that is in no phrase, or a mark. */
export type Piece =
  | { kind: PhraseKind; words: readonly string[] }
  | { kind: 'word'; word: string }
  | { kind: 'mark'; mark: string };

export interface PhraseReader {
  read(text: string): Piece[];
  /** Whether a word carries content. */
  hasContent(word: string): boolean;
  /** Whether the text holds a word that a model should look at. */
  hints(pieces: readonly Piece[]): boolean;
}

/** Longer texts are content: their last words decide. */
const MAX_WORDS = 80;

export function createPhraseReader(table: PhraseTable): PhraseReader {
  const respell = table.respell.map(([pattern, by]) => [new RegExp(`(?<= )(?:${pattern})(?= )`, 'gu'), by] as const);
  const patternSet = createPatterns(table.macros);
  const kinds = PHRASE_KINDS.map((kind) => ({ kind, patterns: patternSet(table.phrases[kind]) }));
  const guards = compileGuards(table);
  const words = (list: string) => new Set(list.split('|'));
  const empty = words(table.empty);
  const hints = words(table.hints);

  return {
    read(text) {
      const words = tokenize(text, respell);
      const openKinds = kinds.map(({ kind, patterns }) => ({ kind, endOf: patterns.open(words) }));
      return readPieces(words, openKinds, guards);
    },
    hasContent: (word) => !empty.has(word),
    hints: (pieces) => pieces.some((piece) => wordsOf(piece).some((word) => hints.has(word))),
  };
}

/** Lower-case words and the marks `,` `.` `?`; whatever else is written falls away. */
function tokenize(text: string, respell: readonly (readonly [RegExp, string])[]): string[] {
  let line = ` ${text.toLowerCase().normalize('NFKC')} `
    .replace(/[’‘`´]/gu, "'")
    .replace(/[.!;:…—–]+|\.{2,}| - /gu, ' . ')
    .replace(/,/gu, ' , ')
    .replace(/\?+/gu, ' ? ')
    .replace(/-/gu, ' ')
    .replace(/[^\p{L}\p{N}' .,?]/gu, ' ')
    .replace(/ +/gu, ' ');
  for (const [pattern, by] of respell) line = line.replace(pattern, by).replace(/ {2,}/gu, ' ');
  const tokens = line.split(' ').filter((token) => token !== '');
  return tokens.filter((token, i) => token !== ',' || (i > 0 && tokens[i - 1] !== ',')).slice(-MAX_WORDS);
}

/** A kind's phrases, looked for in one text: the end of the longest that begins at a word. */
interface OpenKind {
  kind: PhraseKind;
  endOf: (at: number) => number;
}

function readPieces(words: readonly string[], kinds: readonly OpenKind[], guards: Guards): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? '';
    const best = kinds.reduce<{ kind?: PhraseKind; end: number }>(
      (best, { kind, endOf }) => {
        const end = mayStand(kind, pieces, guards) ? endOf(at) : at;
        return end > best.end ? { kind, end } : best;
      },
      { end: at },
    );
    if (best.kind) pieces.push({ kind: best.kind, words: words.slice(at, best.end) });
    else pieces.push(isMark(word) ? { kind: 'mark', mark: word } : { kind: 'word', word });
    at = Math.max(best.end, at + 1);
  }
  return pieces;
}

// ── where a phrase may stand ────────────────────────────────────────────────────────────────────────────────────

interface Guards {
  reporting: RegExp;
  conditional: RegExp;
  negating: RegExp;
  habitual: RegExp;
}

/** A word of agreement in the middle of a sentence is told, not given: "she said yes yesterday". */
const OPENING: ReadonlySet<PhraseKind> = new Set(['yes', 'no', 'hold', 'endCommand']);

export const ENDING: ReadonlySet<Piece['kind']> = new Set<PhraseKind>(['end', 'endAlone', 'endCommand', 'endQuestion']);

function mayStand(kind: PhraseKind, before: readonly Piece[], guards: Guards): boolean {
  const previous = before.at(-1)?.kind ?? 'mark';
  if (OPENING.has(kind) && previous === 'word') return false;
  if (kind === 'endCommand' && LEADING.has(previous)) return false;
  if (!ENDING.has(kind)) return true;
  const lead = leadWords(before);
  const last = lead.slice(-3).join(' ');
  if (guards.conditional.test(` ${lead.slice(-2).join(' ')} `) || guards.negating.test(` ${last} `)) return false;
  const sentence = sentenceWords(before).join(' ');
  if (guards.reporting.test(` ${sentence.split(' ').slice(-8).join(' ')} `)) return false;
  return kind === 'end' || (!guards.habitual.test(` ${sentence} `) && !isConditional(before, guards));
}

/** "Once the kids are in bed I'm done": the sentence began with a condition. */
function isConditional(before: readonly Piece[], guards: Guards): boolean {
  const sentence = before.slice(sentenceStart(before));
  return sentence.some((piece) => piece.kind === 'but' && guards.conditional.test(` ${piece.words.join(' ')} `));
}

/** Phrases that a condition or a negation may have been taken for. */
const LEADING: ReadonlySet<Piece['kind']> = new Set<PhraseKind>(['unclear', 'but', 'topic']);

/** The words that lead directly up to here. */
function leadWords(before: readonly Piece[]): string[] {
  const from = before.findLastIndex((piece) => piece.kind !== 'word' && !LEADING.has(piece.kind)) + 1;
  return before.slice(from).flatMap(wordsOf);
}

/** The words of the sentence so far that are in no phrase. */
function sentenceWords(before: readonly Piece[]): string[] {
  return before.slice(sentenceStart(before)).flatMap((piece) => (piece.kind === 'word' ? [piece.word] : []));
}

const sentenceStart = (before: readonly Piece[]) =>
  before.findLastIndex((piece) => piece.kind === 'mark' && piece.mark !== ',') + 1;

function wordsOf(piece: Piece): readonly string[] {
  if (piece.kind === 'word') return [piece.word];
  return piece.kind === 'mark' ? [] : piece.words;
}

function compileGuards(table: PhraseTable): Guards {
  const guard = (list: string) => new RegExp(` (?:${list}) `, 'u');
  return {
    reporting: guard(table.reporting),
    conditional: new RegExp(` (?:${table.conditional}) $`, 'u'),
    negating: guard(table.negating),
    habitual: guard(table.habitual),
  };
}
