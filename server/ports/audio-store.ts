/**
 * Spoken replies as files. A name is unguessable, made by the store and safe in a URL; whoever has it may listen (the
 * route checks the owner where users exist).
 */
export interface AudioStore {
  readonly name: string;
  /** Keeps the audio and resolves with its name. Under that name there is all of it or nothing. Rejects with `disk_full`. */
  put(audio: NewAudio, options: { signal: AbortSignal }): Promise<string>;
  /** Undefined when there is none of that name, or when it is no name of this store's. */
  find(name: string): Promise<StoredAudio | undefined>;
  /**
   * The bytes of `range`, or all. Aborting makes the iteration throw the signal's reason and frees the file. Rejects
   * with `audio_not_found` (404) when it went away in between, and with `range_not_satisfiable` (416).
   */
  read(name: string, options: { range?: ByteRange; signal: AbortSignal }): AsyncIterable<Uint8Array>;
  /** Deletes what belongs to the session; what is being read may be read to its end. */
  deleteSession(sessionId: string): Promise<void>;
  /** Deletes what is older than `maxAgeMs`, and what an interrupted `put` left. Resolves with how many files went. */
  sweep(maxAgeMs: number, options: { signal: AbortSignal }): Promise<number>;
}

export interface NewAudio {
  sessionId: string;
  bytes: Uint8Array;
  contentType: AudioContentType;
}

export interface StoredAudio {
  sizeBytes: number;
  contentType: AudioContentType;
  /** ms since 1970. */
  createdAt: number;
}

/** Both ends inclusive, as in HTTP: `0-0` is the first byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/** What replies are kept as, and the names' endings. */
export const AUDIO_EXTENSIONS = { 'audio/mpeg': 'mp3', 'audio/wav': 'wav' } as const;
export type AudioContentType = keyof typeof AUDIO_EXTENSIONS;
