import type {
  Message,
  NoticeCode,
  Phase,
  Recap,
  ServerMessage,
  ServerMessageOf,
  Stage,
} from '../../../protocol/messages.ts';
import type { TurnLatency, TurnStatus } from '../../../protocol/messages.ts';
import type { CoachState } from './state.ts';

/** What a coach tells its user interface. */
export interface CoachEvents {
  state: CoachState;
  /** At each connection. */
  session: SessionInfo;
  caption: Caption;
  speaking: Speaking;
  /** Loudness of each microphone frame: root mean square, 0 to 1. */
  level: number;
  /** At each change and once a second while the session clock runs. */
  timer: SessionTimer;
  /** A proposal to wrap up that waits for an answer, or null when none does any more. */
  wrapUp: WrapUp | null;
  recap: Recap;
  latency: TurnReport;
  notice: Notice;
  error: CoachError;
  /** Every message of the server, as it came, before what it means is emitted. */
  message: ServerMessage;
}

export interface SessionInfo {
  sessionId: string;
  coach?: ServerMessageOf<'ready'>['coach'] | undefined;
  /** The server listens: it has a recogniser, and we a microphone. */
  listens: boolean;
  /** The server speaks: it has a synthesiser, and we a speaker. */
  speaks: boolean;
  /** What was said so far, to be shown instead of all captions before; absent where nothing was missed. */
  messages?: readonly Message[] | undefined;
}

/** One thing said, growing: each caption replaces the one with the same `id`. */
export interface Caption {
  id: string;
  sender: 'user' | 'ai';
  text: string;
  final: boolean;
  /** Of a typed turn: what `sendText` answered. */
  commandId?: string | undefined;
  /** Of the coach's final caption, which holds what was heard ('' when nothing was). */
  status?: TurnStatus;
}

export interface Speaking {
  user: boolean;
  coach: boolean;
}

export interface SessionTimer {
  phase: Phase;
  stage: Stage;
  elapsedMs: number;
  remainingMs: number;
  /** The server warns that time is running out: tell the person. */
  warning: boolean;
}

export interface WrapUp {
  proposalId: string;
  reason: string;
  expiresInMs: number;
}

export interface TurnReport {
  turn: number;
  status: TurnStatus;
  latency: TurnLatency;
}

export interface Notice {
  code: NoticeCode | 'audio_interrupted' | 'audio_back' | 'audio_route';
  message: string;
}

export interface CoachError {
  code: string;
  message: string;
  /** The connection ends because of it. */
  fatal: boolean;
  /** Id of the command that it answers. */
  ref?: string | undefined;
}

export interface Emitter {
  /** Calls `fn` at each event from now on. The result ends that. */
  on: <K extends keyof CoachEvents>(name: K, fn: (event: CoachEvents[K]) => void) => () => void;
  emit: <K extends keyof CoachEvents>(name: K, event: CoachEvents[K]) => void;
}

export function createEmitter(): Emitter {
  const listeners = new Map<keyof CoachEvents, Set<(event: never) => void>>();
  return {
    on(name, fn) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(fn));
      return () => set.delete(fn);
    },
    emit(name, event) {
      for (const fn of listeners.get(name) ?? []) (fn as (event: CoachEvents[typeof name]) => void)(event);
    },
  };
}
