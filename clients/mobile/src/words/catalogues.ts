/** The languages of the app: the words of the page and the app's own. */
import { careWords, type CareWords } from '../../../browser/src/words/care.ts';
import { de as pageDe } from '../../../browser/src/words/de.ts';
import { en as pageEn, type Words as PageWords } from '../../../browser/src/words/en.ts';
import { privacyWords, type PrivacyWords } from '../../../browser/src/words/privacy.ts';
import { app as appDe } from './de.ts';
import { app as appEn, type AppWords } from './en.ts';

export type Words = PageWords & { app: AppWords; care: CareWords; privacy: PrivacyWords };

export const CATALOGUES = {
  en: { ...pageEn, care: careWords('en'), privacy: privacyWords('en'), app: appEn },
  de: { ...pageDe, care: careWords('de'), privacy: privacyWords('de'), app: appDe },
} as const satisfies Record<string, Words>;

export type Language = keyof typeof CATALOGUES;

/** The first of the wanted languages that there is, regions aside; else English. */
export function pickLanguage(wanted: readonly (string | undefined | null)[]): Language {
  const found = wanted.map((tag) => tag?.toLowerCase().split('-')[0]).find((tag) => tag && tag in CATALOGUES);
  return (found as Language | undefined) ?? 'en';
}

export const wordsOf = (language: Language): Words => CATALOGUES[language];
