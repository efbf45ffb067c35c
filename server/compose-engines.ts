/** Who listens, thinks and speaks: what is configured, in the order of fallback; else what came with the package. */
import { createModelCoach } from './coaching/model-coach.ts';
import { createModelIntent } from './coaching/model-intent.ts';
import { createModelRecap } from './coaching/model-recap.ts';
import { readPersona } from './coaching/prompt.ts';
import { elevenLabsVoices, firstOf, localVoices, openaiVoices } from './compose-voices.ts';
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import type { ReplyEngine } from './ports/language-model.ts';
import type { SpeechToText } from './ports/speech-to-text.ts';
import type { TextToSpeech } from './ports/text-to-speech.ts';
import type { VoiceActivity } from './ports/voice-activity.ts';
import { createBuiltinCoach } from './providers/builtin/coach.ts';
import { ElevenLabsAccount } from './providers/elevenlabs/account.ts';
import { createElevenLabsSpeechToText } from './providers/elevenlabs/speech-to-text.ts';
import { createElevenLabsTextToSpeech } from './providers/elevenlabs/text-to-speech.ts';
import { createFallbackEngine } from './providers/fallback-engine.ts';
import { createFallbackSpeech } from './providers/fallback-speech.ts';
import { createFallbackTranscription } from './providers/fallback-transcription.ts';
import { checkSherpaSpeechToText, createSherpaSpeechToText } from './providers/local/sherpa-stt.ts';
import { createSileroVad } from './providers/local/silero-vad.ts';
import { createVoiceChoice } from './providers/voice-choice.ts';
import { OpenAiClient } from './providers/openai/client.ts';
import { createOpenAiLanguageModel } from './providers/openai/language-model.ts';
import { createOpenAiSpeechToText } from './providers/openai/speech-to-text.ts';
import { createOpenAiTextToSpeech } from './providers/openai/text-to-speech.ts';
import type { SessionServices } from './session/services.ts';
import type { Logger } from './telemetry/logger.ts';
import { ruleEndOfTurn } from './voice/end-of-turn.ts';
import { type Fillers, renderFillers, withFillers } from './voice/fillers.ts';
import { withSpeechText } from './voice/speech-text.ts';

/** Engines that tests and benchmarks put in the place of the configured ones. */
export interface GivenEngines {
  engine?: ReplyEngine;
  vad?: VoiceActivity;
  stt?: SpeechToText;
  tts?: TextToSpeech;
}

export interface Engines extends Pick<SessionServices, 'engine' | 'ears' | 'judgement'> {
  tts: TextToSpeech;
  close(): Promise<void>;
}

interface EnginesOptions {
  config: Config;
  clock: Clock;
  log: Logger;
  given: GivenEngines;
}

/** What the adapters of one cloud share: its connections, its key. Made when the first of them is. */
interface Clouds {
  openai(): OpenAiClient;
  elevenLabs(): ElevenLabsAccount;
  close(): void;
}

export async function composeEngines(options: EnginesOptions): Promise<Engines> {
  const clouds = cloudsOf(options);
  const [tts, ears, engine] = await Promise.all([
    options.given.tts ?? chooseSpeech(options, clouds),
    chooseEars(options, clouds),
    options.given.engine ?? chooseCoach(options, clouds),
  ]);
  return {
    engine,
    tts,
    ears,
    ...(options.given.engine === undefined && judgementOf(options, clouds)),
    async close() {
      await Promise.all([engine.close(), tts.close(), ears?.stt.close(), ears?.vad.close()]);
      clouds.close();
    },
  };
}

function cloudsOf({ config, clock }: EnginesOptions): Clouds {
  let openai: OpenAiClient | undefined;
  let elevenLabs: ElevenLabsAccount | undefined;
  return {
    openai: () => (openai ??= new OpenAiClient({ ...config.openai, clock })),
    elevenLabs() {
      const { apiKey = '', baseUrl } = config.elevenLabs;
      return (elevenLabs ??= new ElevenLabsAccount({ apiKey, baseUrl, clock }));
    },
    close: () => void openai?.close(),
  };
}

async function chooseCoach({ config, clock, log }: EnginesOptions, clouds: Clouds): Promise<ReplyEngine> {
  const persona = config.coach.personaFile === undefined ? undefined : await readPersona(config.coach.personaFile);
  const order = config.providers.languageModel;
  const names = order === 'auto' ? [...(config.openai.apiKey ? ['openai' as const] : []), 'builtin' as const] : order;
  const engines = names.map((name): ReplyEngine => {
    if (name === 'builtin') return createBuiltinCoach();
    const model = createOpenAiLanguageModel({ client: clouds.openai(), model: config.openai.llmModel });
    return createModelCoach({ model, clock, log, ...(persona !== undefined && { persona }) });
  });
  const [first, ...rest] = engines;
  if (!first) throw nobody('LLM_PROVIDER');
  return rest.length === 0 ? first : createFallbackEngine({ engines: [first, ...rest], clock, log });
}

