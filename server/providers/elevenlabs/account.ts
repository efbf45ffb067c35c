/** Where ElevenLabs is, who we are there, and how long we wait for it. One for all adapters of a server. */
import type { Clock } from '../../ports/clock.ts';
import { createFailures, type Failures } from './failures.ts';

export const ELEVENLABS_BASE_URL = 'https://api.elevenlabs.io';

export const DEADLINES = {
  connectMs: 1500,
  /** From the text to the first audio, and from one piece of audio to the next. */
  speechFirstMs: 1000,
  speechGapMs: 1000,
  /** Without audio for this long, a sentence whose end did not show is asked to end. */
  speechQuietMs: 350,
  /** From the commit to the final transcript. */
  transcriptMs: 3000,
} as const;
export type Deadlines = { [Name in keyof typeof DEADLINES]: number };

export interface ElevenLabsAccountOptions {
  apiKey: string;
  /** `http` turns into `ws` for sockets. */
  baseUrl?: string | undefined;
  clock: Clock;
  deadlines?: Partial<Deadlines>;
}

/** A class, so that neither `JSON.stringify` nor an inspecting log finds the key in it. */
export class ElevenLabsAccount {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly failures: Failures = createFailures();
  readonly #apiKey: string;
  readonly #baseUrl: string;

  constructor({ apiKey, baseUrl = ELEVENLABS_BASE_URL, clock, deadlines }: ElevenLabsAccountOptions) {
    this.clock = clock;
    this.deadlines = { ...DEADLINES, ...deadlines };
    this.#apiKey = apiKey;
    this.#baseUrl = baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
  }

  /** Headers of every request and handshake. Not for logs. */
  authorization(): Record<string, string> {
    return { 'xi-api-key': this.#apiKey };
  }

  httpUrl(path: string, query: Readonly<Record<string, string>>): string {
    return `${this.#baseUrl}${path}?${new URLSearchParams(query).toString()}`;
  }

  socketUrl(path: string, query: Readonly<Record<string, string>>): string {
    return this.httpUrl(path, query).replace(/^http/, 'ws');
  }
}
