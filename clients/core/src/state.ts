/**
 * The life of a coach as one pure reducer: no clock, no I/O. `coach.ts` runs the effects.
 *
 *     idle → requestingMic → connecting → live ⇄ reconnecting → closing → ended | failed
 */
import type { CloseAction } from '../../../protocol/close-codes.ts';

export type CoachState =
  | { name: 'idle' }
  | { name: 'requestingMic' }
  /** The first connection; `attempt` counts from 0. */
  | { name: 'connecting'; attempt: number }
  | { name: 'live' }
  /** The connection was lost at `sinceMs` (monotonic). */
  | { name: 'reconnecting'; attempt: number; sinceMs: number }
  /** The session comes to its end: `reason` is set once it is over and only the socket's close is waited for. */
  | { name: 'closing'; reason?: string }
  | { name: 'ended'; reason: string }
  | { name: 'failed'; code: string; message: string };

export type CoachEvent =
  | { type: 'start'; withAudio: boolean }
  | { type: 'audioReady' }
  | { type: 'audioFailed'; message: string }
  /** The server answered `ready` or `resumed`. */
  | { type: 'opened' }
  | { type: 'lost'; loss: Loss; atMs: number; resumeWindowMs: number }
  /** The session's phase became `closing`. */
  | { type: 'closing' }
  | { type: 'sessionEnded'; reason: string }
  | { type: 'stop' };

/** Why there is no connection: a close code's meaning, a dead link, a refused ticket. */
export interface Loss {
  action: CloseAction;
  /** Machine-readable: the close reason in snake case, or the REST error's code. */
  code: string;
  message: string;
  /** At least this long before the next attempt. */
  delayMs: number;
}

export type CoachEffect =
  | { type: 'startAudio' }
  /** Connect after `delayMs` and `jitter` (1 or, at the very first attempt, 0) times `backoffMs(attempt)`. */
  | { type: 'connect'; attempt: number; delayMs: number; jitter: 0 | 1 }
  /** Stop the devices, close the socket, cancel all timers. */
  | { type: 'release' };

export interface Step {
  state: CoachState;
  effects: readonly CoachEffect[];
}

/** Attempts of a first connection: about 5 s of trying on average, then a person should be told. */
export const MAX_FIRST_ATTEMPTS = 6;

/** These closes are an end, not a failure. */
const ENDS = new Set(['session_over', 'time_limit', 'idle']);

export function step(state: CoachState, event: CoachEvent): Step {
  if (state.name === 'ended' || state.name === 'failed') return stay(state);
  switch (event.type) {
    case 'start':
      if (state.name !== 'idle') return stay(state);
      return event.withAudio ? to({ name: 'requestingMic' }, { type: 'startAudio' }) : connect(0);
    case 'audioReady':
      return state.name === 'requestingMic' ? connect(0) : stay(state);
    case 'audioFailed':
      return state.name === 'requestingMic' ? fail('no_audio', event.message) : stay(state);
    case 'opened':
      return state.name === 'connecting' || state.name === 'reconnecting' ? to({ name: 'live' }) : stay(state);
    case 'lost':
      return lost(state, event);
    case 'closing':
      return state.name === 'live' ? to({ name: 'closing' }) : stay(state);
    case 'sessionEnded':
      return to({ name: 'closing', reason: event.reason });
    case 'stop':
      return end(state.name === 'closing' && state.reason ? state.reason : 'left');
  }
}

function lost(state: CoachState, { loss, atMs, resumeWindowMs }: Extract<CoachEvent, { type: 'lost' }>): Step {
  if (state.name === 'idle' || state.name === 'requestingMic') return stay(state);
  if (state.name === 'closing' && state.reason !== undefined) return end(state.reason);
  if (loss.action === 'stop') return ENDS.has(loss.code) ? end(loss.code) : fail(loss.code, loss.message);
  // Nobody stares at a screen until tomorrow: a budget is used up.
  if (loss.delayMs > resumeWindowMs) return fail(loss.code, loss.message);
  if (state.name === 'connecting') {
    const attempt = state.attempt + 1;
    return attempt < MAX_FIRST_ATTEMPTS ? connect(attempt, loss.delayMs) : fail(loss.code, loss.message);
  }
  const before = state.name === 'reconnecting' ? state : { attempt: -1, sinceMs: atMs };
  if (atMs - before.sinceMs > resumeWindowMs) return fail(loss.code, loss.message);
  const attempt = before.attempt + 1;
  const next = { name: 'reconnecting', attempt, sinceMs: before.sinceMs } as const;
  return to(next, { type: 'connect', attempt, delayMs: loss.delayMs, jitter: 1 });
}

const stay = (state: CoachState): Step => ({ state, effects: [] });
const to = (state: CoachState, ...effects: CoachEffect[]): Step => ({ state, effects });
const connect = (attempt: number, delayMs = 0): Step =>
  to({ name: 'connecting', attempt }, { type: 'connect', attempt, delayMs, jitter: attempt === 0 ? 0 : 1 });
const end = (reason: string): Step => to({ name: 'ended', reason }, { type: 'release' });
const fail = (code: string, message: string): Step => to({ name: 'failed', code, message }, { type: 'release' });

/**
 * Wait before attempt `n`, in ms: full jitter over 300 · 2ⁿ, at most 8 s ("Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015), so that the clients of a restarted server do not come back all at once.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(8000, 300 * 2 ** attempt);
}
