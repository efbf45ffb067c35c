/** What is stored of a session: plain JSON, enough for any instance to go on with it. */
import { createHash } from 'node:crypto';
import type { Commitment, Recap, SessionView } from '../../protocol/messages.ts';
import type { UsageTotals } from '../../protocol/usage.ts';
import { type CoachNotes, emptyNotes } from '../ports/language-model.ts';
import { elapsedMs } from './lifecycle-clock.ts';
import { kept } from './record.ts';
import { createLifecycle, type LifecycleSettings, type LifecycleState, nextDeadline, view } from './lifecycle.ts';

export interface SessionState {
  lifecycle: LifecycleState;
  notes: CoachNotes;
  /** Numbers of the last turn and utterance. */
  turn: number;
  utterance: number;
  /** The turn that the coach is speaking, and its sentences so far: what an instance that dies leaves behind. */
  speaking?: { turn: number; sentences: string[]; offRecord?: true };
  /** What the coach was about to say when the line dropped. */
  unsaid?: Unsaid;
  /** What its providers were used for. */
  usage?: UsageTotals;
  /** Made when the session closes. */
  recap?: Recap;
  resumeTokenHash?: string;
  /** The utterance whose words were last taken for a wish to end, or an answer to the question: once is enough. */
  heard?: number;
  /** Messages about harm and the words of care: no model is given them. The last ones, oldest first. */
  aside?: string[];
  /** When care began, each time; without a word of what was said. */
  cares?: CareRecord[];
  /** The last commands that took effect, oldest first, each with its utterance: sending one again changes nothing. */
  commands: { id: string; utterance: number }[];
  /** What the person said in an earlier session that they would do: the coach asks how it went. */
  earlier?: Earlier;
  /** Set while the session is off the record: the coach's notes as they went on since then. */
  offRecord?: { notes: CoachNotes };
  /** Some of it was off the record: what is at hand of it goes soon after the end. */
  wasOffRecord?: true;
  /** Nothing that is said is kept. */
  ephemeral?: true;
}

export interface Earlier {
  sessionId: string;
  commitments: readonly Commitment[];
}

export interface CareRecord {
  atMs: number;
  about: 'self' | 'others';
  language: 'en' | 'de';
  via: 'speech' | 'text';
}

export interface Unsaid {
  inReplyTo: number | null;
  sentences: string[];
  carries: Cargo;
  offRecord?: true;
}

/** What a turn brings along besides its words; the lifecycle is told when that was heard. */
export interface Cargo {
  /** The question whether to wrap up, as it is spoken. */
  proposal?: { proposalId: string; question: string };
  recap?: true;
}

const MAX_COMMANDS = 64;

/** What is decided when a session is started. */
export interface SessionWishes {
  earlier?: Earlier;
  ephemeral?: true;
}

export function newSessionState(nowMs: number, settings: LifecycleSettings, wishes: SessionWishes = {}): SessionState {
  const lifecycle = createLifecycle(nowMs, settings);
  return { lifecycle, notes: emptyNotes, turn: 0, utterance: 0, commands: [], ...wishes };
}

export function sessionView(state: SessionState, nowMs: number): SessionView {
  const { lifecycle, notes, offRecord, ephemeral } = state;
  return {
    ...view(lifecycle, nowMs, notes.stage),
    ...(offRecord && { offRecord: true }),
    ...(ephemeral && { ephemeral }),
  };
}

export function withCommand(state: SessionState, utterance: number, id: string | undefined): SessionState {
  if (id === undefined) return state;
  return { ...state, commands: [...state.commands, { id, utterance }].slice(-MAX_COMMANDS) };
}

const MAX_ASIDE = 500;

export function withAside(state: SessionState, messageId: string): SessionState {
  if (state.aside?.includes(messageId)) return state;
  return { ...state, aside: [...(state.aside ?? []), messageId].slice(-MAX_ASIDE) };
}

export function withoutSpeaking({ speaking: _, ...state }: SessionState): SessionState {
  return state;
}

export function withoutUnsaid({ unsaid: _, ...state }: SessionState): SessionState {
  return state;
}

/** What the archive shows of a session in lists and search. */
export function summarize(state: SessionState) {
  const { lifecycle, notes, recap, earlier, ephemeral, wasOffRecord, cares = [], usage = {} } = state;
  const isEnded = lifecycle.phase === 'ended';
  return {
    status: isEnded ? ('ended' as const) : ('active' as const),
    endedAt: isEnded ? lifecycle.lastAtMs : null,
    endReason: lifecycle.endReason ?? null,
    elapsedMs: Math.round(elapsedMs(lifecycle.clock, lifecycle.lastAtMs)),
    messageCount: lifecycle.messages,
    stage: notes.stage,
    kept: kept(state),
    title: ephemeral ? null : (notes.topic ?? null),
    recap: ephemeral ? undefined : recap,
    ...(earlier && !ephemeral && { continuesId: earlier.sessionId }),
    ...(ephemeral && { ephemeral }),
    goesSoon: ephemeral === true || wasOffRecord === true,
    cares,
    usage,
    dueAt: nextDeadline(lifecycle)?.dueAt ?? null,
  };
}

/** Resume tokens are kept only as their SHA-256. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
