import type { Message, ServerMessage } from '../../protocol/messages.ts';

/**
 * The state of live sessions: what must survive an instance. One contract suite (`test/contracts/session-store.ts`)
 * runs on every adapter.
 *
 * - A session is run by one instance at a time, the holder of its lease, named by `epoch`. Acquiring raises the epoch at
 *   once, so that the writes of the owner before are refused as `fenced` from then on.
 * - `commit` is one atomic step: it checks epoch and version, replaces the state, appends messages, appends events
 *   with consecutive `seq`, and moves the deadline; or it changes nothing.
 * - A commit whose answer was lost may have been applied: it is sent again with the same `operationId` and has its
 *   effect once, with the same answer.
 * - Every method may reject with a `KukuError` `store_away` (retryable) when the store can't be reached.
 *
 * `State` is plain JSON and belongs to the session; the store does not look inside.
 */
export interface SessionStore<State> {
  readonly name: string;
  create(session: NewSession<State>): Promise<void>;
  /** Undefined when there is no such session. */
  read(sessionId: string): Promise<StoredSession<State> | undefined>;
  /** Takes the session for this instance, whoever has it: epoch + 1. Undefined when there is no such session. */
  acquire(sessionId: string, instanceId: string): Promise<StoredSession<State> | undefined>;
  commit(commit: Commit<State>): Promise<CommitResult<State>>;
  /** Stored events after `seq`, in order; undefined when some of them are no longer kept. */
  eventsAfter(sessionId: string, seq: number): Promise<readonly StoredEvent[] | undefined>;
  messages(sessionId: string): Promise<readonly Message[]>;
  /**
   * Sessions whose deadline has come by the store's clock, the most overdue first, at most `limit`. Never early. Each is
   * given to one caller; unless a commit moves its deadline within `visibilityMs`, it is given again.
   */
  claimDue(options: { limit: number; visibilityMs: number }): Promise<readonly string[]>;
  /** Keeps a single-use ticket for `ttlMs`. */
  putTicket(ticketHash: string, ticket: Ticket, ttlMs: number): Promise<void>;
  /** Reads and deletes in one step: of two callers one gets it. Undefined when unknown, used or expired. */
  takeTicket(ticketHash: string): Promise<Ticket | undefined>;
  /** Whether the store answers, for `/ready`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface NewSession<State> {
  id: string;
  /** Null: nobody's; the id is the only key to it. */
  userId: string | null;
  /** ms since 1970. */
  createdAt: number;
  state: State;
  /** When the session's next deadline comes, ms since 1970; null for none. */
  dueAt: number | null;
}

export interface StoredSession<State> extends Omit<NewSession<State>, 'dueAt'> {
  updatedAt: number;
  /** Rises with each commit. */
  version: number;
  /** Rises with each owner; 0 before the first. */
  epoch: number;
  /** Number of the last stored event. */
  seq: number;
}

/** An event as it is sent, but for its number. */
export type NewEvent = DistributiveOmit<Exclude<ServerMessage, { type: 'pong' }>, 'seq'>;
export type StoredEvent = Exclude<ServerMessage, { type: 'pong' }>;

export interface Commit<State> {
  sessionId: string;
  /** The writer's epoch; `null` for a writer that owns no session (REST), which only the version guards. */
  epoch: number | null;
  expectedVersion: number;
  operationId: string;
  state: State;
  /** Appended to the session's stream, in order. */
  events: readonly NewEvent[];
  /** The session's next deadline from now on, ms since 1970; null for none. */
  dueAt: number | null;
  /** Appended to the session's messages; one whose id is known is left as it is. */
  messages: readonly Message[];
}

export type CommitResult<State> =
  | { ok: true; version: number; updatedAt: number; events: readonly StoredEvent[] }
  /** Somebody else wrote since: `current` is what stands now. */
  | { ok: false; reason: 'conflict'; current: StoredSession<State> }
  /** Another instance owns the session. */
  | { ok: false; reason: 'fenced' }
  | { ok: false; reason: 'missing' };

export interface Ticket {
  sessionId: string;
  userId: string | null;
  /** The Origin that the ticket is bound to; null for clients that send none. */
  origin: string | null;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
