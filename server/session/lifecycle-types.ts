/** What a session's lifecycle is made of. All of `LifecycleState` is plain JSON: it is stored as it is. */
import type { Phase } from '../../protocol/messages.ts';

/** Defaults and environment names: `design/configuration.md`. All times in milliseconds. */
export interface LifecycleSettings {
  /** Session time after which the coach proposes to wrap up. */
  budgetMs: number;
  /** Session time after which the session closes without asking; extensions never reach beyond it. */
  hardLimitMs: number;
  /** Time left at which the coach warns. */
  warningsMs: readonly number[];
  /** What a "no" adds. */
  extensionMs: number;
  /** Exchanges after a declined or unanswered proposal in which the coach does not propose. */
  cooldownExchanges: number;
  maxExchanges: number;
  /** A committed way forward is a reason to propose from this exchange on. */
  minExchangesForGoal: number;
  /** How long a proposal stands in silence. */
  confirmationMs: number;
  idlePromptMs: number;
  idleEndMs: number;
  /** How long a session waits for a client that went away. */
  graceMs: number;
  /** How long `closing` waits for the recap to be played. */
  closingMs: number;
}

/** Why there is a proposal: the person asked, or the coach's own reasons in the order in which they count. */
export type ProposalReason = 'asked' | 'time' | 'exchanges' | 'goal';

export const END_REASONS = ['confirmed', 'forced', 'time_limit', 'idle', 'abandoned', 'quota'] as const;
export type EndReason = (typeof END_REASONS)[number];

export type WrapUpAnswer = 'yes' | 'no' | 'unclear' | 'new_content';

/** How a proposal was settled; `withdrawn` when it was cut off before anybody heard it. */
export type ProposalOutcome = 'yes' | 'no' | 'new_content' | 'unclear' | 'expired' | 'withdrawn';

export const TIMERS = ['closing', 'grace', 'hardLimit', 'confirmation', 'idle', 'budget', 'warning'] as const;
export type TimerName = (typeof TIMERS)[number];

export interface Proposal {
  proposalId: string;
  reason: ProposalReason;
  madeAtMs: number;
  /** 2 once the coach has asked again. */
  asks: 1 | 2;
  /** The question has been spoken to its end: silence counts from there. */
  spoken: boolean;
  expiresAtMs: number;
  /** `confirmationMs` when it was made; no more is ever shown as left. */
  windowMs: number;
  /** What was left when the client went away; the proposal stands still until somebody is back. */
  frozenMs?: number;
}

export type Presence =
  /** No client was ever attached, or REST took over: wall time. */
  { kind: 'rest' } | { kind: 'socket'; connectionId: string } | { kind: 'away'; sinceMs: number };

export interface LifecycleState {
  phase: Phase;
  /** Set from `closing` on. */
  endReason?: EndReason;
  presence: Presence;
  /** Session time. It runs while `runningSinceMs` is set, and stands during a disconnect. */
  clock: { elapsedMs: number; runningSinceMs?: number };
  /** Session time at which the budget, extensions included, is spent. */
  endsAtElapsedMs: number;
  /** The budget timer was due; the proposal comes with the next answer. */
  budgetSpent: boolean;
  /** Warnings that are given, or pointless, for the end that stands. */
  warnedMs: number[];
  exchanges: number;
  messages: number;
  cooldownLeft: number;
  contentTrigger: boolean;
  proposal?: Proposal;
  /** The proposal before: a second answer to it is recognised. */
  settled?: { proposalId: string; outcome: ProposalOutcome };
  lastActivityMs: number;
  idlePrompted: boolean;
  /** Start of the utterance that the person is in the middle of. */
  speakingSinceMs?: number;
  closing?: { dueAtMs: number; recapTimed: boolean };
  /** Set while somebody speaks of harm: session time stands, and nothing is proposed, warned of or ended. */
  care?: { sinceMs: number };
  /** Session time beyond the hard limit that care gave back. */
  careExtraMs?: number;
  /** Time of the latest event: time never runs backwards, whatever the wall clock does. */
  lastAtMs: number;
  /** ms since 1970, of what can come due as things stand. */
  deadlines: Partial<Record<TimerName, number>>;
}

