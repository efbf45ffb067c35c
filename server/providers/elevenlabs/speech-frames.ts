/** Frames of the multi-context speech socket. The client's are in snake case, the server's in camel case, mostly. */
import type { ElevenLabs } from '@elevenlabs/elevenlabs-js';
import { z } from 'zod';

export interface VoiceSettings {
  stability?: number;
  similarity_boost?: number;
  style?: number;
  use_speaker_boost?: boolean;
  /** 0.7 to 1.2. */
  speed?: number;
}
export type ClientFrame =
  | { text: ' '; context_id: string; voice_settings?: VoiceSettings }
  | { text: string; context_id: string; flush: true }
  | { context_id: string; close_context: true }
  | { close_socket: true };

export interface AudioFrame {
  /** Base64 of PCM16. */
  audio: string;
  alignment: { chars: readonly string[]; startsMs: readonly number[]; durationsMs: readonly number[] };
}

export type ServerFrame =
  | ({ type: 'audio'; contextId: string | undefined } & AudioFrame)
  | { type: 'final'; contextId: string | undefined }
  | { type: 'error'; code: string | undefined }
  /** Valid, and nothing that we need. */
  | { type: 'other' };

const Alignment = z.object({
  chars: z.array(z.string()).nullish(),
  charStartTimesMs: z.array(z.number()).nullish(),
  charDurationsMs: z.array(z.number()).nullish(),
});
type Known = Omit<ElevenLabs.WebsocketTtsServerMessageMulti, 'normalizedAlignment'>;
const Frame = z.object({
  ...({
    audio: z.string().nullish(),
    alignment: Alignment.nullish(),
    isFinal: z.boolean().nullish(),
    contextId: z.string().nullish(),
  } satisfies Record<keyof Known, z.ZodType>),
  is_final: z.boolean().nullish(),
  context_id: z.string().nullish(),
  error: z.unknown().optional(),
  code: z.union([z.string(), z.number()]).nullish(),
});

/** Undefined for what is no frame at all. */
export function parseFrame(text: string): ServerFrame | undefined {
  const frame = Frame.safeParse(parseJson(text));
  if (!frame.success) return undefined;
  const { audio, alignment, isFinal, is_final, error } = frame.data;
  const contextId = frame.data.contextId ?? frame.data.context_id ?? undefined;
  if (error !== undefined && error !== null)
    return { type: 'error', code: typeof error === 'string' ? error : undefined };
  if (audio) {
    const { chars, charStartTimesMs, charDurationsMs } = alignment ?? {};
    const aligned = { chars: chars ?? [], startsMs: charStartTimesMs ?? [], durationsMs: charDurationsMs ?? [] };
    return { type: 'audio', contextId, audio, alignment: aligned };
  }
  return isFinal || is_final ? { type: 'final', contextId } : { type: 'other' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
