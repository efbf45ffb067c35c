/**
 * A session's lifecycle: phases, wrap-up in two steps, timers. Pure: `(state, event, settings) → {state, effects}`.
 *
 *     active ──propose──▶ confirming ──yes──▶ closing ──recap played or 20 s──▶ ended
 *       ▲                     │
 *       └──no · unclear twice · expired ──┘    any phase ──force · hard limit · idle · abandoned──▶ closing or ended
 *
 * Care (somebody spoke of harm) takes any phase but `ended` back to `active` and stops time until they go on.
 *
 * Before an event counts, everything that was due by its `atMs` happens, in the order in which it was due. A timer is
 * therefore only a nudge: late, twice or stale, it can't let a late "yes" through nor do anything twice.
 */
import * as clock from './lifecycle-clock.ts';
import type {
  LifecycleEffect,
  LifecycleEvent,
  LifecycleSettings,
  LifecycleState,
  Reduction,
  TimerName,
} from './lifecycle-types.ts';
import * as transitions from './lifecycle-transitions.ts';
import type { Step } from './lifecycle-transitions.ts';

export { nextDeadline, timers, view, type Timer } from './lifecycle-clock.ts';
export type * from './lifecycle-types.ts';

/** A session that nobody is attached to yet. */
export function createLifecycle(atMs: number, settings: LifecycleSettings): LifecycleState {
  const endsAtElapsedMs = Math.min(settings.budgetMs, settings.hardLimitMs);
  const state: LifecycleState = {
    phase: 'active',
    presence: { kind: 'rest' },
    clock: { elapsedMs: 0, runningSinceMs: atMs },
    endsAtElapsedMs,
    budgetSpent: false,
    warnedMs: clock.pointlessWarnings(settings, endsAtElapsedMs),
    exchanges: 0,
    messages: 0,
    cooldownLeft: 0,
    contentTrigger: true,
    lastActivityMs: atMs,
    idlePrompted: false,
    lastAtMs: atMs,
    deadlines: {},
  };
  return { ...state, deadlines: clock.deadlinesOf(state, settings) };
}

/** Neither argument is changed. A session that has ended is answered with the very same state. */
export function reduce(before: LifecycleState, event: LifecycleEvent, settings: LifecycleSettings): Reduction {
  if (before.phase === 'ended') return { state: before, effects: lateAnswer(before, event) };
  if (event.type === 'timer' && !isArmed(before, event)) return { state: before, effects: [] };
  const atMs = Math.max(event.atMs, before.lastAtMs);
  const step: Step = { state: structuredClone(before), effects: [], settings, atMs };
  if (event.type === 'owner.recovered') transitions.leave(step, before.lastAtMs);
  // The words count from when they began, also where nobody told of their beginning.
  if (event.type === 'wrapUp.answered' && event.startedAtMs !== undefined) {
    step.state.speakingSinceMs ??= event.startedAtMs;
  }
  settle(step);
  if (step.state.phase === 'ended') step.effects.push(...lateAnswer(step.state, event));
  else apply(step, event);
  step.state.lastAtMs = atMs;
  refreshDeadlines(step);
  return { state: step.state, effects: worthDoing(before, step) };
}

/** A timer that was set for another deadline than now stands is stale: what is due has a timer of its own. */
function isArmed(state: LifecycleState, { name, dueAt }: { name: TimerName; dueAt: number }): boolean {
  return clock.timers(state).some((timer) => timer.name === name && timer.dueAt === dueAt);
}

/** An answer that comes when all is over is told so; nothing else is said about a session that has ended. */
function lateAnswer(state: LifecycleState, event: LifecycleEvent): LifecycleEffect[] {
  return event.type === 'wrapUp.answered' ? [transitions.ignoredAnswer(state, event.proposalId)] : [];
}

/** Does what is due, each thing at its own time. */
function settle(step: Step): void {
  refreshDeadlines(step);
  for (let due = clock.nextDeadline(step.state); due && due.dueAt <= step.atMs; due = clock.nextDeadline(step.state)) {
    comeDue({ ...step, atMs: Math.max(due.dueAt, step.state.lastAtMs) }, due.name);
    refreshDeadlines(step);
  }
}

