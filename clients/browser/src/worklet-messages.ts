/** What the page and its two worklets tell each other. */
import type { PlaybackReport } from './playback-buffer.ts';

export const CAPTURE_PROCESSOR = 'kuku-capture';
export const PLAYBACK_PROCESSOR = 'kuku-playback';

/** The capture worklet posts `Int16Array`s, one a frame, whose memory is transferred. */
export interface CaptureOptions {
  /** Samples a second of the frames. */
  rate: number;
  frameSamples: number;
}

export interface PlaybackOptions {
  /** Samples a second of what is pushed. */
  streamRate: number;
}

export type PlaybackCommand =
  | { type: 'push'; turn: number; pcm: Int16Array }
  | { type: 'end'; turn: number }
  | { type: 'clear'; id: number };

export type PlaybackAnswer =
  | ({ type: 'report' } & PlaybackReport)
  | { type: 'cleared'; id: number; turn: number; playedSamples: number };
