/** What a person has chosen on this device. */
import type { Language } from './words/catalogues.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  /** '' as long as nothing was chosen: the phone's language. */
  language: Language | '';
  theme: Theme;
  captions: boolean;
  /** Push to talk: a session begins muted. */
  holdToTalk: boolean;
  /** Whether the coach is heard. */
  voice: boolean;
  saveData: boolean;
  /** Address of the server; '' before one was chosen. */
  server: string;
}

export const DEFAULTS: Preferences = {
  language: '',
  theme: 'auto',
  captions: true,
  holdToTalk: false,
  voice: true,
  saveData: false,
  server: '',
};

/** Of what was stored, what is still understood: another version may have written it. */
export function readPreferences(stored: string | undefined): Preferences {
  let found: unknown;
  try {
    found = JSON.parse(stored ?? '{}');
  } catch {
    return DEFAULTS;
  }
  if (typeof found !== 'object' || found === null) return DEFAULTS;
  const known = Object.entries(found).filter(([name, value]) => {
    if (name === 'theme') return THEMES.some((theme) => theme === value);
    if (name === 'language') return value === '' || value === 'en' || value === 'de';
    return name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Preferences];
  });
  return { ...DEFAULTS, ...Object.fromEntries(known) };
}

/**
 * What somebody typed, as an address of a server: with a scheme, without a path. Undefined where it is none. Without a
 * scheme it is `https`, but for this machine and addresses of a home network, which have no certificate.
 */
export function serverAddress(typed: string): string | undefined {
  const text = typed.trim();
  const isNear = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[\w-]+\.local\b)/i.test(text);
  const withScheme = /^https?:\/\//i.test(text) ? text : `${isNear ? 'http' : 'https'}://${text}`;
  try {
    const url = new URL(withScheme);
    return url.hostname && !/\s/.test(text) ? `${url.protocol}//${url.host}` : undefined;
  } catch {
    return undefined;
  }
}
