/**
 * What the rules of care need to know of a language: rows of regular expressions on words in small letters, one space
 * between them, a `|` where a sentence or a part of it ends. `…` in a row stands for up to four words.
 */
export interface SafetyTable {
  /** Evens out short forms, what recognisers mishear, and fillers; in this order. */
  readonly respell: readonly (readonly [RegExp, string])[];
  /** What only sounds like it: taken out before the rest is looked at. */
  readonly harmless: readonly RegExp[];
  /** Harming oneself: said outright or gone round. Also somebody else who may do that to themselves. */
  readonly self: readonly RegExp[];
  /** Harming somebody else. */
  readonly others: readonly RegExp[];
}

/** Whole words; `END` in a row is the end of what is said, or of a part of it. */
export function rows(...sources: readonly string[]): RegExp[] {
  return sources.map(
    (source) =>
      new RegExp(
        `(?<![\\w'])(?:${source.replaceAll(/… ?/g, '(?:\\w+ ){0,4}').replaceAll('END', '(?=$| \\|)')})(?![\\w'])`,
        'gu',
      ),
  );
}
