/** How conversations end, as a person should be told. */
import type { CoachState } from '../state.ts';

/** Endings after which the session is still there. */
const STILL_OPEN = new Set(['left', 'replaced_by_a_newer_socket', 'no_answer', 'no_audio']);

/** Whether the session can be gone on with, as far as this end of the line knows; undefined: it is just being closed. */
export function stillOpen(state: CoachState): boolean | undefined {
  if (state.name === 'closing' && state.reason) return undefined;
  const ended = (state.name === 'ended' && state.reason) || (state.name === 'failed' && state.code);
  return !ended || STILL_OPEN.has(ended);
}
