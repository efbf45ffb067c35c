/** Frames of Scribe's realtime socket: snake case in both directions, told apart by `message_type`. */
import type { ElevenLabs } from '@elevenlabs/elevenlabs-js';
import { z } from 'zod';

type MessageType = NonNullable<ElevenLabs.ReceiveTranscription['messageType']>;

export type ScribeFrame =
  | { type: 'partial' | 'committed'; text: string }
  /** Nothing was said that could be written down. */
  | { type: 'no_speech' }
  | { type: 'error'; code: string }
  /** Valid, and nothing that we need. */
  | { type: 'other' };

const Frame = z.object({ message_type: z.string(), text: z.string().nullish(), error: z.unknown().optional() });

const PARTIAL = 'partial_transcript' satisfies MessageType;
const COMMITTED = 'committed_transcript' satisfies MessageType;
const NO_SPEECH = 'insufficient_audio_activity' satisfies MessageType;

/** Undefined for what is no frame at all. */
export function parseScribeFrame(text: string): ScribeFrame | undefined {
  const frame = Frame.safeParse(parseJson(text));
  if (!frame.success) return undefined;
  const { message_type: kind, text: said, error } = frame.data;
  if (kind === NO_SPEECH) return { type: 'no_speech' };
  if (kind === PARTIAL || kind === COMMITTED) {
    if (typeof said !== 'string') return undefined;
    return { type: kind === PARTIAL ? 'partial' : 'committed', text: said };
  }
  return error === undefined || error === null ? { type: 'other' } : { type: 'error', code: kind };
}

export function audioChunk(pcm: Int16Array, sampleRate: number, commit: boolean): string {
  const bytes = Buffer.alloc(2 * pcm.length);
  for (const [index, sample] of pcm.entries()) bytes.writeInt16LE(sample, 2 * index);
  return JSON.stringify({
    message_type: 'input_audio_chunk' satisfies ElevenLabs.InputAudioChunkPayload['messageType'],
    audio_base_64: bytes.toString('base64'),
    commit,
    sample_rate: sampleRate,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
