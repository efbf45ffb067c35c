/**
 * Makes what a person said fit to be worked with: recognisers give no punctuation, no sentence case, no apostrophes,
 * but fillers and stutters. Everything here is linear in the length of the text.
 */

/** Longest text that is looked at, in characters; the wire's limit for a typed turn. */
const MAX_CHARS = 4000;

const MISSING_APOSTROPHE: Readonly<Record<string, string>> = {
  im: "I'm",
  ive: "I've",
  dont: "don't",
  cant: "can't",
  didnt: "didn't",
  doesnt: "doesn't",
  isnt: "isn't",
  arent: "aren't",
  wasnt: "wasn't",
  werent: "weren't",
  wont: "won't",
  wouldnt: "wouldn't",
  couldnt: "couldn't",
  shouldnt: "shouldn't",
  havent: "haven't",
  hasnt: "hasn't",
  hadnt: "hadn't",
  youre: "you're",
  theyre: "they're",
  thats: "that's",
  whats: "what's",
  theres: "there's",
  gonna: 'going to',
  wanna: 'want to',
  gotta: 'have to',
};

const FILLERS =
  /(?<![\w'])(?:u+h*m+|u+h+|e+r+m*|h+m+|mm+|ah+|you know|i mean|sort of|kind of|basically|literally)(?![\w'])[,.]?/gi;
/** "like" is a filler after a form of "be" or before a pause, hardly ever elsewhere. */
const FILLER_LIKE = /(?<=\b(?:am|i'm|is|was|were|been|are|it's|just|so|and))[, ]+like[, ]+(?=\w)|, like,/gi;

/** "may" and "march" are verbs as well, so they need a preposition. */
const DAY_OR_MONTH =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september|october|november|december|christmas|easter)\b|(?<=\b(?:in|of|by|until|since|last|next|this|early|late|before) )(?:march|may)\b/g;

/** The text without fillers, stutters, markup and symbols, in one line; words keep their order and, mostly, their case. */
export function cleanSpeech(text: string): string {
  const plain = text
    .slice(0, MAX_CHARS)
    .normalize('NFC')
    .replaceAll(/[\u2018\u2019\u02BC`]/g, "'")
    .replaceAll(/[\u201C\u201D"]/g, '')
    .replaceAll(/\b(mr|mrs|ms|dr|st)\./gi, '$1')
    .replaceAll(/[^\p{L}\p{M}\p{N}\s'.,!?;:%/-]/gu, ' ')
    .replaceAll(/(?<![\p{L}\p{N}])['/:-]+|(?<!s(?='))['/:-]+(?![\p{L}\p{N}])/gu, ' ');
  const cased = /\p{Ll}/u.test(plain) ? plain : plain.toLowerCase();
  return tidy(
    cased
      .replaceAll(FILLERS, ' ')
      .replaceAll(FILLER_LIKE, ' ')
      .replaceAll(/(?<![\w'])[a-z]+(?![\w'])/gi, (word) => MISSING_APOSTROPHE[word.toLowerCase()] ?? word)
      .replaceAll(DAY_OR_MONTH, (name) => capitalised(name))
      .replaceAll(/(?<![\w'])i(?=$|[\s,.!?;']|'(?:m|ve|ll|d)\b)/g, 'I'),
  );
}

function tidy(text: string): string {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word) && word.length <= 30);
  return withoutStutter(words).join(' ');
}

/** "I I think the the plan" → "I think the plan"; also a repeated pair: "I was I was late". */
function withoutStutter(words: readonly string[]): string[] {
  const kept: string[] = [];
  const same = (a = '', b = '') => a !== '' && bare(a) === bare(b);
  for (const word of words) {
    if (same(kept.at(-1), word) && !['very', 'really', 'so', 'no', 'that', 'had'].includes(bare(word))) continue;
    kept.push(word);
    const n = kept.length;
    // "I give and give and nobody notices" is said with intent.
    const isEmphasis = bare(word) === 'and' && !/^(?:i|he|she|we|they|it|then|so)$/.test(bare(kept[n - 2] ?? ''));
    if (n >= 4 && same(kept[n - 4], kept[n - 2]) && same(kept[n - 3], kept[n - 1]) && !isEmphasis)
      kept.splice(n - 2, 2);
  }
  return kept;
}

/** A word in lower case without the punctuation around it. */
export function bare(word: string): string {
  return word.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, '');
}

/** The word at a place; empty where there is none. */
export function wordAt(words: readonly string[], at: number): string {
  return words[at] ?? '';
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?;])\s+/).filter((sentence) => bare(sentence) !== '');
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** FNV-1a, 32 bits: the only source of variation, so that the same conversation gets the same reply. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  // FNV's low bits are weak for short texts, and they are what a modulo sees.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** At most `maxWords` words, without a dangling comma. */
export function firstWords(text: string, maxWords: number): string {
  return wordsOf(text)
    .slice(0, maxWords)
    .join(' ')
    .replace(/[,;:.!?]+$/, '');
}
