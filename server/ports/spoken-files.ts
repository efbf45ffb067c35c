import type { OnUsage } from './usage.ts';

/** Replies as audio files, for those who fetch them instead of holding a line open. */
export interface SpokenFiles {
  /**
   * Speaks a stored message of the coach, keeps the file and notes it with the message in the archive. Resolves with the
   * file's name in the audio store, or with undefined when it can't be spoken now: the text stands without. Asked again
   * for the same message it answers the same file. Rejects only with the signal's reason.
   */
  speak(
    sessionId: string,
    message: { id: string; text: string },
    options: { signal: AbortSignal; onUsage?: OnUsage },
  ): Promise<string | undefined>;
}
