import type { MicRate, SpeechRate } from '../../../protocol/audio-frame.ts';

/**
 * The device side of a coach: a microphone and a speaker. Implemented by the browser engine, the apps and the CLI.
 *
 * - `start` resolves when both run. It says at which rates: no `in` means that there is no microphone (the person
 *   types), no `out` that nothing is played (captions only). It rejects when the devices are refused or fail.
 * - Calls take effect in the order in which they are made: what is given to `play` after `clear` is played.
 * - Turns are played in the order in which they came; a newer turn waits for the older one to end.
 * - Each `on…` keeps one listener, the latest, and may be called before `start`.
 */
export interface AudioIO {
  /** `onFrame` gets mono samples at the `in` rate, 20 ms at a time; the receiver may keep them. */
  start(onFrame: (pcm: Int16Array) => void): Promise<AudioFormat>;
  /** Queues samples of a turn, at the `out` rate, behind what is queued. The player may keep them. */
  play(turn: number, pcm: Int16Array): void;
  /** No more samples of this turn will come: when the rest was played, its position is `ended`. */
  end(turn: number): void;
  /** Drops what is queued and fades out within 5 ms. Answers with what had been heard by then. */
  clear(): Promise<ClearedAudio>;
  /** Called at each change of `state` and at least every 100 ms while playing. */
  onPosition(fn: (position: PlaybackPosition) => void): void;
  /** The system took the audio away (`true`: a call, another app) or gave it back (`false`). */
  onInterruption(fn: (interrupted: boolean) => void): void;
  /** Sound now goes elsewhere; `route` is a name that a person knows, as in `Headphones`. */
  onRoute(fn: (route: string) => void): void;
  /** Frees the devices; a `start` under way is given up. Stopping twice does nothing. */
  stop(): Promise<void>;
}

/** The rates in use, in samples a second. The shape is that of `hello.audio`. */
export interface AudioFormat {
  in?: { rate: MicRate };
  out?: { rate: SpeechRate };
}

export interface ClearedAudio {
  /** The turn that was being played, or was played last; 0 when none was yet. */
  turn: number;
  /** Samples of it heard, counted as in `PlaybackPosition`. */
  playedSamples: number;
}

export interface PlaybackPosition {
  turn: number;
  /** Samples of this turn that were heard, from its first, or from the first that was queued after a `clear`. */
  playedSamples: number;
  /** Samples queued and not yet heard, newer turns included. */
  bufferedSamples: number;
  /** `stalled`: ran dry before the turn's end. */
  state: 'playing' | 'stalled' | 'ended';
}