export type LifecycleEvent = { atMs: number } & (
  | { type: 'client.attached'; connectionId: string }
  /** Ignored when another connection has taken the session since. */
  | { type: 'client.detached'; connectionId: string }
  /** A new owner took the session from a dead one: whoever was attached is gone since the last stored event. */
  | { type: 'owner.recovered' }
  /** Typed or uploaded. Over REST while the client is away, the session goes on over REST: wall time runs. */
  | { type: 'input.received'; via: 'socket' | 'rest' }
  | { type: 'speech.started' }
  /** The utterance is over and its words, if any, are read. */
  | { type: 'speech.ended' }
  /** The coach's speech was played to its end. */
  | { type: 'coach.spoke' }
  | { type: 'message.added'; count: number }
  /**
   * A turn of the person's has its answer. Sent when the answer's last words are known and before its turn is closed:
   * a proposal that comes of it is spoken at the end of that same turn. `proposalId` is used only then.
   */
  | { type: 'exchange.completed'; proposalId: string; wayForwardCommitted: boolean }
  /** By voice, button or REST. */
  | { type: 'wrapUp.requested'; proposalId: string }
  /** Without `proposalId` (by voice) the standing proposal is meant. `startedAtMs`: when the person began to speak. */
  | { type: 'wrapUp.answered'; answer: WrapUpAnswer; proposalId?: string; startedAtMs?: number }
  /** The question (the first, or the one asked again) was played to its end. */
  | { type: 'proposal.spoken'; proposalId: string }
  /** The turn was cut off before any of the question was heard. */
  | { type: 'proposal.unheard'; proposalId: string }
  /** The recap is being sent and lasts this long still. */
  | { type: 'recap.timed'; durationMs: number }
  | { type: 'recap.played' }
  /** Somebody speaks of harming themselves or others. */
  | { type: 'care.began' }
  /** They went on with something else. */
  | { type: 'care.ended' }
  | { type: 'end.forced' }
  /** Nothing is left of what the session, or its person today, may cost. */
  | { type: 'budget.spent' }
  /** A timer went off; `dueAt` is the deadline it was set for, and makes a stale one harmless. */
  | { type: 'timer'; name: TimerName; dueAt: number }
);
export type LifecycleEventType = LifecycleEvent['type'];

export type LifecycleEffect =
  /** The view changed: tell the client. Always first. */
  | { type: 'stateChanged' }
  /** Ask whether to wrap up: after the answer that is being given, if there is one, and never instead of it. */
  | { type: 'propose'; proposalId: string; reason: ProposalReason }
  | { type: 'askAgain'; proposalId: string }
  /** The session goes on. With `new_content` the person's words are still to be answered; `expired` says nothing. */
  | { type: 'resumeConversation'; because: 'no' | 'new_content' | 'unclear' | 'expired' | 'withdrawn' }
  /** An answer to no standing proposal. `outcome` says how that proposal was settled, where it is known. */
  | { type: 'answerIgnored'; proposalId?: string; outcome?: ProposalOutcome }
  /** Spoken at the next sentence end. */
  | { type: 'warn'; remainingMs: number }
  | { type: 'askIfThere' }
  /** Say the words of care, and nothing else. */
  | { type: 'care' }
  /** Finish the sentence, say why it ends where it was not the person's wish, and speak the recap. */
  | { type: 'speakRecap'; reason: EndReason }
  /** Final. A recap that is not made yet is made and stored now. */
  | { type: 'ended'; reason: EndReason };

export interface Reduction {
  state: LifecycleState;
  effects: readonly LifecycleEffect[];
}
