/** SVOX Pico: streams as it speaks, first audio after 5 to 50 ms; its voices are a model that has to be there. */
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { createEngineSpeech } from './engine-speech.ts';
import type { EngineSpeech, SpeechReply, SpeechRequest } from './engine-speech.ts';
import { checkModel } from './models.ts';
import type { ModelCheck } from './models.ts';
import { createWorkerHost } from './worker-host.ts';
import type { EngineLog } from './worker-supervisor.ts';

/** The text analysis and the sound of each voice. en-GB is the clearer one (12.3 % of words wrong against 28 %). */
const VOICES = {
  'en-GB': ['en-GB_ta.bin', 'en-GB_kh0_sg.bin'],
  'en-US': ['en-US_ta.bin', 'en-US_lh0_sg.bin'],
} as const;
export type PicoVoice = keyof typeof VOICES;

const MODEL = 'svox-pico-en';
/** A piece takes 0.3 s at most; a worker that is silent this long hangs. */
const DEADLINE_MS = 10_000;
const MAX_PIECE_CHARS = 300;

export interface PicoOptions {
  modelsDir: string;
  clock: Clock;
  /** Default `en-GB`. */
  voice?: PicoVoice | undefined;
  log?: EngineLog | undefined;
  /** Pieces that may wait; one more is refused as `overloaded`. Default 64. */
  maxWaiting?: number | undefined;
}

/** Whether the files of a voice are there and whole; to be asked before the adapter is made. */
export function checkPicoVoice(modelsDir: string, voice: PicoVoice = 'en-GB'): Promise<ModelCheck> {
  return checkModel(modelsDir, MODEL, VOICES[voice]);
}

export function createPicoTextToSpeech(options: PicoOptions): EngineSpeech {
  const { modelsDir, clock, voice = 'en-GB', log, maxWaiting = 64 } = options;
  const host = createWorkerHost<SpeechRequest, SpeechReply>({
    name: `pico ${voice}`,
    url: new URL('./pico-tts-worker.ts', import.meta.url),
    workerData: { files: VOICES[voice].map((file) => join(modelsDir, MODEL, file)) },
    clock,
    log,
    maxWaiting,
    deadlineMs: DEADLINE_MS,
  });
  return createEngineSpeech({
    name: `pico ${voice}`,
    sampleRate: 16_000,
    hosts: [host],
    maxPieceChars: MAX_PIECE_CHARS,
  });
}
