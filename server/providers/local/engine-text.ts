/** Text as the small engines can take it: plain ASCII words, in pieces of bounded length. */

const REPLACED: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‛': "'",
  '“': '"',
  '”': '"',
  '–': ', ',
  '—': ', ',
  '…': '... ',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/** Pico gives up on a number of more than about 70 digits. */
const LONG_TOKEN = /\S{40}(?=\S)/g;

/** Cuts are looked for here, the better ones first. */
const SENTENCE_END = /[.!?]["')]*\s/g;
const CLAUSE_END = /[,;:)]["']*\s/g;
const SPACE = /\s/g;

/**
 * Accents are dropped ("café" is said "cafe"), and so is what has no letters for it, control characters, and the
 * brackets and ampersands that Pico takes for markup.
 */
export function plainAscii(text: string): string {
  return text
    .replace(/\P{ASCII}/gu, (character) => REPLACED[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/&/g, ' and ')
    .replace(/[^\u0020-\u007e]|[<>\\^`{|}~]/g, ' ')
    .replace(/([^\d\s])\1{3,}/g, '$1$1$1')
    .replace(LONG_TOKEN, '$& ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What an engine is given, in order; nothing when there is no letter and no digit to speak. */
export function speechPieces(text: string, maxChars: number): string[] {
  const pieces: string[] = [];
  let rest = plainAscii(text);
  while (rest.length > maxChars) {
    const cut = findCut(rest, maxChars);
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  pieces.push(rest);
  return pieces.filter((piece) => /[a-z0-9]/i.test(piece));
}

/** The last good place within `maxChars`, or in the middle of a word when there is none. */
function findCut(text: string, maxChars: number): number {
  const within = text.slice(0, maxChars);
  for (const boundary of [SENTENCE_END, CLAUSE_END, SPACE]) {
    const last = [...within.matchAll(boundary)].at(-1);
    // A cut near the beginning would leave a stump.
    if (last && last.index + last[0].length > maxChars / 4) return last.index + last[0].length;
  }
  return maxChars;
}
