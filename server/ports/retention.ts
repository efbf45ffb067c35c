/** What is kept for so long and no longer. Times are ms since 1970; a kind without one is kept for ever. */
export interface Retention {
  /**
   * Deletes what is older: of sessions that ended before then, what was said (with what was written along with a rating),
   * or the recaps (with the sessions' names); of messages from before then, the names of their audio files, which the
   * audio store sweeps. Private sessions that nobody has heard of since `lostBefore` count as ended. What went, by kind.
   */
  sweep(cutoffs: Cutoffs, options: { signal: AbortSignal }): Promise<Swept>;
}

export interface Cutoffs {
  transcriptsBefore?: number;
  recapsBefore?: number;
  audioBefore?: number;
  lostBefore: number;
}

export interface Swept {
  messages: number;
  recaps: number;
  audioNames: number;
  lostSessions: number;
}

/** Work that any instance may do and only one does. */
export interface JobLeases {
  /**
   * True for one of all who ask: nobody has the job, and it was not done for `everyMs`. It is theirs for `leaseMs`; one
   * that died with it leaves it to the next after that.
   */
  take(name: string, lease: JobLease): Promise<boolean>;
  /** It is done, and free; nothing when somebody else has it by now. */
  done(name: string, holder: string, now: number): Promise<void>;
}

export interface JobLease {
  holder: string;
  now: number;
  leaseMs: number;
  everyMs: number;
}
