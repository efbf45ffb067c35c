import type { Message, ServerMessage } from '../../protocol/messages.ts';

/**
 * The state of live sessions: what must survive an instance. One contract suite (`test/contracts/session-store.ts`)
 * runs on every adapter.
 *
 * - A session is run by one instance at a time, the holder of its lease, named by `epoch`. Acquiring raises the epoch at
 *   once, so that the writes of the owner before are refused as `fenced` from then on. The epoch alone guards writes:
 *   an owner whose lease ran out may write until somebody acquires. The lease says who minds the session's deadlines,
 *   and that its owner is alive.
 * - Leases, deadlines and `updatedAt` stand on the store's own time; a caller's clock decides nothing.
 * - `commit` is one atomic step: it checks epoch and version, replaces the state, appends messages, appends events
 *   with consecutive `seq`, and moves the deadline; or it changes nothing.
 * - A commit whose answer was lost may have been applied: it is sent again with the same `operationId` and has its
 *   effect once, with the same answer.
 * - Every method may reject with a `KukuError` `store_away` (retryable) when the store can't be reached. It may have had
 *   its effect all the same, but does not get it later: what was given up stays given up.
 *
 * `State` is plain JSON and belongs to the session; the store does not look inside.
 */
export interface SessionStore<State> {
  readonly name: string;
  create(session: NewSession<State>): Promise<void>;
  /** Undefined when there is no such session. */
  read(sessionId: string): Promise<StoredSession<State> | undefined>;
  /**
   * Takes the session for this instance, whoever has it: epoch + 1, and a lease of `LEASE_MS` from now. Undefined when
   * there is no such session. When it rejects the epoch may have been raised: the owner before is fenced then, and the
   * session comes as orphaned once the lease has run out.
   */
  acquire(sessionId: string, instanceId: string): Promise<StoredSession<State> | undefined>;
  /**
   * Leases of `LEASE_MS` from now for what this instance holds; one that ran out and was not taken is good again.
   * Resolves with those that it no longer holds: taken by another, let go of, or gone. When it rejects some may have
   * been renewed.
   */
  renew(instanceId: string, held: readonly HeldLease[]): Promise<readonly LostLease[]>;
  /** The owner of that epoch lets go: the lease is gone, the epoch stays. Nothing when there is a newer one. */
  release(sessionId: string, epoch: number): Promise<void>;
  /** Who holds the lease, or held it until less than `LEASE_MS` ago and was not followed: whom to hand a request to. */
  ownerOf(sessionId: string): Promise<string | undefined>;
  commit(commit: Commit<State>): Promise<CommitResult<State>>;
  /** Stored events after `seq`, in order; undefined when some of them are no longer kept. */
  eventsAfter(sessionId: string, seq: number): Promise<readonly StoredEvent[] | undefined>;
  messages(sessionId: string): Promise<readonly Message[]>;
  /** Those of them that are safe from a kill -9: what may be shown to anybody. */
  safeMessages(sessionId: string): Promise<readonly Message[]>;
  /** Forgets the session and all that was said in it; whoever owns it finds it missing. */
  remove(sessionId: string): Promise<void>;
  /**
   * Sessions that need somebody by the store's clock, the most overdue first, at most `limit`, each at most once:
   *
   * - whose deadline has come: to the holder of the lease, or to anyone when nobody's is valid. Never early. Unless a
   *   commit moves the deadline within `visibilityMs`, it is given again.
   * - `orphaned`: whose lease ran out while it was held, so that its owner is gone; to anyone, as soon as it ran out.
   *   It is to be acquired, which fences the owner, set right, and released. Unless somebody acquires, renews or
   *   releases it within `visibilityMs`, it is given again.
   *
   * When nobody has asked for half a lease (the store was away, or every instance) leases count as valid for one lease
   * longer: owners that are alive can renew before others take them for dead. When it rejects some may have been given
   * to nobody; they come again after `visibilityMs`.
   */
  claimDue(options: ClaimOptions): Promise<readonly DueSession[]>;
  /** Keeps a single-use ticket for `ttlMs`. */
  putTicket(ticketHash: string, ticket: Ticket, ttlMs: number): Promise<void>;
  /**
   * Reads and deletes in one step: of two callers one gets it. Undefined when unknown, used or expired. When it rejects
   * the ticket may be used up: the client asks for another.
   */
  takeTicket(ticketHash: string): Promise<Ticket | undefined>;
  /** Whether the store answers, for `/ready`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How long a lease lasts; its holder renews it each second. */
export const LEASE_MS = 3000;

export interface HeldLease {
  sessionId: string;
  epoch: number;
}

export interface LostLease {
  sessionId: string;
  /** Who holds it now; undefined: nobody, so that a client that comes back finds it free. */
  ownerId: string | undefined;
}

export interface ClaimOptions {
  instanceId: string;
  limit: number;
  visibilityMs: number;
}

export interface DueSession {
  sessionId: string;
  /** Why it is given: its owner is gone; else its deadline has come. */
  orphaned: boolean;
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
  | {
      ok: true;
      version: number;
      updatedAt: number;
      events: readonly StoredEvent[];
      /**
       * Present where what was accepted is not yet safe from a kill -9: the session goes on with it, but its events are
       * shown only once this resolves. Rejects with `store_away` when it can't be made safe for a while.
       */
      safe?: Promise<void>;
    }
  /** Somebody else wrote since: `current` is what stands now. */
  | { ok: false; reason: 'conflict'; current: StoredSession<State> }
  /** Another instance owns the session. */
  | { ok: false; reason: 'fenced' }
  | { ok: false; reason: 'missing' };

export interface Ticket {
  sessionId: string;
  /** The session's owner when the ticket was given. */
  userId: string | null;
  /** The sign-in that asked for it: when that is revoked, so is the ticket. */
  signInId: string | null;
  /** The Origin that the ticket is bound to; null for clients that send none. */
  origin: string | null;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
