/** Session time and deadlines. Deadlines follow from the other facts of the state, so that none can be forgotten. */
import type { SessionView, Stage } from '../../protocol/messages.ts';
import { TIMERS, type LifecycleSettings, type LifecycleState, type TimerName } from './lifecycle-types.ts';

/**
 * Longest utterance that holds a deadline open: the transcription port keeps 60 s. Speaking does not move the
 * confirmation's deadline; it is compared with the start of the utterance, so that a slow speaker is not cut off.
 */
const MAX_UTTERANCE_MS = 60_000;

/** Time for the answer and the question after it to be played, before silence can count as no answer. */
export const QUESTION_SPEAKING_MS = 60_000;

type Clock = LifecycleState['clock'];

/** Session time at `atMs`. */
export function elapsedMs(clock: Clock, atMs: number): number {
  return clock.elapsedMs + (clock.runningSinceMs === undefined ? 0 : Math.max(0, atMs - clock.runningSinceMs));
}

export function stoppedClock(clock: Clock, atMs: number): Clock {
  return { elapsedMs: elapsedMs(clock, atMs) };
}

export function runningClock(clock: Clock, atMs: number): Clock {
  return { elapsedMs: elapsedMs(clock, atMs), runningSinceMs: atMs };
}

/** Session time left of the budget, extensions included. */
export function remainingMs(state: LifecycleState, atMs: number): number {
  return Math.max(0, state.endsAtElapsedMs - elapsedMs(state.clock, atMs));
}

/** Warnings that make no sense for an end that is only `leftMs` away: "five minutes left" when five were just given. */
export function pointlessWarnings(settings: LifecycleSettings, leftMs: number): number[] {
  return settings.warningsMs.filter((warningMs) => warningMs >= leftMs);
}

/** The time left at which the next warning is due; -Infinity when none is. */
export function nextWarningMs(state: LifecycleState, settings: LifecycleSettings): number {
  return Math.max(...settings.warningsMs.filter((ms) => !state.warnedMs.includes(ms)));
}

export function deadlinesOf(state: LifecycleState, settings: LifecycleSettings): LifecycleState['deadlines'] {
  if (state.closing) return { closing: state.closing.dueAtMs };
  if (state.phase === 'ended') return {};
  if (state.presence.kind === 'away') return { grace: state.presence.sinceMs + settings.graceMs };
  if (state.care) return careDeadlines(state);
  return { ...clockDeadlines(state, settings), ...silenceDeadlines(state, settings) };
}

/** A session over REST has nobody who goes away: without this it would stand for ever. */
const CARE_REST_MS = 24 * 60 * 60_000;

function careDeadlines({ presence, lastActivityMs }: LifecycleState): LifecycleState['deadlines'] {
  return presence.kind === 'rest' ? { idle: lastActivityMs + CARE_REST_MS } : {};
}

/** Session time at which the session closes without asking. */
export function hardLimitMs(state: LifecycleState, settings: LifecycleSettings): number {
  return settings.hardLimitMs + (state.careExtraMs ?? 0);
}

function clockDeadlines(state: LifecycleState, settings: LifecycleSettings): LifecycleState['deadlines'] {
  // Whoever is not away has a running clock.
  const zeroMs = (state.clock.runningSinceMs ?? state.lastAtMs) - state.clock.elapsedMs;
  const deadlines: LifecycleState['deadlines'] = { hardLimit: zeroMs + hardLimitMs(state, settings) };
  if (state.phase !== 'active') return deadlines;
  if (!state.budgetSpent) deadlines.budget = zeroMs + state.endsAtElapsedMs;
  const warningMs = nextWarningMs(state, settings);
  if (warningMs > 0) deadlines.warning = zeroMs + state.endsAtElapsedMs - warningMs;
  return deadlines;
}

/** While a proposal stands, its expiry takes the place of the idle timer. */
function silenceDeadlines(state: LifecycleState, settings: LifecycleSettings): LifecycleState['deadlines'] {
  if (state.proposal) return { confirmation: state.proposal.expiresAtMs };
  const promptFirst = state.presence.kind === 'socket' && !state.idlePrompted;
  return { idle: state.lastActivityMs + (promptFirst ? settings.idlePromptMs : settings.idleEndMs) };
}

export interface Timer {
  name: TimerName;
  /** ms since 1970. */
  dueAt: number;
}

/** Everything that can come due, the earliest first; at the same moment the weightier one first. */
export function timers(state: LifecycleState): Timer[] {
  return TIMERS.flatMap((name) => {
    const dueAt = dueAtOf(state, name);
    return dueAt === undefined ? [] : [{ name, dueAt }];
  }).sort((a, b) => a.dueAt - b.dueAt);
}

export function nextDeadline(state: LifecycleState): Timer | undefined {
  return timers(state)[0];
}

function dueAtOf(state: LifecycleState, name: TimerName): number | undefined {
  const dueAt = state.deadlines[name];
  if (dueAt === undefined || name !== 'confirmation') return dueAt;
  const answering = state.speakingSinceMs !== undefined && state.speakingSinceMs <= dueAt;
  return answering ? dueAt + MAX_UTTERANCE_MS : dueAt;
}

/** The session as clients see it. `stage` is the coach's, which the lifecycle does not know. */
export function view(state: LifecycleState, atMs: number, stage: Stage): SessionView {
  const { proposal } = state;
  const reason = state.endReason ?? proposal?.reason;
  return {
    phase: state.phase,
    ...(reason === undefined ? {} : { reason }),
    elapsedMs: elapsedMs(state.clock, atMs),
    remainingMs: state.phase === 'closing' || state.phase === 'ended' ? 0 : remainingMs(state, atMs),
    messageCount: state.messages,
    stage,
    ...(state.care && { care: true as const }),
    ...(proposal && {
      wrapUp: {
        proposalId: proposal.proposalId,
        reason: proposal.reason,
        expiresInMs: Math.min(proposal.windowMs, Math.max(0, proposal.frozenMs ?? proposal.expiresAtMs - atMs)),
      },
    }),
  };
}
