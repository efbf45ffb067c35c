/** Who listens: for what is said live, and for recordings that are sent. */
import type { Config } from './config.ts';
import type { Clock } from './ports/clock.ts';
import type { SpeechToText } from './ports/speech-to-text.ts';
import type { ElevenLabsAccount } from './providers/elevenlabs/account.ts';
import { createElevenLabsSpeechToText } from './providers/elevenlabs/speech-to-text.ts';
import { createFallbackTranscription, type Recogniser } from './providers/fallback-transcription.ts';
import { checkSherpaSpeechToText, createSherpaSpeechToText } from './providers/local/sherpa-stt.ts';
import type { OpenAiClient } from './providers/openai/client.ts';
import { createOpenAiFileTranscription } from './providers/openai/file-transcription.ts';
import { createOpenAiSpeechToText } from './providers/openai/speech-to-text.ts';
import type { Logger } from './telemetry/logger.ts';

export interface Recognisers {
  /** Undefined where there is nobody: people type. */
  live: SpeechToText | undefined;
  /** For recordings, whole: nobody waits for each word, so that the best of a cloud hears them. */
  files: SpeechToText | undefined;
  close(): Promise<void>;
}

interface RecognisersOptions {
  config: Config;
  clock: Clock;
  log: Logger;
  clouds: { openai(): OpenAiClient; elevenLabs(): ElevenLabsAccount };
}

/** It needs no network, but the machine may be busy. */
const LOCAL_MS = 10_000;
/** For each part of a recording, at most 25 s of it. */
const FILE_MS = { finalMs: 20_000, totalMs: 60_000, lastMs: 60_000 };

export async function composeRecognisers({ config, clock, log, clouds }: RecognisersOptions): Promise<Recognisers> {
  const { openai, elevenLabs, modelsDir } = config;
  const order = config.providers.speechToText;
  const keyed = [...(openai.apiKey ? ['openai' as const] : []), ...(elevenLabs.apiKey ? ['elevenlabs' as const] : [])];
  const live: Recogniser[] = [];
  const files: Recogniser[] = [];
  let hasLocal = false;
  let overHttp: Recogniser | undefined;
  for (const name of order === 'auto' ? [...keyed, 'local' as const] : order) {
    if (name === 'openai') {
      live.push(createOpenAiSpeechToText({ client: clouds.openai(), model: openai.sttModel }));
      overHttp = createOpenAiFileTranscription({ client: clouds.openai(), model: openai.sttFileModel });
      files.push(overHttp);
      continue;
    }
    const both = name === 'elevenlabs' ? scribe() : await local();
    if (!both) continue;
    hasLocal ||= name === 'local';
    live.push(both);
    files.push(both);
  }
  // It knows no word before the end, which turn-taking goes by: one of this machine is better in the socket's place.
  if (overHttp && !hasLocal) live.push(overHttp);
  const all = new Set([...live, ...files]);
  return {
    live: hasLocal && live.length === 1 ? live[0] : chained(live, hasLocal ? { lastMs: LOCAL_MS } : {}),
    files: files.length > 1 ? chained(files, FILE_MS) : files[0],
    close: async () => void (await Promise.all([...all].map((recogniser) => recogniser.close()))),
  };

  function scribe(): Recogniser {
    return createElevenLabsSpeechToText({ account: clouds.elevenLabs(), model: elevenLabs.sttModel });
  }
  async function local(): Promise<Recogniser | undefined> {
    const found = await checkSherpaSpeechToText(modelsDir);
    if (found.ok) return createSherpaSpeechToText({ modelsDir, clock, logger: log });
    log.warn({ reason: found.reason }, 'no speech recogniser here; `npm run models` fetches one');
    return undefined;
  }
  function chained(
    [first, ...rest]: Recogniser[],
    times: { finalMs?: number; totalMs?: number; lastMs?: number },
  ): SpeechToText | undefined {
    return first && createFallbackTranscription({ recognisers: [first, ...rest], clock, log, ...times });
  }
}
