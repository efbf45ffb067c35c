/** Who listens, thinks and speaks: what is configured, in the order of fallback; else what came with the package. */
import { createModelCoach } from './coaching/model-coach.ts';
import { createModelIntent } from './coaching/model-intent.ts';
import { createModelRecap } from './coaching/model-recap.ts';
import { readPersona } from './coaching/prompt.ts';
import { composeRecognisers, type Recognisers } from './compose-ears.ts';
import { elevenLabsVoices, firstOf, localVoices, openaiVoices } from './compose-voices.ts';
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { ChatModel } from './ports/chat-model.ts';
import type { Clock } from './ports/clock.ts';
import type { ReplyEngine } from './ports/language-model.ts';
import type { SpeechToText } from './ports/speech-to-text.ts';
import type { TextToSpeech } from './ports/text-to-speech.ts';
import type { VoiceActivity } from './ports/voice-activity.ts';
import { createBuiltinCoach } from './providers/builtin/coach.ts';
import { ElevenLabsAccount } from './providers/elevenlabs/account.ts';
import { createElevenLabsTextToSpeech } from './providers/elevenlabs/text-to-speech.ts';
import { createFallbackEngine } from './providers/fallback-engine.ts';
import { createFallbackSpeech } from './providers/fallback-speech.ts';
import { createSileroVad } from './providers/local/silero-vad.ts';
import { createVoiceChoice } from './providers/voice-choice.ts';
import { OpenAiClient } from './providers/openai/client.ts';
import { createOpenAiLanguageModel } from './providers/openai/language-model.ts';
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
  /** Who transcribes recordings; undefined where nobody does. */
  fileStt: SpeechToText | undefined;
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
  /** One for all that is asked of it: what a server does not know is learnt once. */
  model(): ChatModel;
  elevenLabs(): ElevenLabsAccount;
  close(): void;
}

export async function composeEngines(options: EnginesOptions): Promise<Engines> {
  const clouds = cloudsOf(options);
  const [tts, recognisers, engine] = await Promise.all([
    options.given.tts ?? chooseSpeech(options, clouds),
    recognisersOf(options, clouds),
    options.given.engine ?? chooseCoach(options, clouds),
  ]);
  const ears = earsOf(options, recognisers.live);
  return {
    engine,
    tts,
    ears,
    fileStt: recognisers.files,
    ...(options.given.engine === undefined && judgementOf(options, clouds)),
    async close() {
      await Promise.all([engine.close(), tts.close(), recognisers.close(), ears?.vad.close()]);
      clouds.close();
    },
  };
}

async function recognisersOf({ given, ...options }: EnginesOptions, clouds: Clouds): Promise<Recognisers> {
  const { stt } = given;
  if (stt) return { live: stt, files: stt, close: () => stt.close() };
  return composeRecognisers({ ...options, clouds });
}

function cloudsOf({ config, clock }: EnginesOptions): Clouds {
  let client: OpenAiClient | undefined;
  let model: ChatModel | undefined;
  let elevenLabs: ElevenLabsAccount | undefined;
  const openai = () => (client ??= new OpenAiClient({ ...config.openai, clock }));
  return {
    openai,
    model: () => (model ??= createOpenAiLanguageModel({ client: openai(), model: config.openai.llmModel })),
    elevenLabs() {
      const { apiKey = '', baseUrl } = config.elevenLabs;
      return (elevenLabs ??= new ElevenLabsAccount({ apiKey, baseUrl, clock }));
    },
    close: () => void client?.close(),
  };
}

async function chooseCoach({ config, clock, log }: EnginesOptions, clouds: Clouds): Promise<ReplyEngine> {
  const persona = config.coach.personaFile === undefined ? undefined : await readPersona(config.coach.personaFile);
  const order = config.providers.languageModel;
  const names = order === 'auto' ? [...(config.openai.apiKey ? ['openai' as const] : []), 'builtin' as const] : order;
  const engines = names.map((name): ReplyEngine => {
    if (name === 'builtin') return createBuiltinCoach();
    return createModelCoach({ model: clouds.model(), clock, log, ...(persona !== undefined && { persona }) });
  });
  const [first, ...rest] = engines;
  if (!first) throw nobody('LLM_PROVIDER');
  // Alone it is asked again, too, and left alone when it fails all the time.
  return names.every((name) => name === 'builtin')
    ? first
    : createFallbackEngine({ engines: [first, ...rest], clock, log });
}

/** Recap and wrap-up by the model that coaches first; within deadlines of their own, else by the rules. */
function judgementOf({ config, clock, log }: EnginesOptions, clouds: Clouds): Pick<Engines, 'judgement'> {
  const order = config.providers.languageModel;
  const first = order === 'auto' ? (config.openai.apiKey ? 'openai' : 'builtin') : order[0];
  if (first !== 'openai') return {};
  const options = { model: clouds.model(), clock, log };
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
  const isLocal = names.every((name) => name === 'local');
  const chain = isLocal ? first : createFallbackSpeech({ voices: [first, ...rest], clock, log });
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

function earsOf({ config, clock, log, given }: EnginesOptions, stt: SpeechToText | undefined): Engines['ears'] {
  if (!stt) return undefined;
  const vad = given.vad ?? createSileroVad({ modelsDir: config.modelsDir, clock, logger: log });
  return { vad, stt, endOfTurn: ruleEndOfTurn };
}

function nobody(variable: string): KukuError {
  return new KukuError(`${variable} names nobody.`, { code: 'config_invalid' });
}
