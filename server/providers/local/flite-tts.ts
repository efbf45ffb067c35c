/**
 * Flite: speaks right after installation, its voices come with the package. A piece is spoken whole before its first
 * sample is here: 20 ms for a word, 45 ms for a sentence of 12 words.
 */
import type { Clock } from '../../ports/clock.ts';
import { createEngineSpeech } from './engine-speech.ts';
import type { EngineSpeech, SpeechReply, SpeechRequest } from './engine-speech.ts';
import { createWorkerHost } from './worker-host.ts';
import type { EngineLog } from './worker-supervisor.ts';

/** `rms` is the one the local recogniser understands best (7.0 % of its words wrong). */
export const FLITE_VOICES = ['rms', 'slt', 'awb', 'kal16'] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

export interface FliteOptions {
  clock: Clock;
  /** Default `rms`. */
  voice?: FliteVoice | undefined;
  /** Threads, each about 60 MB. Default 1, which speaks 20 sentences a second. */
  workers?: number | undefined;
  log?: EngineLog | undefined;
  /** Pieces that may wait for each worker; one more is refused as `overloaded`. Default 64. */
  maxWaiting?: number | undefined;
}

/** A piece takes 0.3 s; a worker that takes this long hangs, also on a machine that is very busy. */
const DEADLINE_MS = 10_000;
const MAX_PIECE_CHARS = 200;

export function createFliteTextToSpeech(options: FliteOptions): EngineSpeech {
  const { clock, voice = 'rms', workers = 1, log, maxWaiting = 64 } = options;
  const hosts = Array.from({ length: workers }, () =>
    createWorkerHost<SpeechRequest, SpeechReply>({
      name: `flite ${voice}`,
      url: new URL('./flite-tts-worker.ts', import.meta.url),
      workerData: { voice },
      clock,
      log,
      maxWaiting,
      deadlineMs: DEADLINE_MS,
    }),
  );
  return createEngineSpeech({ name: `flite ${voice}`, sampleRate: 16_000, hosts, maxPieceChars: MAX_PIECE_CHARS });
}
