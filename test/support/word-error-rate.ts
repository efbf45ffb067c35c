/** Word errors of a transcript: how many words must be changed, added or left out to get what was said. */
export interface WordErrors {
  errors: number;
  /** Words of the reference. */
  words: number;
}

/** Lower case, letters, digits and apostrophes only: "Mr. Smith's" is `mr smith's`. */
export function normalizedWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+(?:'[a-z0-9]+)*/g) ?? [];
}

/** Levenshtein distance over words. */
export function wordErrors(reference: string, hypothesis: string): WordErrors {
  const said = normalizedWords(reference);
  const heard = normalizedWords(hypothesis);
  let previous = Array.from({ length: heard.length + 1 }, (_, i) => i);
  for (const [i, word] of said.entries()) {
    const row = [i + 1];
    for (const [j, candidate] of heard.entries()) {
      const changed = (previous[j] ?? 0) + (word === candidate ? 0 : 1);
      row.push(Math.min(changed, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return { errors: previous[heard.length] ?? 0, words: said.length };
}

/** Errors over all pairs, as a part of the words said: 0 is perfect, above 1 is possible. */
export function wordErrorRate(pairs: Iterable<readonly [reference: string, hypothesis: string]>): number {
  let errors = 0;
  let words = 0;
  for (const [reference, hypothesis] of pairs) {
    const counted = wordErrors(reference, hypothesis);
    errors += counted.errors;
    words += counted.words;
  }
  if (words === 0) throw new RangeError('no reference words');
  return errors / words;
}
