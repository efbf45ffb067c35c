/** The whole server in this process with providers on the loopback cloud, chains around them, and fillers. */
import { type Log, silentLog } from '../../server/ports/log.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import type { ReplyEngine } from '../../server/ports/language-model.ts';
import type { SpeechToText } from '../../server/ports/speech-to-text.ts';
import type { TextToSpeech } from '../../server/ports/text-to-speech.ts';
import { createModelCoach } from '../../server/coaching/model-coach.ts';
import type { ChainOptions } from '../../server/providers/chain.ts';
import { createBuiltinCoach } from '../../server/providers/builtin/coach.ts';
import { ElevenLabsAccount } from '../../server/providers/elevenlabs/account.ts';
import { createElevenLabsSpeechToText } from '../../server/providers/elevenlabs/speech-to-text.ts';
import { createElevenLabsTextToSpeech } from '../../server/providers/elevenlabs/text-to-speech.ts';
import { createFallbackEngine } from '../../server/providers/fallback-engine.ts';
import { createFallbackSpeech } from '../../server/providers/fallback-speech.ts';
import { createFallbackTranscription } from '../../server/providers/fallback-transcription.ts';
import { OpenAiClient } from '../../server/providers/openai/client.ts';
import { createOpenAiFileTranscription } from '../../server/providers/openai/file-transcription.ts';
import { createOpenAiLanguageModel } from '../../server/providers/openai/language-model.ts';
import { createOpenAiSpeechToText } from '../../server/providers/openai/speech-to-text.ts';
import { createOpenAiTextToSpeech } from '../../server/providers/openai/text-to-speech.ts';
import { renderFillers, withFillers } from '../../server/voice/fillers.ts';
import { withSpeechText } from '../../server/voice/speech-text.ts';
import { type BenchServer, startBenchServer } from '../bench/server.ts';
import { type Cloud, startCloud } from './cloud/cloud.ts';
import { ELEVENLABS_KEY, elevenLabsRoutes } from './cloud/elevenlabs.ts';
import { CLOUD_KEY, openAiRoutes } from './cloud/openai.ts';
import { energyVad, scriptedStt } from './scripted.ts';
import { pitchedVoice } from './voices.ts';

export type Vendor = 'openai' | 'elevenlabs';

/** What a case is given: the cloud to spoil. */
export type Wire = Cloud & Omit<ReturnType<typeof openAiRoutes> & ReturnType<typeof elevenLabsRoutes>, 'routes'>;

/** How the cloud is reached, and how soon it is given up. */
export interface Way {
  /** Default: the cloud's own. */
  port?: number;
  breaker?: ChainOptions['breaker'];
  log?: Log;
  /** Nobody of this machine comes after the clouds. */
  isAlone?: boolean;
}

export interface Scene {
  readonly wire: Wire;
  /** Fresh adapters and breakers for the sessions that follow; transcription and speech by that vendor. */
  change(vendor: Vendor, way?: Way): Promise<void>;
  readonly url: string;
  close(): Promise<void>;
}

export const REPLY = 'That sounds hard for you. What would help you most?';
/** What the recogniser of this machine understands, whatever is said. */
export const LOCAL_WORDS = 'Hello from this machine';

export async function startScene(): Promise<Scene> {
  const [openAi, elevenLabs] = [openAiRoutes(), elevenLabsRoutes()];
  const wire: Wire = Object.assign(await startCloud([...elevenLabs.routes, ...openAi.routes]), openAi, elevenLabs);
  const filling = await renderFillers(pitchedVoice('filler'), { signal: new AbortController().signal });
  let now = createEngines(wire, 'elevenlabs');
  // One server for all cases, since its database takes seconds to start.
  const engine: ReplyEngine = {
    name: 'scene',
    model: 'scene',
    reply: (request, options) => now.engine.reply(request, options),
    close: () => now.close(),
  };
  const stt: SpeechToText = { name: 'scene', open: (options) => now.stt.open(options), close: () => Promise.resolve() };
  const tts: TextToSpeech = {
    name: 'scene',
    sampleRate: now.tts.sampleRate,
    synthesize: (text, options) => now.tts.synthesize(text, options),
    close: () => Promise.resolve(),
  };
  const server: BenchServer = await startBenchServer(
    { engine, stt, tts: withFillers(withSpeechText(tts), filling), vad: energyVad() },
    // The tests' microphones are faster than time.
    { LOG_LEVEL: 'silent', LIMIT_AUDIO_BURST_SECONDS: '60', LIMIT_AUDIO_FACTOR: '20' },
  );
  return {
    wire,
    url: server.url,
    async change(vendor, way) {
      const before = now;
      now = createEngines(wire, vendor, way);
      await before.close();
    },
    async close() {
      await server.close();
      await wire.close();
    },
  };
}

function createEngines(wire: Wire, vendor: Vendor, { port, breaker, log = silentLog, isAlone = false }: Way = {}) {
  const url = port === undefined ? wire.url : `http://127.0.0.1:${port}`;
  const client = new OpenAiClient({ apiKey: CLOUD_KEY, baseUrl: `${url}/v1`, clock });
  const account = new ElevenLabsAccount({ apiKey: ELEVENLABS_KEY, baseUrl: url, clock });
  const chained = { clock, breaker, log };
  const isEleven = vendor === 'elevenlabs';
  const recogniser = isEleven ? createElevenLabsSpeechToText({ account }) : createOpenAiSpeechToText({ client });
  const voice = isEleven ? createElevenLabsTextToSpeech({ account }) : createOpenAiTextToSpeech({ client });
  const coach = createModelCoach({ model: createOpenAiLanguageModel({ client }), clock, log: silentLog });
  const near = <T>(one: T) => (isAlone ? [] : [one]);
  const whole = isAlone && !isEleven ? [createOpenAiFileTranscription({ client })] : [];
  const local = near(scriptedStt({ clock, texts: [LOCAL_WORDS] }));
  const engine = createFallbackEngine({ ...chained, engines: [coach, ...near(createBuiltinCoach())] });
  const stt = createFallbackTranscription({ ...chained, recognisers: [recogniser, ...whole, ...local] });
  const tts = createFallbackSpeech({ ...chained, voices: [voice, ...near(pitchedVoice('local'))] });
  return {
    engine,
    stt,
    tts,
    async close() {
      await Promise.all([engine.close(), stt.close(), tts.close()]);
      await client.close();
    },
  };
}