function refreshDeadlines({ state, settings }: Step): void {
  state.deadlines = clock.deadlinesOf(state, settings);
}

function comeDue(step: Step, name: TimerName): void {
  const { state, atMs } = step;
  switch (name) {
    case 'closing':
      return transitions.end(step, 'forced');
    case 'grace':
      return transitions.end(step, 'abandoned');
    case 'hardLimit':
      return transitions.close(step, 'time_limit');
    case 'confirmation':
      return transitions.decline(step, 'expired');
    case 'idle':
      return transitions.comeIdle(step);
    case 'budget':
      state.budgetSpent = true;
      return;
    case 'warning':
      state.warnedMs = clock.pointlessWarnings(step.settings, clock.nextWarningMs(state, step.settings));
      step.effects.push({ type: 'warn', remainingMs: clock.remainingMs(state, atMs) });
  }
}

function apply(step: Step, event: LifecycleEvent): void {
  const { state, atMs } = step;
  switch (event.type) {
    case 'client.attached':
      transitions.arrive(step, { kind: 'socket', connectionId: event.connectionId });
      return transitions.beActive(step);
    case 'client.detached':
      if (state.presence.kind !== 'socket' || state.presence.connectionId !== event.connectionId) return;
      return transitions.leave(step, atMs);
    case 'input.received':
      if (event.via === 'rest' && state.presence.kind === 'away') transitions.arrive(step, { kind: 'rest' });
      return transitions.beActive(step);
    case 'speech.started':
      state.speakingSinceMs ??= atMs;
      return transitions.beActive(step);
    case 'speech.ended':
      delete state.speakingSinceMs;
      return transitions.beActive(step);
    case 'coach.spoke':
      return transitions.coachSpoke(step);
    case 'message.added':
      state.messages += Math.max(0, event.count);
      return;
    case 'exchange.completed':
      return transitions.completeExchange(step, event);
    case 'wrapUp.requested':
      return transitions.request(step, event.proposalId);
    case 'wrapUp.answered':
      return transitions.answer(step, event);
    case 'proposal.spoken':
      return transitions.proposalSpoken(step, event.proposalId);
    case 'proposal.unheard':
      return transitions.proposalUnheard(step, event.proposalId);
    case 'recap.timed':
      return transitions.timeRecap(step, event.durationMs);
    case 'recap.played':
      return state.phase === 'closing' ? transitions.end(step, 'forced') : undefined;
    case 'care.began':
      return transitions.beginCare(step);
    case 'care.ended':
      return transitions.endCare(step);
    case 'end.forced':
      return transitions.end(step, 'forced');
    case 'budget.spent':
      // Not while somebody is in distress: it is told again at the end of the next turn.
      return state.phase === 'closing' || state.care ? undefined : transitions.close(step, 'quota');
    case 'owner.recovered':
    case 'timer':
      // What they stand for has been done.
      return;
  }
}

/** Drops what later effects of the same step made pointless, and says first that the view changed. */
function worthDoing(before: LifecycleState, { state, effects, atMs }: Step): LifecycleEffect[] {
  const leftMs = clock.remainingMs(state, atMs);
  const lastWarning = effects.findLast((effect) => effect.type === 'warn');
  const worthy = effects.flatMap((effect): LifecycleEffect[] => {
    switch (effect.type) {
      case 'stateChanged':
        return [];
      case 'warn':
        return effect === lastWarning && state.phase === 'active' && leftMs > 0
          ? [{ ...effect, remainingMs: leftMs }]
          : [];
      case 'askIfThere':
        return state.phase === 'active' && state.idlePrompted ? [effect] : [];
      case 'resumeConversation':
        return state.phase === 'active' ? [effect] : [];
      case 'speakRecap':
        return state.phase === 'closing' ? [effect] : [];
      case 'care':
      case 'propose':
      case 'askAgain':
      case 'answerIgnored':
      case 'ended':
        return [effect];
    }
  });
  const shown = (of: LifecycleState) => JSON.stringify([of.phase, of.endReason, of.proposal, of.endsAtElapsedMs]);
  const changed = shown(before) !== shown(state) || effects.some((effect) => effect.type === 'stateChanged');
  return changed ? [{ type: 'stateChanged' }, ...worthy] : worthy;
}
