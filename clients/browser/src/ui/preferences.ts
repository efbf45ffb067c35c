/** What a person has chosen, remembered by the browser. */
import { effect, signal, type Signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  /** '' as long as nothing was chosen: the browser's language. */
  lang: string;
  theme: Theme;
  captions: boolean;
  /** Push to talk: a session begins muted. */
  holdToTalk: boolean;
  /** Device ids; '' for the system's choice. */
  microphoneId: string;
  speakerId: string;
  /** Of the coach; '' for the server's choice. */
  voice: string;
  helpSeen: boolean;
}

const DEFAULTS: Preferences = {
  lang: '',
  theme: 'auto',
  captions: true,
  holdToTalk: false,
  microphoneId: '',
  speakerId: '',
  voice: '',
  helpSeen: false,
};

const KEY = 'kuku.preferences';

/** The preferences, saved at each change. Where storage is refused, they live as long as the page. The second ends it. */
export function rememberedPreferences(): { preferences: Signal<Preferences>; forget: () => void } {
  const preferences = signal<Preferences>({ ...DEFAULTS, ...known(read()) });
  const forget = effect(() => write(preferences.value));
  return { preferences, forget };
}

export const isTheme = (value: unknown): value is Theme => THEMES.some((theme) => theme === value);

/** Of what was stored, what is still understood: another version may have written it. */
function known(stored: unknown): Partial<Preferences> {
  if (typeof stored !== 'object' || stored === null) return {};
  const kept = Object.entries(stored).filter(([name, value]) => {
    if (name === 'theme') return isTheme(value);
    return name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Preferences];
  });
  return Object.fromEntries(kept);
}

function read(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return undefined;
  }
}

function write(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Refused by the browser's settings, or full.
  }
}
