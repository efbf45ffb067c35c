import type { OnUsage } from './usage.ts';

/** Streaming transcription of one person's speech, an utterance at a time. */
export interface SpeechToText {
  readonly name: string;
  /** Opens an utterance. Never throws; a failure shows when it is pushed to or finished. */
  open(options: TranscriptionOptions): Transcription;
  close(): Promise<void>;
}

export interface TranscriptionOptions {
  /** Ends the utterance at once and frees what it holds; `finish` then rejects with the signal's reason. */
  signal: AbortSignal;
  /** The whole text of the utterance so far, whenever it changed. In order; never after `finish` has resolved. */
  onPartial(text: string): void;
  /** What the utterance cost, where it costs something. */
  onUsage?: OnUsage;
  /**
   * Told as soon as the utterance can't be brought to its end, where that is known before `finish`, which then rejects
   * with the same. At most once; never for an abort.
   */
  onFailed?(error: unknown): void;
}

export interface Transcription {
  /** 16 kHz mono samples, copied before the call returns. Bounded: past 60 s unread the oldest are dropped. */
  push(pcm: Int16Array): void;
  /**
   * Says that the utterance is over. Resolves once, with the final text in sentence case ('' when no words were heard).
   * Rejects with a `KukuError` (`retryable` says whether a fallback is worth a try) or the abort reason.
   */
  finish(): Promise<FinalTranscript>;
}

export interface FinalTranscript {
  text: string;
  /** True when audio was lost on the way (an engine died and could not be given all of it again). */
  incomplete: boolean;
}
