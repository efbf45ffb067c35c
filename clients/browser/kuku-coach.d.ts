/** What embedding pages use of `@kuku-coach/browser`; a test holds it to the element. */
import type { en, Words } from './src/words/en.ts';

export type { Words };

export interface StartOptions {
  /** False: the person types. Default true. */
  microphone?: boolean;
}

/** `<kuku-coach server token lang theme>`. */
export class KukuCoachElement extends HTMLElement {
  /** Starts a session. Call it in a click: browsers allow sound only then. */
  start(options?: StartOptions): void;
  /** Leaves the session, which stays open for its grace period. Resolves when the microphone is free. */
  stop(): Promise<void>;
  mute(muted: boolean): void;
  /** A typed turn; false when it was not taken. */
  say(text: string): boolean;
  /** Asks the person whether to wrap up. */
  wrapUp(): void;
}

/** Every word of the user interface; a catalogue of another language has the same shape. */
export const englishWords: typeof en;
/** Adds a language, or replaces one. Call it before the element is in the page. */
export function addCatalogue(lang: string, words: Words): void;
export function languages(): { lang: string; name: string }[];

interface Commitment {
  what: string;
  by?: string;
  /** 1 to 10. */
  confidence?: number;
}

export interface KukuCoachEvents {
  'kuku-state': CustomEvent<{ state: string }>;
  'kuku-session': CustomEvent<{ sessionId: string }>;
  'kuku-caption': CustomEvent<{ id: string; sender: 'user' | 'ai'; text: string; final: boolean }>;
  'kuku-recap': CustomEvent<{
    topic: string;
    goal: string;
    insights: string[];
    commitments: Commitment[];
    summary: string;
  }>;
  'kuku-rated': CustomEvent<{ rating: number }>;
  'kuku-ended': CustomEvent<{ reason: string; code?: string }>;
  'kuku-error': CustomEvent<{ code: string; message: string }>;
  'kuku-look': CustomEvent<{ lang: string; theme: string }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'kuku-coach': KukuCoachElement;
  }
  interface HTMLElementEventMap extends KukuCoachEvents {}
}
