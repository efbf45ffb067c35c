/** What each event does to a session's state; `lifecycle.ts` says when. */
import * as clock from './lifecycle-clock.ts';
import type {
  EndReason,
  LifecycleEffect,
  LifecycleEvent,
  LifecycleSettings,
  LifecycleState,
  Presence,
  Proposal,
  ProposalOutcome,
  ProposalReason,
} from './lifecycle-types.ts';

/** A step under way: `state` is a copy of its own and is changed in place. */
export interface Step {
  state: LifecycleState;
  effects: LifecycleEffect[];
  settings: LifecycleSettings;
  atMs: number;
}

type EventOf<T extends LifecycleEvent['type']> = Extract<LifecycleEvent, { type: T }>;

/** Longest recap that the end waits for. */
const MAX_RECAP_MS = 120_000;

// ── presence ────────────────────────────────────────────────────────────────────────────────────────────────────

export function arrive({ state, atMs }: Step, presence: Presence): void {
  if (state.presence.kind === 'away') {
    if (!state.care) state.clock = clock.runningClock(state.clock, atMs);
    if (state.proposal?.frozenMs !== undefined) {
      state.proposal.expiresAtMs = atMs + state.proposal.frozenMs;
      delete state.proposal.frozenMs;
    }
  }
  state.presence = presence;
}

/** The client is gone. The clock counts up to `lastSeenMs`; the grace begins now. */
export function leave({ state, atMs }: Step, lastSeenMs: number): void {
  if (state.presence.kind !== 'socket') return;
  state.clock = clock.stoppedClock(state.clock, lastSeenMs);
  state.presence = { kind: 'away', sinceMs: atMs };
  delete state.speakingSinceMs;
  if (state.proposal) state.proposal.frozenMs = Math.max(0, state.proposal.expiresAtMs - lastSeenMs);
}

/** The person did something. */
export function beActive({ state, atMs }: Step): void {
  state.lastActivityMs = atMs;
  state.idlePrompted = false;
}

/** Silence counts from the coach's last words, but "Are you still there?" buys no more time. */
export function coachSpoke({ state, atMs }: Step): void {
  if (!state.idlePrompted) state.lastActivityMs = atMs;
}

export function comeIdle(step: Step): void {
  const { state } = step;
  // In a session over REST nobody hears a question.
  if (state.idlePrompted || state.presence.kind === 'rest') return close(step, 'idle');
  state.idlePrompted = true;
  step.effects.push({ type: 'askIfThere' });
}

// ── wrap-up ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function completeExchange(step: Step, event: EventOf<'exchange.completed'>): void {
  const { state } = step;
  state.exchanges++;
  coachSpoke(step);
  if (state.phase !== 'active' || state.care) return;
  if (state.cooldownLeft > 0) {
    state.cooldownLeft--;
    return;
  }
  const reason = reasonToPropose(step, event.wayForwardCommitted);
  if (reason && state.presence.kind !== 'away') propose(step, event.proposalId, reason);
}

function reasonToPropose({ state, settings }: Step, wayForwardCommitted: boolean): ProposalReason | undefined {
  if (state.budgetSpent) return 'time';
  if (state.exchanges >= settings.maxExchanges) return 'exchanges';
  const goalReached = wayForwardCommitted && state.contentTrigger && state.exchanges >= settings.minExchangesForGoal;
  return goalReached ? 'goal' : undefined;
}

/** The person asks: honoured at any time, the cooldown binds only the coach. */
export function request(step: Step, proposalId: string): void {
  const { state } = step;
  if (state.phase === 'active' && !state.care && state.settled?.proposalId !== proposalId)
    propose(step, proposalId, 'asked');
  if (state.phase === 'confirming' || state.care) step.effects.push({ type: 'stateChanged' });
}

function propose(step: Step, proposalId: string, reason: ProposalReason): void {
  const { state, settings, atMs } = step;
  state.phase = 'confirming';
  const windowMs = settings.confirmationMs;
  state.proposal = { proposalId, reason, madeAtMs: atMs, asks: 1, windowMs, ...asked(step) };
  if (state.presence.kind === 'away') state.proposal.frozenMs = windowMs;
  step.effects.push({ type: 'propose', proposalId, reason });
}

/** Over REST a question is there at once; a spoken one stands unanswered only once it was heard. */
function asked({ state, settings, atMs }: Step): Pick<Proposal, 'spoken' | 'expiresAtMs'> {
  const spoken = state.presence.kind === 'rest';
  return { spoken, expiresAtMs: atMs + settings.confirmationMs + (spoken ? 0 : clock.QUESTION_SPEAKING_MS) };
}

export function proposalSpoken(step: Step, proposalId: string): void {
  const { state, settings, atMs } = step;
  coachSpoke(step);
  const { proposal } = state;
  if (proposal?.proposalId !== proposalId || proposal.spoken || proposal.frozenMs !== undefined) return;
  proposal.spoken = true;
  proposal.expiresAtMs = atMs + settings.confirmationMs;
}

export function proposalUnheard(step: Step, proposalId: string): void {
  if (step.state.proposal?.proposalId === proposalId) withdraw(step, 'withdrawn');
}

