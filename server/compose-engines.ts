/** Who listens, thinks and speaks: what is configured, else what came with the package. */
import type { Config } from './config.ts';
import type { Clock } from './ports/clock.ts';
import type { ReplyEngine } from './ports/language-model.ts';
import type { SpeechToText } from './ports/speech-to-text.ts';
import type { TextToSpeech } from './ports/text-to-speech.ts';
import type { VoiceActivity } from './ports/voice-activity.ts';
import { createBuiltinCoach } from './providers/builtin/coach.ts';
import { createFliteTextToSpeech } from './providers/local/flite-tts.ts';
import { checkModel } from './providers/local/models.ts';
import { checkPicoVoice, createPicoTextToSpeech } from './providers/local/pico-tts.ts';
import { createSherpaSpeechToText } from './providers/local/sherpa-stt.ts';
import { createSileroVad } from './providers/local/silero-vad.ts';
import type { SessionServices } from './session/services.ts';
import type { Logger } from './telemetry/logger.ts';
import { ruleEndOfTurn } from './voice/end-of-turn.ts';
import { withSpeechText } from './voice/speech-text.ts';

/** Engines that tests and benchmarks put in the place of the configured ones. */
export interface GivenEngines {
  engine?: ReplyEngine;
  vad?: VoiceActivity;
  stt?: SpeechToText;
  tts?: TextToSpeech;
}

export interface Engines extends Pick<SessionServices, 'engine' | 'ears'> {
  tts: TextToSpeech;
  close(): Promise<void>;
}

interface EnginesOptions {
  config: Config;
  clock: Clock;
  log: Logger;
  given: GivenEngines;
}

export async function composeEngines(options: EnginesOptions): Promise<Engines> {
  const [tts, ears] = await Promise.all([options.given.tts ?? chooseSpeech(options), chooseEars(options)]);
  const engine = options.given.engine ?? createBuiltinCoach();
  return {
    engine,
    tts,
    ears,
    async close() {
      await Promise.all([engine.close(), tts.close(), ears?.stt.close(), ears?.vad.close()]);
    },
  };
}

async function chooseSpeech({ config: { modelsDir }, clock, log }: EnginesOptions): Promise<TextToSpeech> {
  const pico = await checkPicoVoice(modelsDir);
  if (pico.ok) return withSpeechText(createPicoTextToSpeech({ modelsDir, clock, log }));
  log.info({ reason: pico.reason }, 'speaking with the voice that came with the package');
  return withSpeechText(createFliteTextToSpeech({ clock, log }));
}

async function chooseEars({ config: { modelsDir }, clock, log, given }: EnginesOptions): Promise<Engines['ears']> {
  const recogniser = given.stt ? { ok: true as const } : await checkModel(modelsDir, 'zipformer-en-3.3m-streaming');
  if (!recogniser.ok) {
    log.warn({ reason: recogniser.reason }, 'no speech recogniser: people type. `npm run models` fetches one');
    return undefined;
  }
  return {
    vad: given.vad ?? createSileroVad({ modelsDir, clock, logger: log }),
    stt: given.stt ?? createSherpaSpeechToText({ modelsDir, clock, logger: log }),
    endOfTurn: ruleEndOfTurn,
  };
}
