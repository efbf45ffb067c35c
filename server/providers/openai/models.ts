/** Whether a model may be used with this key, and for how long still. */
import { APIError } from 'openai';
import type { OpenAiClient } from './client.ts';

/** Announced ends, from the types of the SDK 7.57: for when the server does not say. */
const SHUTDOWNS: readonly (readonly [models: RegExp, date: string])[] = [
  [/^(tts-1|tts-1-hd|gpt-4o-mini-tts)(-20|$)/, '2027-01-06'],
  [/^(whisper-1|gpt-4o(-mini)?-transcribe)(-|$)/, '2027-02-26'],
  [/^(gpt-4\.1|gpt-4o)(-mini)?(-20|$)/, '2027-01-14'],
  [/^(gpt-5(-mini|-nano)?|o3)(-20|$)/, '2026-12-11'],
  [/^(gpt-5\.4-nano|gpt-5\.1)(-20|$)/, '2027-04-01'],
];

export type ModelState =
  | { state: 'there'; shutdown?: string | undefined }
  | { state: 'gone'; shutdown: string }
  | { state: 'unknown' }
  /** The server has no list of models. */
  | { state: 'unlisted' };

/** Rejects with a `KukuError` when the server can't be asked, or with the signal's reason. `shutdown` is a date. */
export async function lookUpModel(
  client: OpenAiClient,
  model: string,
  { signal }: { signal: AbortSignal },
): Promise<ModelState> {
  try {
    const { shutdown_date: announced } = await client.sdk.models.retrieve(model, { signal });
    const shutdown = announced ?? SHUTDOWNS.find(([models]) => models.test(model))?.[1];
    if (shutdown !== undefined && Date.parse(shutdown) <= client.clock.now()) return { state: 'gone', shutdown };
    return { state: 'there', shutdown };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof APIError) || error.status !== 404) {
      throw client.failures.of(error, { model, phase: 'before' });
    }
    return (await hasList(client, signal)) ? { state: 'unknown' } : { state: 'unlisted' };
  }
}

async function hasList(client: OpenAiClient, signal: AbortSignal): Promise<boolean> {
  try {
    const { data } = await client.sdk.models.list({ signal });
    return Array.isArray(data);
  } catch {
    return false;
  }
}
