/** Tells speech from everything else, one window at a time. */
export interface VoiceActivity {
  readonly name: string;
  /** Samples of one window, at 16 kHz. */
  readonly windowSamples: number;
  open(): VoiceActivityStream;
  close(): Promise<void>;
}

/** One microphone. Windows are answered in order; several may be under way. */
export interface VoiceActivityStream {
  /**
   * Probability of speech, 0 to 1, in a window of `windowSamples` Int16 samples. The samples are copied before the
   * call returns. Rejects only when the engine can't be brought back; a restart in between answers 0 for what was lost.
   */
  process(window: Int16Array): Promise<number>;
  /** Forgets what was heard: the next window is the first. */
  reset(): void;
  close(): void;
}
