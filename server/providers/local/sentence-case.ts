/** From a recogniser's "I THINK I'M READY ON MONDAY" to "I think I'm ready on Monday". No punctuation is made up. */
const ALWAYS_CAPITAL = new Set(
  [
    'i monday tuesday wednesday thursday friday saturday sunday',
    // Not "may", "march" and "august", which are words as well.
    'january february april june july september october november december',
    'english american americans british christmas mr mrs ms dr',
  ]
    .join(' ')
    .split(' '),
);

/** Text in one case → sentence case: its first letter, "I", days, months and a few more in capitals. */
export function toSentenceCase(text: string): string {
  const words = text.trim().toLowerCase().split(/\s+/);
  return words.map((word, i) => (i === 0 || isCapital(word) ? capitalized(word) : word)).join(' ');
}

/** "i'm" and "monday's" go by what is before the apostrophe. */
function isCapital(word: string): boolean {
  return ALWAYS_CAPITAL.has(word.split("'")[0] ?? '');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
