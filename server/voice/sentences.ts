/** Cuts a stream of text into what is synthesised in one go: sentences, and for the very first a clause if need be. */

/** A first clause is cut early only when it is at least this long: shorter ones sound chopped. */
const MIN_FIRST_CLAUSE_CHARS = 32;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A full stop after these does not end a sentence; ICU's rules do not know them. */
const ABBREVIATION = /(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|etc|e\.g|i\.e)|\b[A-Z])\.\s*$/;
const CLAUSE_END = /[,;:–—]\s/g;

/** Yields trimmed, non-empty sentences, each as soon as it is certain that it is over. */
export async function* sentences(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let buffer = '';
  let first = true;
  for await (const piece of pieces) {
    buffer += piece;
    const { whole, rest } = takeWhole(buffer);
    buffer = rest;
    for (const sentence of whole) {
      first = false;
      yield sentence;
    }
    const clause = first ? firstClause(buffer) : undefined;
    if (clause) {
      first = false;
      buffer = buffer.slice(clause.length);
      yield clause.trim();
    }
  }
  for (const sentence of splitSentences(buffer)) yield sentence;
}

/** The sentences of a finished text. */
export function splitSentences(text: string): string[] {
  const { whole, rest } = takeWhole(text);
  const last = rest.trim();
  return last ? [...whole, last] : whole;
}

/** All sentences that something follows; the last one may still grow. */
function takeWhole(text: string): { whole: string[]; rest: string } {
  const whole: string[] = [];
  let open = '';
  const segments = [...segmenter.segment(text)].map(({ segment }) => segment);
  const last = segments.pop() ?? '';
  for (const segment of segments) {
    open += segment;
    if (ABBREVIATION.test(open)) continue;
    if (open.trim()) whole.push(open.trim());
    open = '';
  }
  return { whole, rest: open + last };
}

function firstClause(buffer: string): string | undefined {
  for (const match of buffer.matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length;
    if (end >= MIN_FIRST_CLAUSE_CHARS) return buffer.slice(0, end);
  }
  return undefined;
}
