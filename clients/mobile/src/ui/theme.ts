/** The page's colours and letters; a test holds the two together. */
import type { Theme } from '../preferences.ts';

export interface Colors {
  accent: string;
  onAccent: string;
  paper: string;
  raised: string;
  ink: string;
  soft: string;
  line: string;
  wash: string;
  warm: string;
  warmWash: string;
  danger: string;
}

export const LIGHT: Colors = {
  accent: '#1b5e52',
  onAccent: '#fffdf8',
  paper: '#f7f2e8',
  raised: '#fffdf8',
  ink: '#1d2b28',
  soft: '#586762',
  line: '#e3dac8',
  wash: '#e6efe7',
  warm: '#8a4b12',
  warmWash: '#fbe9d3',
  danger: '#a3301f',
};

export const DARK: Colors = {
  accent: '#86d8c3',
  onAccent: '#0b241f',
  paper: '#121817',
  raised: '#1b2422',
  ink: '#efe9dd',
  soft: '#a5b3ac',
  line: '#2c3835',
  wash: '#1f322e',
  warm: '#f3b983',
  warmWash: '#38291a',
  danger: '#ffa08c',
};

export const ORB = { warm: ['#f9c784', '#e4655f'], cool: ['#8fd6c4', '#2b7f86'] } as const;

export const FONTS = {
  serif: 'Newsreader_500Medium',
  sans: 'Figtree_400Regular',
  medium: 'Figtree_500Medium',
  bold: 'Figtree_600SemiBold',
} as const;

export const isDark = (theme: Theme, system: 'light' | 'dark'): boolean =>
  (theme === 'auto' ? system : theme) === 'dark';
