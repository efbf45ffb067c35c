/**
 * What nobody wrote a rule for: whether words are of the kind that people use who are in danger, or who are not. A linear
 * model on words and short runs of words, trained by `npm run train:care` on phrases that were written for it; what it
 * has never seen counts as calm. It reads the rules' spelling: small letters, no accents, short forms evened out.
 */
import en from './phrases/danger-en.json' with { type: 'json' };
import de from './phrases/danger-de.json' with { type: 'json' };

export interface DangerModel {
  /** Log-odds against calm of harm to oneself, and to others, before anything is said. */
  bias: Pair;
  /** How likely danger must be, 0 to 1, to be taken for it. */
  threshold: number;
  /** What each feature adds to both, in thousandths. */
  weights: Readonly<Record<string, Pair>>;
}

type Pair = readonly [self: number, others: number];

/** Words that are read at once: a hint must not drown in a long story. */
const WINDOW = 24;
const STEP = 8;
const MODELS = { en: en as unknown as DangerModel, de: de as unknown as DangerModel };

export function likelyDanger(words: string, language: 'en' | 'de'): 'self' | 'others' | undefined {
  const model = MODELS[language];
  for (const window of windows(wordsIn(words))) {
    const { self, others } = likelihood(featuresOf(window), model);
    if (self + others >= model.threshold) return others > self ? 'others' : 'self';
  }
  return undefined;
}

/** How likely each is, 0 to 1. */
export function likelihood(
  features: readonly string[],
  { bias, weights }: DangerModel,
): { self: number; others: number } {
  let [self, others] = [0, 0];
  for (const feature of features) {
    const weight = Object.hasOwn(weights, feature) ? weights[feature] : undefined;
    self += weight?.[0] ?? 0;
    others += weight?.[1] ?? 0;
  }
  const scale = scaleOf(features.length) / 1000;
  const [a, b] = [Math.exp(bias[0] + self * scale), Math.exp(bias[1] + others * scale)];
  return { self: a / (1 + a + b), others: b / (1 + a + b) };
}

/** Long sentences have more of everything. */
export function scaleOf(features: number): number {
  return 1 / Math.sqrt(Math.max(1, features));
}

export function wordsIn(words: string): string[] {
  return words.split(' ').filter((word) => word !== '' && word !== '|');
}

/** Single words, runs of two and three, pairs with one word between, and the stems of long words; each once. */
export function featuresOf(words: readonly string[]): string[] {
  const found = new Set<string>();
  const around = ['^', ...words, '$'];
  for (const [i, word] of around.entries()) {
    const [next, after] = [around[i + 1], around[i + 2]];
    if (word !== '^' && word !== '$') found.add(word);
    if (word.length > 5) found.add(`${word.slice(0, 5)}*`);
    if (next !== undefined) found.add(`${word} ${next}`);
    if (next !== undefined && after !== undefined) {
      found.add(`${word} ${next} ${after}`);
      found.add(`${word} _ ${after}`);
    }
  }
  return [...found];
}

function* windows(words: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at === 0 || at + WINDOW - STEP < words.length; at += STEP) yield words.slice(at, at + WINDOW);
}
