import type { OnUsage } from './usage.ts';

/** What a person recorded, turned into words. Bounded: what does not fit is refused, never queued without end. */
export interface Recordings {
  /**
   * Asked before a recording is received, with its size in bytes where that is known: makes room for it, or throws a
   * `KukuError` `no_recogniser` (503) or `too_many_recordings` (429, with a time to wait). The result gives the room
   * back; calling it twice does nothing more.
   */
  reserve(bytes: number | undefined): () => void;
  /**
   * The words of an audio file (see `AudioCodec.decode` for what it may be). Rejects with a `KukuError`: what the codec
   * says of the file, `no_words_heard` (422), `too_many_recordings` (429), `transcription_failed` (503); or with the
   * signal's reason.
   */
  understand(file: Uint8Array, options: { signal: AbortSignal; onUsage?: OnUsage }): Promise<string>;
}
