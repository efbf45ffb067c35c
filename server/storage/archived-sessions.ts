/** Between live sessions and the archive: what is written there of a session, and how one is taken up again from it. */
import type { Message, Recap, Stage } from '../../protocol/messages.ts';
import type { UsageTotals } from '../../protocol/usage.ts';
import type { Archive, CareRecord, MessageRecord, SessionRecord, TurnRecord } from '../ports/archive.ts';
import type { NewEvent, StoredSession } from '../ports/session-store.ts';

/** What the archive wants to know of a session's state. */
export interface SessionSummary {
  /** What of the state may be kept; undefined: nothing. */
  kept: unknown;
  status: 'active' | 'ended';
  endedAt: number | null;
  endReason: string | null;
  elapsedMs: number;
  messageCount: number;
  stage: Stage;
  title: string | null;
  recap: Recap | undefined;
  /** The session before, whose commitments it asks about. */
  continuesId?: string;
  /** Nothing that is said is kept. */
  ephemeral?: true;
  /** What is at hand of it goes soon after its end: some of it was not to be kept. */
  goesSoon?: boolean;
  /** When somebody spoke of harm. */
  cares: readonly CareRecord[];
  usage: UsageTotals;
  /** When its next deadline comes. */
  dueAt: number | null;
}

export type Summarize<State> = (state: State) => SessionSummary;

/** The archive's copy of a session's state, with what the store counts. */
interface ArchivedState<State> {
  session: State;
  seq: number;
  epoch: number;
}

/** A session as the archive last knew it. */
export interface ArchivedSession<State> {
  session: StoredSession<State>;
  dueAt: number | null;
  messages: readonly Message[];
}

/** What a commit adds to the archive, besides the session's state. */
export interface Additions {
  messages: readonly MessageRecord[];
  turns: readonly TurnRecord[];
}

/** Names of the providers that this instance speaks, thinks and listens with. */
export type Providers = TurnRecord['providers'];

export interface ArchivedSessions<State> {
  /** Writes the session as it stands, its recap, and what is new. Sent again, or late, it has its effect once. */
  save(session: StoredSession<State>, added?: Additions): Promise<void>;
  /**
   * A session to go on with; its epoch is one higher than that of its last owner, who is gone. Undefined when it is
   * unknown, was deleted, or has ended: of an ended one only what `Archive` shows is kept.
   */
  takeUp(sessionId: string): Promise<ArchivedSession<State> | undefined>;
  /** All that were active. */
  takeUpAll(): Promise<readonly ArchivedSession<State>[]>;
  messages(sessionId: string): Promise<readonly Message[]>;
  /** Its entries on the way to the archive are nobody's any more. */
  wasDeleted(sessionId: string): Promise<boolean>;
}

export interface ArchivedSessionsOptions<State> {
  archive: Archive;
  summarize: Summarize<State>;
}

export function createArchivedSessions<State>(options: ArchivedSessionsOptions<State>): ArchivedSessions<State> {
  const { archive, summarize } = options;

  const messages = async (sessionId: string) => (await archive.messages(sessionId)).map(messageOf);

  const fromRecord = async (record: SessionRecord): Promise<ArchivedSession<State> | undefined> => {
    // Of a private session there is nothing to go on with.
    if (record.state === null) return undefined;
    const { session: state, seq, epoch } = record.state as ArchivedState<State>;
    const { id, userId, startedAt: createdAt, updatedAt, version } = record;
    return {
      session: { id, userId, createdAt, updatedAt, version, epoch: epoch + 1, seq, state },
      dueAt: summarize(state).dueAt,
      messages: await messages(id),
    };
  };

  return {
    async save(session, { messages: added, turns } = { messages: [], turns: [] }) {
      const { id, userId, createdAt: startedAt, updatedAt, version, seq, epoch } = session;
      const { dueAt: _, goesSoon: __, recap, cares, kept, ...summary } = summarize(session.state);
      const state = kept === undefined ? null : { session: kept, seq, epoch };
      await archive.saveSession({ id, userId, startedAt, updatedAt, version, state, ...summary });
      if (added.length > 0) await archive.appendMessages(id, added);
      if (recap) await archive.saveRecap(id, { ...recap, createdAt: updatedAt, version });
      if (cares.length > 0) await archive.saveCares(id, cares);
      for (const turn of turns) await archive.saveTurn(turn);
    },
    async takeUp(sessionId) {
      const record = await archive.session(sessionId);
      return record && record.status === 'active' ? fromRecord(record) : undefined;
    },
    async takeUpAll() {
      const all = await Promise.all((await archive.restorable()).map(fromRecord));
      return all.filter((session) => session !== undefined);
    },
    messages,
    wasDeleted: (sessionId) => archive.wasDeleted(sessionId),
  };
}

/** `seq`: its place in the session, from 0. */
export function recordMessage(message: Message, { seq, version }: { seq: number; version: number }): MessageRecord {
  const { id, sender, text, timestamp } = message;
  return { id, seq, sender, text, audioFile: null, interrupted: false, createdAt: Date.parse(timestamp), version };
}

/** The measurements of the turns that these events end. */
export function recordTurns(
  sessionId: string,
  events: readonly NewEvent[],
  { createdAt, providers }: { createdAt: number; providers: Providers },
): TurnRecord[] {
  return events.flatMap((event) => {
    if (event.type !== 'turn.done') return [];
    const { turn, status, latency, usage = null } = event;
    return [{ sessionId, turn, status, createdAt, latency, providers, usage }];
  });
}

function messageOf({ id, sender, text, createdAt }: MessageRecord): Message {
  return { id, sender, text, timestamp: new Date(createdAt).toISOString() };
}
