import type { AudioContentType } from './audio-store.ts';

/** Between files and samples: what people upload, and how replies are kept. */
export interface AudioCodec {
  readonly name: string;
  /**
   * The whole of an uploaded file as 16 kHz mono samples, whatever it calls itself: WAV, MP3, WebM (Opus), Ogg (Opus,
   * Vorbis), MP4 (AAC), FLAC. The bytes are copied before the call returns.
   *
   * Rejects with a `KukuError`: `invalid_audio` (400, "Invalid audio format") when it can't be decoded or holds no
   * sound, `audio_too_large` (413) past `MAX_UPLOAD_BYTES`, `audio_too_long` (413) past `MAX_UPLOAD_SECONDS`,
   * `decoder_busy` (503, retryable) when too many wait. Aborting rejects at once with the signal's reason.
   */
  decode(file: Uint8Array, options: { signal: AbortSignal }): Promise<Int16Array>;
  /** Mono samples as a file that browsers and phones play. Rejects like `decode`. */
  encode(
    pcm: Int16Array,
    sampleRate: number,
    options: { signal: AbortSignal },
  ): Promise<{ bytes: Uint8Array; contentType: AudioContentType }>;
  close(): Promise<void>;
}

export const DECODED_SAMPLE_RATE = 16_000;
export const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;
export const MAX_UPLOAD_SECONDS = 300;