/** Recap and wrap-up by the model that coaches first; within deadlines of their own, else by the rules. */
function judgementOf({ config, clock, log }: EnginesOptions, clouds: Clouds): Pick<Engines, 'judgement'> {
  const order = config.providers.languageModel;
  const first = order === 'auto' ? (config.openai.apiKey ? 'openai' : 'builtin') : order[0];
  if (first !== 'openai') return {};
  const model = createOpenAiLanguageModel({ client: clouds.openai(), model: config.openai.llmModel });
  const options = { model, clock, log };
  return { judgement: { recaps: createModelRecap(options), intents: createModelIntent(options) } };
}

async function chooseSpeech(options: EnginesOptions, clouds: Clouds): Promise<TextToSpeech> {
  const { config, clock, log } = options;
  const { openai, elevenLabs } = config;
  const order = config.providers.textToSpeech;
  const keyed = [...(elevenLabs.apiKey ? ['elevenlabs' as const] : []), ...(openai.apiKey ? ['openai' as const] : [])];
  const names = order === 'auto' ? [...keyed, 'local' as const] : order;
  const offers = await Promise.all(
    names.map(async (name) => {
      if (name === 'local') return localVoices({ modelsDir: config.modelsDir, clock, log });
      if (name === 'elevenlabs') {
        const model = elevenLabs.ttsModel;
        const open = (voice?: string) => createElevenLabsTextToSpeech({ account: clouds.elevenLabs(), voice, model });
        return elevenLabsVoices(elevenLabs.voiceId, open);
      }
      const open = (voice: string) =>
        createOpenAiTextToSpeech({ client: clouds.openai(), model: openai.ttsModel, voice });
      return openaiVoices(openai.ttsVoice, open);
    }),
  );
  const usual = offers.map(firstOf);
  const [first, ...rest] = usual.map((voice) => voice.open());
  if (!first) throw nobody('TTS_PROVIDER');
  const chain = rest.length === 0 ? first : createFallbackSpeech({ voices: [first, ...rest], clock, log });
  const { id: usualId } = firstOf(usual);
  const voice = withSpeechText(createVoiceChoice({ usual: chain, usualId, offered: offers.flat(), clock, log }));
  return isEmbedded(options.config) ? voice : withFillers(voice, await ownFillers(options, log));
}

/** Whether every engine is in this machine: none of them keeps anybody waiting. */
function isEmbedded({ openai, elevenLabs }: Config): boolean {
  return openai.apiKey === undefined && openai.baseUrl === undefined && elevenLabs.apiKey === undefined;
}

/** Said while a cloud is late, so they are made with the voice that is here, once, at the start. */
async function ownFillers(options: EnginesOptions, log: Logger): Promise<Fillers> {
  const voice = await localVoice(options);
  try {
    const startedMs = options.clock.monotonicMs();
    const fillers = await renderFillers(voice, { signal: new AbortController().signal });
    log.debug({ renderMs: Math.round(options.clock.monotonicMs() - startedMs) }, 'fillers are ready');
    return fillers;
  } finally {
    await voice.close();
  }
}

async function localVoice({ config: { modelsDir }, clock, log }: EnginesOptions): Promise<TextToSpeech> {
  return firstOf(await localVoices({ modelsDir, clock, log })).open();
}

async function chooseEars(options: EnginesOptions, clouds: Clouds): Promise<Engines['ears']> {
  const { config, clock, log, given } = options;
  const { modelsDir } = config;
  const stt = given.stt ?? (await chooseRecogniser(options, clouds));
  if (!stt) return undefined;
  return { vad: given.vad ?? createSileroVad({ modelsDir, clock, logger: log }), stt, endOfTurn: ruleEndOfTurn };
}

async function chooseRecogniser(options: EnginesOptions, clouds: Clouds): Promise<SpeechToText | undefined> {
  const { config, clock, log } = options;
  const { openai, elevenLabs, modelsDir } = config;
  const order = config.providers.speechToText;
  const keyed = [...(openai.apiKey ? ['openai' as const] : []), ...(elevenLabs.apiKey ? ['elevenlabs' as const] : [])];
  const names = order === 'auto' ? [...keyed, 'local' as const] : order;
  const recognisers: SpeechToText[] = [];
  for (const name of names) {
    if (name === 'openai') {
      recognisers.push(createOpenAiSpeechToText({ client: clouds.openai(), model: openai.sttModel }));
    } else if (name === 'elevenlabs') {
      recognisers.push(createElevenLabsSpeechToText({ account: clouds.elevenLabs(), model: elevenLabs.sttModel }));
    } else {
      const local = await checkSherpaSpeechToText(modelsDir);
      if (local.ok) recognisers.push(createSherpaSpeechToText({ modelsDir, clock, logger: log }));
      else log.warn({ reason: local.reason }, 'no speech recogniser here; `npm run models` fetches one');
    }
  }
  const [first, ...rest] = recognisers;
  if (!first || rest.length === 0) return first;
  return createFallbackTranscription({ recognisers: [first, ...rest], clock, log });
}

function nobody(variable: string): KukuError {
  return new KukuError(`${variable} names nobody.`, { code: 'config_invalid' });
}
