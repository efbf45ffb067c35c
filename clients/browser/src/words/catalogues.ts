/** The languages of the page: those that come with it, and those that an embedding page adds. */
import { signal } from '@preact/signals';
import { en, type Words } from './en.ts';

export type { Words };

interface Language {
  /** Its own name for itself. */
  name: string;
  load: () => Promise<Words>;
}

/** English is there at once; the others are fetched when they are first wanted. */
const known = new Map<string, Language>([
  ['en', { name: en.name, load: async () => en }],
  ['de', { name: 'Deutsch', load: async () => (await import('./de.ts')).de }],
]);

const loaded = signal<Readonly<Record<string, Words>>>({ en });

/** Adds a language, or replaces one. Call it before the element is in the page, or elements take it up when next drawn. */
export function addCatalogue(lang: string, words: Words): void {
  known.set(lang.toLowerCase(), { name: words.name, load: async () => words });
  loaded.value = { ...loaded.value, [lang.toLowerCase()]: words };
}

/** Each language's tag and its own name for itself. */
export function languages(): { lang: string; name: string }[] {
  return [...known].map(([lang, { name }]) => ({ lang, name }));
}

/** The first of the wanted languages that there is, regions aside (`de-AT` is served by `de`); else English. */
export function pickLanguage(wanted: readonly (string | undefined)[]): string {
  for (const tag of wanted) {
    const lower = tag?.toLowerCase() ?? '';
    const found = [lower, lower.split('-')[0] ?? ''].find((lang) => known.has(lang));
    if (found !== undefined) return found;
  }
  return 'en';
}

/** A signal's value: undefined while the words are fetched. English stands in for words that can't be had. */
export function wordsOf(lang: string): Words | undefined {
  return loaded.value[lang];
}

export async function loadWords(lang: string): Promise<void> {
  if (loaded.peek()[lang]) return;
  const words = await known
    .get(lang)
    ?.load()
    .catch(() => undefined);
  loaded.value = { ...loaded.peek(), [lang]: words ?? en };
}
