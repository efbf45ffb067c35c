/** OpenAI's part of the loopback cloud. Another provider is a file like this one, with routes of its own. */
import type { Model } from 'openai/resources/models';
import { type Cloud, type CloudRoute, startCloud } from './cloud.ts';
import { type SpeechScript, speechRoute, type TranscriptionScript, transcriptionRoute } from './openai-audio.ts';
import { type ChatScript, chatRoute } from './openai-chat.ts';
import { unauthorized, unknownModel } from './openai-errors.ts';
import { type RealtimeScript, realtimeRoute } from './openai-realtime.ts';

export const CLOUD_KEY = 'sk-proj-loopback0123456789abcdefWXYZ';

export interface OpenAiCloud extends Cloud {
  /** As in `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
  readonly chat: ChatScript;
  readonly speech: SpeechScript;
  readonly transcription: TranscriptionScript;
  readonly realtime: RealtimeScript;
  /** What the account may use; the date is when it is shut down. */
  readonly models: Map<string, { shutdown?: string }>;
}

/** The routes alone, for a cloud of several providers. */
export function openAiRoutes() {
  const models: OpenAiCloud['models'] = new Map();
  const [chat, speech, transcription, realtime] = [chatRoute(), speechRoute(), transcriptionRoute(), realtimeRoute()];
  const routes: CloudRoute[] = [chat.route, speech.route, transcription.route, realtime.route, ...modelRoutes(models)];
  return {
    routes,
    chat: chat.script,
    speech: speech.script,
    transcription: transcription.script,
    realtime: realtime.script,
    models,
  };
}

export async function startOpenAiCloud(port?: number): Promise<OpenAiCloud> {
  const { routes, ...scripts } = openAiRoutes();
  const cloud = await startCloud(routes, port);
  // Copying would read `connections` once and for all.
  return Object.assign(cloud, scripts, { baseUrl: `${cloud.url}/v1` });
}

/** `GET …/models` and `…/models/{id}`; the only routes that look at the key. */
function modelRoutes(models: OpenAiCloud['models']): CloudRoute[] {
  const described = (id: string): Model => ({
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'system',
    shutdown_date: models.get(id)?.shutdown ?? null,
  });
  return [
    {
      method: 'GET',
      path: /\/models(\/[^/]+)?$/,
      async respond({ path, headers }, answer) {
        const key = headers.authorization?.replace('Bearer ', '') ?? '';
        if (key !== CLOUD_KEY) return answer.trouble(unauthorized(key));
        const id = /\/models\/([^/]+)$/.exec(path)?.[1];
        if (id === undefined) return answer.json({ object: 'list', data: [...models.keys()].map(described) });
        if (!models.has(id)) return answer.trouble(unknownModel(id));
        answer.json(described(id));
      },
    },
  ];
}
