/**
 * Whether somebody speaks of harming themselves or others. By rules for what is said outright and by a model for what is
 * gone round, in no time, on whatever a recogniser or a keyboard brings; English and German at once, since nobody says
 * beforehand what they fall back on. A miss is worse than a false alarm: whatever may be meant is taken as meant.
 */
import { likelyDanger } from './danger-model.ts';
import { safetyDe } from './phrases/safety-de.ts';
import { safetyEn } from './phrases/safety-en.ts';
import type { SafetyTable } from './phrases/safety-table.ts';

/** Whom the harm is to come to. */
export type Danger = 'self' | 'others';

export interface DangerFound {
  about: Danger;
  language: 'en' | 'de';
}

/** Undefined when nothing of the kind is said. */
export function readDanger(text: string): DangerFound | undefined {
  const read = evenedInAll(text);
  const outright = byRules(read);
  if (outright) return outright;
  for (const { language, words } of read) {
    const about = likelyDanger(words, language);
    if (about) return { about, language };
  }
  return undefined;
}

/** What the rules find: good for words that are still to be finished, too, where the model would guess. */
export function readOutrightDanger(text: string): DangerFound | undefined {
  return byRules(evenedInAll(text));
}

type Language = DangerFound['language'];

interface Evened {
  language: Language;
  words: string;
}

function byRules(read: readonly Evened[]): DangerFound | undefined {
  for (const { language, words } of read) {
    const table = TABLES[language];
    const left = withoutHarmless(words, table);
    if (table.self.some((row) => found(row, left))) return { about: 'self', language };
    if (table.others.some((row) => found(row, left))) return { about: 'others', language };
  }
  return undefined;
}

const TABLES: Readonly<Record<Language, SafetyTable>> = { en: safetyEn, de: safetyDe };

/** English first: what is one in both is taken for it. */
function evenedInAll(text: string): Evened[] {
  const words = plain(text.slice(-MAX_CHARS));
  return (['en', 'de'] as const).map((language) => ({ language, words: respelt(words, TABLES[language]) }));
}

/** As the rules and the model read it. */
export function evened(text: string, language: Language): string {
  return respelt(plain(text.slice(-MAX_CHARS)), TABLES[language]);
}

/** Longer than any utterance; typed texts are looked at in their end, which was written last. */
const MAX_CHARS = 8000;

/** Small letters without accents, single spaces, a bar where a sentence or a part of it ends. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[.!?;:\n…–—"“”„()]+/g, ' | ')
    .replaceAll(/[^\p{L}\p{N}'| -]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function respelt(words: string, { respell }: SafetyTable): string {
  let text = words;
  for (const [from, to] of respell) text = text.replaceAll(from, to).replaceAll(/\s+/g, ' ').trim();
  return text;
}

function withoutHarmless(words: string, { harmless }: SafetyTable): string {
  return harmless.reduce((text, row) => text.replaceAll(row, '_'), words);
}

function found(row: RegExp, text: string): boolean {
  row.lastIndex = 0;
  return row.test(text);
}
