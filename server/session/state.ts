/** What is stored of a session: plain JSON, enough for any instance to go on with it. */
import { createHash } from 'node:crypto';
import type { Phase, SessionView } from '../../protocol/messages.ts';
import { type CoachNotes, emptyNotes } from '../ports/language-model.ts';

export interface SessionState {
  phase: Phase;
  endReason?: string;
  clock: SessionClock;
  notes: CoachNotes;
  /** Numbers of the last turn and utterance. */
  turn: number;
  utterance: number;
  messageCount: number;
  /** The turn that the coach is speaking, and its sentences so far: what an instance that dies leaves behind. */
  speaking?: { turn: number; inReplyTo: number | null; sentences: string[] };
  /** What the coach was about to say when the line dropped. */
  unsaid?: { inReplyTo: number | null; sentences: string[] };
  resumeTokenHash?: string;
  /** Ids of the last commands that took effect, oldest first: sending one again changes nothing. */
  commandIds: string[];
}

/** Time with a client present; it stands while there is none. */
export interface SessionClock {
  budgetMs: number;
  elapsedMs: number;
  /** When the present client came, ms since 1970. */
  presentSinceMs: number | null;
}

const MAX_COMMAND_IDS = 64;

export function newSessionState(budgetMs: number): SessionState {
  return {
    phase: 'active',
    clock: { budgetMs, elapsedMs: 0, presentSinceMs: null },
    notes: emptyNotes,
    turn: 0,
    utterance: 0,
    messageCount: 0,
    commandIds: [],
  };
}

export function elapsedMs({ clock }: SessionState, nowMs: number): number {
  const present = clock.presentSinceMs === null ? 0 : Math.max(0, nowMs - clock.presentSinceMs);
  return clock.elapsedMs + present;
}

export function sessionView(state: SessionState, nowMs: number): SessionView {
  const elapsed = elapsedMs(state, nowMs);
  return {
    phase: state.phase,
    ...(state.endReason === undefined ? {} : { reason: state.endReason }),
    elapsedMs: elapsed,
    remainingMs: Math.max(0, state.clock.budgetMs - elapsed),
    messageCount: state.messageCount,
    stage: state.notes.stage,
  };
}

/** Starts or stops the session's clock. */
export function withPresence(state: SessionState, present: boolean, nowMs: number): SessionState {
  if (present === (state.clock.presentSinceMs !== null)) return state;
  const clock = { ...state.clock, elapsedMs: elapsedMs(state, nowMs), presentSinceMs: present ? nowMs : null };
  return { ...state, clock };
}

export function withCommand(state: SessionState, id: string): SessionState {
  return { ...state, commandIds: [...state.commandIds, id].slice(-MAX_COMMAND_IDS) };
}

/** Resume tokens are kept only as their SHA-256. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
