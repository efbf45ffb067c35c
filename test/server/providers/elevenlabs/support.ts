import { systemClock } from '../../../../server/ports/clock.ts';
import { KukuError } from '../../../../server/errors.ts';
import type { SpeechChunk, SynthesisOptions, TextToSpeech } from '../../../../server/ports/text-to-speech.ts';
import { type Deadlines, ElevenLabsAccount } from '../../../../server/providers/elevenlabs/account.ts';
import { ELEVENLABS_KEY } from '../../../support/cloud/elevenlabs.ts';

/** Short enough for tests, long enough for a busy machine. */
const QUICK: Partial<Deadlines> = { connectMs: 400, speechFirstMs: 400, speechGapMs: 400, transcriptMs: 400 };

export function accountAt(baseUrl: string, deadlines: Partial<Deadlines> = QUICK): ElevenLabsAccount {
  return new ElevenLabsAccount({ apiKey: ELEVENLABS_KEY, baseUrl, clock: systemClock, deadlines });
}

export interface Spoken {
  samples: number;
  words: string[];
  chunks: SpeechChunk[];
}

export async function speak(
  voice: TextToSpeech,
  text: string,
  options: Partial<SynthesisOptions> = {},
): Promise<Spoken> {
  const chunks: SpeechChunk[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for await (const chunk of voice.synthesize(text, { turnKey: 'turn', ...options, signal })) chunks.push(chunk);
  return {
    samples: chunks.reduce((sum, { pcm }) => sum + pcm.length, 0),
    words: chunks.flatMap(({ words = [] }) => words.map(({ word }) => word)),
    chunks,
  };
}

/** The error that it rejects with; throws when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<KukuError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KukuError)) throw new Error(`expected a KukuError, got ${String(error)}`);
  return error;
}

/** At the wire: 24 samples a ms, 60 ms a character. */
export const samplesOf = (text: string) => text.length * 60 * 24;
