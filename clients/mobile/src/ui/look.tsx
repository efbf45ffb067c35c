/** What every part of the app sees: the model, words, colours. */
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useColorScheme } from 'react-native';
import type { Model } from '../model.ts';
import { useValue } from '../signals.ts';
import type { Language, Words } from '../words/catalogues.ts';
import { DARK, isDark, LIGHT, type Colors } from './theme.ts';

export interface Look {
  model: Model;
  words: Words;
  language: Language;
  colors: Colors;
  dark: boolean;
  /** Pictures stand still: the person wants it so, or the phone saves power. */
  still: boolean;
}

const LookContext = createContext<Look | undefined>(undefined);

export function useLook(): Look {
  const look = useContext(LookContext);
  if (!look) throw new Error('outside of LookProvider');
  return look;
}

export function LookProvider({ model, still, children }: { model: Model; still: boolean; children: ReactNode }) {
  const words = useValue(model.words);
  const language = useValue(model.language);
  const { theme } = useValue(model.preferences);
  const dark = isDark(theme, useColorScheme() === 'dark' ? 'dark' : 'light');
  const look = useMemo(
    () => ({ model, words, language, colors: dark ? DARK : LIGHT, dark, still }),
    [model, words, language, dark, still],
  );
  return <LookContext.Provider value={look}>{children}</LookContext.Provider>;
}
