/** ElevenLabs' part of the loopback cloud. Frames pass through the SDK's own schemas in both directions. */
import { type Cloud, type CloudRoute, startCloud } from './cloud.ts';
import { type ScribeScript, scribeRoute } from './elevenlabs-scribe.ts';
import { type HttpVoiceScript, httpVoiceRoute } from './elevenlabs-http.ts';
import { type VoiceScript, voiceRoute } from './elevenlabs-voice.ts';
import type { Trouble } from './script.ts';

export const ELEVENLABS_KEY = 'sk_loopback0123456789abcdef0123456789abcdefWXYZ';

export interface ElevenLabsCloud extends Cloud {
  readonly voice: VoiceScript;
  readonly httpVoice: HttpVoiceScript;
  readonly scribe: ScribeScript;
}

/** The routes alone, for a cloud of several providers. */
export function elevenLabsRoutes() {
  const [voice, httpVoice, scribe] = [voiceRoute(), httpVoiceRoute(), scribeRoute()];
  const routes: CloudRoute[] = [voice.route, httpVoice.route, scribe.route];
  return { routes, voice: voice.script, httpVoice: httpVoice.script, scribe: scribe.script };
}

export async function startElevenLabsCloud(port?: number): Promise<ElevenLabsCloud> {
  const { routes, ...scripts } = elevenLabsRoutes();
  return Object.assign(await startCloud([...routes, ...accountRoutes(ELEVENLABS_KEY)], port), scripts);
}

/** What an account may use: `/v1/models` has the speech models, `/v1/voices/anna` is a voice. They look at the key. */
export function accountRoutes(key: string): CloudRoute[] {
  const route = (path: RegExp, body: unknown): CloudRoute => ({
    method: 'GET',
    path,
    async respond({ headers }, answer) {
      if (headers['xi-api-key'] === key) answer.json(body);
      else await answer.trouble(wrongKey);
    },
  });
  return [route(/^\/v1\/models$/, [{ model_id: 'eleven_flash_v2_5' }]), route(/^\/v1\/voices\/anna$/, {})];
}

export function refused(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Trouble {
  // Quotes the key, as careless servers do.
  const message = `${code}: the key ${ELEVENLABS_KEY} will not do`;
  return { trouble: 'status', status, headers, body: { detail: { status: code, message } } };
}

export const wrongKey = refused(401, 'invalid_api_key');
export const tooMany = refused(429, 'too_many_concurrent_requests', { 'retry-after': '7' });
export const serverBroken = refused(500, 'internal_server_error');
