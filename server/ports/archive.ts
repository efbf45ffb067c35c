import type { Commitment, Recap, Stage, TurnLatency, TurnStatus } from '../../protocol/messages.ts';
import type { UsageTotals } from '../../protocol/usage.ts';

/**
 * What is kept when a session is no longer live: users, sessions, what was said, recaps, ratings, measurements. One
 * contract suite (`test/contracts/archive.ts`) runs on every adapter.
 *
 * - Every write may be sent again, late, or out of order with its like, and has its effect once. What changes carries
 *   the session's `version` at that moment: a higher one replaces, an equal or lower one changes nothing.
 * - A write about a session that was never saved rejects with `session_not_found`; the session is saved first.
 * - A deleted session stays deleted: later writes about it change nothing and don't reject.
 * - A write that has resolved is there after a kill -9 of this process (Postgres: of any process).
 * - Times are ms since 1970.
 * - Every call has the adapter's own deadline and rejects with a `KukuError`: `database_away`, `database_busy` or
 *   `disk_full` (all retryable: a write may have been applied, so it is sent again as it was), or `database_failed`.
 */
export interface Archive {
  readonly name: string;
  /** The user of that identity, made when new. The same identity always gets the same id. */
  ensureUser(identity: Identity, now: number): Promise<ArchivedUser>;
  /** Undefined when unknown. */
  user(userId: string): Promise<ArchivedUser | undefined>;
  /**
   * The user is known by the other identity from now on, and no longer by the one before: a guest has become an account
   * and keeps its id, and all that is kept under it. False when that identity has a user of its own already.
   */
  reidentifyUser(from: Identity, to: Identity): Promise<boolean>;
  /**
   * Removes the user and, as `deleteSession` does, every session of theirs; resolves with the ids of those, whose audio
   * is the audio store's to delete. Their identity, should it come again, gets another id.
   */
  deleteUser(userId: string, now: number): Promise<readonly string[]>;

  saveSession(session: SessionRecord): Promise<void>;
  /** All or none. A message whose id is known is replaced by one of a higher version. */
  appendMessages(sessionId: string, messages: readonly MessageRecord[]): Promise<void>;
  saveRecap(sessionId: string, recap: RecapRecord): Promise<void>;
  /** The person's own name for it stands before the one it was saved with, whichever comes later; null takes it back. */
  rename(sessionId: string, title: string | null): Promise<void>;
  /** The audit of care: each of its times once. */
  saveCares(sessionId: string, cares: readonly CareRecord[]): Promise<void>;
  /** In the order of time. */
  cares(sessionId: string): Promise<readonly CareRecord[]>;
  /** The first record of a turn stands. */
  saveTurn(turn: TurnRecord): Promise<void>;
  /** One rating a session; a later one replaces it. The score is 1 to 5, else `invalid_rating` (400). */
  rate(sessionId: string, rating: RatingRecord): Promise<void>;

  /** Undefined when unknown or deleted, as in all reads. */
  session(sessionId: string): Promise<SessionRecord | undefined>;
  /** What the user's sessions cost that started since then; 0 when nothing is known. */
  costSince(userId: string, sinceMs: number): Promise<number>;
  /** Newest first. A session that starts meanwhile doesn't shift the pages that follow. */
  listSessions(query: ListQuery): Promise<SessionPage>;
  /** In the order of `seq`; none for an unknown session. */
  messages(sessionId: string): Promise<readonly MessageRecord[]>;
  recap(sessionId: string): Promise<RecapRecord | undefined>;
  rating(sessionId: string): Promise<RatingRecord | undefined>;
  /** Whose session the spoken reply belongs to; undefined when no message has a file of that name. */
  audioOwner(file: string): Promise<{ userId: string | null } | undefined>;
  /** In the order of turns. */
  turns(sessionId: string): Promise<readonly TurnRecord[]>;
  /**
   * Removes the session and all that belongs to it; only its id and the time stay, so that late writes find the door
   * closed. True when it was there. Its audio is the audio store's to delete.
   */
  deleteSession(sessionId: string, now: number): Promise<boolean>;
  /** Whether there was a session of that id, which was deleted. */
  wasDeleted(sessionId: string): Promise<boolean>;
  /**
   * What the user last said they would do: of the latest session that ended with commitments, unless another session
   * took it up since (one that continues it, in which the person said something).
   */
  openCommitments(userId: string): Promise<KeptCommitments | undefined>;
  /** Sessions still active, with their state: after a crash these go on. Oldest first. */
  restorable(): Promise<readonly SessionRecord[]>;
  /** Whether the database answers, for `/ready`. */
  ping(): Promise<void>;
}

export interface Identity {
  /** Who vouches for the subject: `guest`, or an issuer's URL. */
  issuer: string;
  subject: string;
}

export interface ArchivedUser extends Identity {
  id: string;
  createdAt: number;
}

export interface SessionRecord {
  id: string;
  /** From `ensureUser`. Null: nobody's; the id is the only key to it and no list shows it. */
  userId: string | null;
  status: 'active' | 'ended';
  /** The person's own name for it, else its topic. Saved, it is the topic. */
  title: string | null;
  startedAt: number;
  /** Set when `status` is `ended`. */
  endedAt: number | null;
  endReason: string | null;
  elapsedMs: number;
  messageCount: number;
  stage: Stage;
  /** What its providers were used for. */
  usage: UsageTotals;
  /** Plain JSON that belongs to the session and lets it go on after a crash; not kept once it has ended. */
  state: unknown;
  updatedAt: number;
  version: number;
  /** The session before, whose commitments it asked about. */
  continuesId?: string;
  /** Nothing that is said in it is kept. */
  ephemeral?: true;
}

export interface KeptCommitments {
  sessionId: string;
  commitments: readonly Commitment[];
}

export interface MessageRecord {
  /** Unique in its session. */
  id: string;
  /** Its place in the session, from 0. */
  seq: number;
  sender: 'user' | 'ai';
  /** Of an interrupted reply, what was heard. */
  text: string;
  audioFile: string | null;
  interrupted: boolean;
  createdAt: number;
  version: number;
}

export interface RecapRecord extends Recap {
  createdAt: number;
  version: number;
}

export interface RatingRecord {
  score: number;
  feedback: string | null;
  ratedAt: number;
}

export interface TurnRecord {
  sessionId: string;
  turn: number;
  status: TurnStatus;
  createdAt: number;
  latency: TurnLatency;
  /** Names of what was used; null where nothing was. */
  providers: { transcription: string | null; model: string | null; speech: string | null };
  /** What the providers were used for since the turn before; null for nothing. */
  usage: UsageTotals | null;
}

/** Somebody spoke of harm; never what was said. */
export interface CareRecord {
  atMs: number;
  about: 'self' | 'others';
  language: string;
  via: 'speech' | 'text';
}

export interface ListQuery {
  userId: string;
  /** 1 to 100. */
  limit: number;
  /** `nextCursor` of the page before; a broken one rejects with `invalid_cursor` (400). */
  cursor?: string;
  /** Words said in the session: inflected forms count, "quoted words" stand together, -word excludes. */
  query?: string;
}

export interface SessionPage {
  sessions: readonly ListedSession[];
  /** Absent on the last page. */
  nextCursor?: string;
}

export interface ListedSession extends Omit<SessionRecord, 'state'> {
  /** Where the query was said, when there was one: the best match of the session. */
  match?: Match;
}

/** A moment of a session. */
export interface Match {
  messageId: string;
  snippet: string;
  sender: MessageRecord['sender'];
  /** Since the session began. */
  atMs: number;
}
