/** Keys, models and reachability of the clouds that the configuration names. */
import type { Config } from './config.ts';
import { type Check, failed, type Finding, lastFour, ok, placeOf, warning } from './doctor-report.ts';
import { KukuError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import { ELEVENLABS_BASE_URL, ElevenLabsAccount } from './providers/elevenlabs/account.ts';
import { DEFAULT_SPEECH_MODEL as DEFAULT_ELEVENLABS_SPEECH } from './providers/elevenlabs/text-to-speech.ts';
import { OPENAI_BASE_URL, OpenAiClient } from './providers/openai/client.ts';
import { DEFAULT_FILE_MODEL } from './providers/openai/file-transcription.ts';
import { DEFAULT_CHAT_MODEL } from './providers/openai/language-model.ts';
import { lookUpModel } from './providers/openai/models.ts';
import { DEFAULT_TRANSCRIPTION_MODEL } from './providers/openai/speech-to-text.ts';
import { DEFAULT_SPEECH_MODEL } from './providers/openai/text-to-speech.ts';

type Need = keyof Config['providers'];
type Cloud = 'openai' | 'elevenlabs';

/** Models that end sooner than this are warned of. */
const NOTICE_MS = 120 * 86_400_000;

/** Whether a cloud is asked for a need: named in the order, or by a key where the order is `auto`. */
function uses(config: Config, cloud: Cloud, need: Need): boolean {
  const order: 'auto' | readonly string[] = config.providers[need];
  if (order !== 'auto') return order.includes(cloud);
  return cloud === 'openai' ? config.openai.apiKey !== undefined : config.elevenLabs.apiKey !== undefined;
}

export function providerChecks(config: Config, clock: Clock): Check[] {
  return [...openAiChecks(config, clock), ...elevenLabsChecks(config, clock)];
}

function openAiChecks(config: Config, clock: Clock): Check[] {
  const { apiKey, baseUrl, llmModel, sttModel, sttFileModel, ttsModel } = config.openai;
  const models: [Need, string, string][] = [
    ['languageModel', 'coach', llmModel ?? DEFAULT_CHAT_MODEL],
    ['speechToText', 'transcription', sttModel ?? DEFAULT_TRANSCRIPTION_MODEL],
    ['speechToText', 'recordings', sttFileModel ?? DEFAULT_FILE_MODEL],
    ['textToSpeech', 'speech', ttsModel ?? DEFAULT_SPEECH_MODEL],
  ];
  const used = models.filter(([need]) => uses(config, 'openai', need));
  return used.map(([, purpose, model]) => ({
    name: `OpenAI ${purpose}`,
    async run({ signal }) {
      const client = new OpenAiClient({ apiKey, baseUrl, clock });
      const where = `at ${placeOf(baseUrl ?? OPENAI_BASE_URL)}, key ${lastFour(apiKey)}`;
      try {
        return await modelFinding(client, model, where, signal);
      } finally {
        await client.close();
      }
    },
  }));
}

async function modelFinding(client: OpenAiClient, model: string, where: string, signal: AbortSignal): Promise<Finding> {
  try {
    const found = await lookUpModel(client, model, { signal });
    switch (found.state) {
      case 'gone':
        return failed(`model ${model} was shut down on ${found.shutdown}; ${where}`);
      case 'unknown':
        return failed(`model ${model} is unknown there, or retired; ${where}`);
      case 'unlisted':
        return warning(`model ${model}: the server does not list its models, so this is not known; ${where}`);
      case 'there':
        if (found.shutdown === undefined) return ok(`model ${model}; ${where}`);
        return isSoon(found.shutdown, client.clock)
          ? warning(`model ${model} will be shut down on ${found.shutdown}; ${where}`)
          : ok(`model ${model}, until ${found.shutdown}; ${where}`);
    }
  } catch (error) {
    if (error instanceof KukuError) return failed(`${error.message} (model ${model}; ${where})`);
    throw error;
  }
}

function isSoon(date: string, clock: Clock): boolean {
  return Date.parse(date) - clock.now() < NOTICE_MS;
}

function elevenLabsChecks(config: Config, clock: Clock): Check[] {
  const { apiKey, baseUrl, voiceId, ttsModel = DEFAULT_ELEVENLABS_SPEECH } = config.elevenLabs;
  const isUsed = uses(config, 'elevenlabs', 'textToSpeech') || uses(config, 'elevenlabs', 'speechToText');
  if (!isUsed || apiKey === undefined) return [];
  const account = new ElevenLabsAccount({ apiKey, baseUrl, clock });
  const where = `at ${placeOf(baseUrl ?? ELEVENLABS_BASE_URL)}, key ${lastFour(apiKey)}`;
  const get = (path: string, signal: AbortSignal) =>
    fetch(account.httpUrl(path, {}), { headers: account.authorization(), signal });
  const key: Check = {
    name: 'ElevenLabs',
    async run({ signal }) {
      const response = await get('/v1/models', signal);
      if (response.status === 401 || response.status === 403) return failed(`does not accept its key; ${where}`);
      if (!response.ok) return failed(`answers with status ${response.status}; ${where}`);
      const models = (await response.json()) as readonly { model_id?: string }[];
      // The list has no models for transcription.
      if (!uses(config, 'elevenlabs', 'textToSpeech')) return ok(where);
      return models.some(({ model_id: id }) => id === ttsModel)
        ? ok(`model ${ttsModel}; ${where}`)
        : failed(`model ${ttsModel} is unknown there, or retired; ${where}`);
    },
  };
  if (voiceId === undefined) return [key];
  const voice: Check = {
    name: 'ElevenLabs voice',
    async run({ signal }) {
      const response = await get(`/v1/voices/${encodeURIComponent(voiceId)}`, signal);
      await response.body?.cancel();
      return response.ok
        ? ok(`voice ${voiceId}`)
        : failed(`voice ${voiceId} can't be used (status ${response.status})`);
    },
  };
  return [key, voice];
}