export function answer(step: Step, event: EventOf<'wrapUp.answered'>): void {
  const { state } = step;
  const { proposal } = state;
  delete state.speakingSinceMs;
  beActive(step);
  if (!proposal || (event.proposalId !== undefined && event.proposalId !== proposal.proposalId)) {
    step.effects.push(ignoredAnswer(state, event.proposalId));
    return;
  }
  // Words that began before there was a question answer something else.
  if (event.startedAtMs !== undefined && event.startedAtMs < proposal.madeAtMs) return withdraw(step, 'new_content');
  switch (event.answer) {
    case 'yes':
      return close(step, 'confirmed');
    case 'no':
    case 'new_content':
      return decline(step, event.answer);
    case 'unclear':
      if (proposal.asks === 2) return decline(step, 'unclear');
      Object.assign(proposal, { asks: 2, ...asked(step) });
      step.effects.push({ type: 'askAgain', proposalId: proposal.proposalId });
  }
}

export function ignoredAnswer(state: LifecycleState, proposalId: string | undefined): LifecycleEffect {
  if (proposalId === undefined) return { type: 'answerIgnored' };
  const known = state.settled?.proposalId === proposalId ? { outcome: state.settled.outcome } : {};
  return { type: 'answerIgnored', proposalId, ...known };
}

/**
 * The session goes on, and the coach leaves it in peace for a while. An answer (two unclear ones are a no) also adds
 * time and switches the content trigger off; silence does not.
 */
export function decline(step: Step, because: 'no' | 'new_content' | 'unclear' | 'expired'): void {
  const { state, settings } = step;
  settleProposal(state, because);
  state.phase = 'active';
  state.cooldownLeft = settings.cooldownExchanges;
  if (because !== 'expired') {
    state.contentTrigger = false;
    extend(step);
  }
  step.effects.push({ type: 'resumeConversation', because });
}

function extend({ state, settings, atMs }: Step): void {
  const fromMs = Math.max(state.endsAtElapsedMs, clock.elapsedMs(state.clock, atMs));
  const endsAtElapsedMs = Math.min(clock.hardLimitMs(state, settings), fromMs + settings.extensionMs);
  if (endsAtElapsedMs <= state.endsAtElapsedMs) return;
  state.endsAtElapsedMs = endsAtElapsedMs;
  state.budgetSpent = false;
  state.warnedMs = clock.pointlessWarnings(settings, clock.remainingMs(state, atMs));
}

/** Takes a proposal back that nobody has answered: no cooldown, no extension. */
function withdraw(step: Step, because: 'withdrawn' | 'new_content'): void {
  settleProposal(step.state, 'withdrawn');
  step.state.phase = 'active';
  step.effects.push({ type: 'resumeConversation', because });
}

function settleProposal(state: LifecycleState, outcome: ProposalOutcome): void {
  if (!state.proposal) return;
  state.settled = { proposalId: state.proposal.proposalId, outcome };
  delete state.proposal;
}

// ── care ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whatever was about to end is not; time stands. */
export function beginCare(step: Step): void {
  const { state, atMs } = step;
  if (state.proposal) withdraw(step, 'withdrawn');
  state.phase = 'active';
  delete state.closing;
  delete state.endReason;
  state.care ??= { sinceMs: atMs };
  state.clock = clock.stoppedClock(state.clock, atMs);
  beActive(step);
  step.effects.push({ type: 'stateChanged' }, { type: 'care' });
}

/** The session goes on, with at least what a "no" would have added, and the coach proposes nothing for a while. */
export function endCare(step: Step): void {
  const { state, settings, atMs } = step;
  if (!state.care) return;
  delete state.care;
  if (state.presence.kind !== 'away') state.clock = clock.runningClock(state.clock, atMs);
  const leastMs = clock.elapsedMs(state.clock, atMs) + settings.extensionMs;
  if (leastMs > clock.hardLimitMs(state, settings)) state.careExtraMs = leastMs - settings.hardLimitMs;
  state.cooldownLeft = Math.max(state.cooldownLeft, settings.cooldownExchanges);
  if (state.endsAtElapsedMs < leastMs) {
    state.endsAtElapsedMs = leastMs;
    state.budgetSpent = false;
    state.warnedMs = clock.pointlessWarnings(settings, settings.extensionMs);
  }
  beActive(step);
  step.effects.push({ type: 'stateChanged' });
}

// ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function close(step: Step, reason: EndReason): void {
  const { state, settings, atMs } = step;
  settleProposal(state, reason === 'confirmed' ? 'yes' : 'expired');
  state.phase = 'closing';
  state.endReason = reason;
  state.closing = { dueAtMs: atMs + settings.closingMs, recapTimed: false };
  delete state.care;
  step.effects.push({ type: 'speakRecap', reason });
}

/** A recap may last longer than `closing` waits: the wait counts from its end, which may be moved once. */
export function timeRecap({ state, settings, atMs }: Step, durationMs: number): void {
  if (!state.closing || state.closing.recapTimed) return;
  const lastsMs = Math.min(MAX_RECAP_MS, Math.max(0, durationMs));
  state.closing = { dueAtMs: atMs + lastsMs + settings.closingMs, recapTimed: true };
}

/** An end that was decided before keeps its reason. */
export function end(step: Step, otherwise: EndReason): void {
  const { state, atMs } = step;
  const reason = state.endReason ?? otherwise;
  settleProposal(state, 'expired');
  state.phase = 'ended';
  state.endReason = reason;
  state.clock = clock.stoppedClock(state.clock, atMs);
  delete state.closing;
  delete state.care;
  delete state.speakingSinceMs;
  step.effects.push({ type: 'ended', reason });
}
