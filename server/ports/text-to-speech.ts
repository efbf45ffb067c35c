import type { WordTime } from '../../protocol/messages.ts';
import type { Voice } from '../../protocol/voices.ts';
import type { OnUsage } from './usage.ts';

/** Synthesis of one sentence or clause at a time. */
export interface TextToSpeech {
  readonly name: string;
  /** Samples a second of what `synthesize` yields; fixed for an adapter. */
  readonly sampleRate: number;
  /** Those to choose from, the usual one first; absent where there is no choice. */
  readonly voices?: readonly Voice[];
  /**
   * Mono PCM16 in order, as it comes. Ends when the text is spoken. Aborting ends the work at once and makes the
   * iteration throw the signal's reason. Throws a `KukuError` when the speech can't be made; what was yielded before
   * stands, and the caller must not start the sentence over once any of it was heard.
   */
  synthesize(text: string, options: SynthesisOptions): AsyncIterable<SpeechChunk>;
  /** Somebody is about to be spoken to: connections are made meanwhile. Never throws. */
  warm?(): void;
  close(): Promise<void>;
}

export interface SynthesisOptions {
  signal: AbortSignal;
  /** Aborted when the turn is over, at the latest: what an adapter keeps for its sentences goes then. Default: `signal`. */
  turnSignal?: AbortSignal;
  /** Sentences of one turn share a key, so that an adapter can keep one context a turn. */
  turnKey: string;
  /** Id of one of `voices`. Absent or unknown: the usual one. */
  voice?: string | undefined;
  /** What the sentence cost, where it costs something. */
  onUsage?: OnUsage;
}

export interface SpeechChunk {
  pcm: Int16Array;
  /** Times of the words in this sentence, from the sentence's first sample, as far as the engine knows them. */
  words?: readonly WordTime[];
}
