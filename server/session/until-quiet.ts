import { type Clock, sleep } from '../ports/clock.ts';

const POLL_MS = 50;

/** Resolves when nobody speaks any more, or after `waitMs`. */
export async function untilQuiet(clock: Clock, waitMs: number, isSpeaking: () => boolean): Promise<void> {
  for (let waited = 0; waited < waitMs && isSpeaking(); waited += POLL_MS) await sleep(clock, POLL_MS);
}
