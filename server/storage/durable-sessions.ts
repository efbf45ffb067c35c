/**
 * The session store of a single process that loses nothing when it is killed: the memory store answers, and what a
 * client may be shown is in the archive before it is. Sessions of an earlier process are taken up when they are asked
 * for, those with a deadline at the start.
 */
import type { Message, Recap, Stage } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { Archive, MessageRecord, SessionRecord } from '../ports/archive.ts';
import type { Log } from '../ports/log.ts';
import type { Commit, CommitResult, SessionStore, StoredSession } from '../ports/session-store.ts';
import type { MemorySessions } from './memory-sessions.ts';

/** What the archive wants to know of a session's state. */
export interface SessionSummary {
  status: 'active' | 'ended';
  endedAt: number | null;
  endReason: string | null;
  elapsedMs: number;
  messageCount: number;
  stage: Stage;
  title: string | null;
  recap: Recap | undefined;
  /** When its next deadline comes. */
  dueAt: number | null;
}

export interface DurableOptions<State> {
  memory: MemorySessions<State>;
  archive: Archive;
  summarize(state: State): SessionSummary;
  log: Log;
}

/** An ended session stays at hand this long, for clients that come back to see how it ended. */
const KEEP_ENDED_MS = 10 * 60_000;

/** The archive's copy of a session's state, with what the memory store counts. */
interface ArchivedState<State> {
  session: State;
  seq: number;
  epoch: number;
}

export interface DurableSessions<State> extends SessionStore<State> {
  /** Takes up the sessions that were active when the process before this one ended. */
  restore(): Promise<number>;
}

export function createDurableSessions<State>(options: DurableOptions<State>): DurableSessions<State> {
  const { memory, archive, summarize, log } = options;
  /** Messages that are accepted but not yet in the archive, a session. */
  const unsaved = new Map<string, MessageRecord[]>();
  /** Messages of a session so far. */
  const counts = new Map<string, number>();
  const ended = new Map<string, number>();

  const recordOf = (session: StoredSession<State>): SessionRecord => {
    const { dueAt: _, recap: __, ...summary } = summarize(session.state);
    const { id, userId, createdAt: startedAt, updatedAt, version, seq, epoch } = session;
    const state: ArchivedState<State> = { session: session.state, seq, epoch };
    return { id, userId, startedAt, updatedAt, version, state, ...summary };
  };

  const save = async (session: StoredSession<State>, messages: readonly Message[]) => {
    const { id, version, updatedAt } = session;
    const added = messages.map((message) => recordMessage(message, nextCount(id), version));
    const batch = [...(unsaved.get(id) ?? []), ...added];
    unsaved.set(id, batch);
    await archive.saveSession(recordOf(session));
    if (batch.length > 0) await archive.appendMessages(id, batch);
    const { recap, status } = summarize(session.state);
    if (recap) await archive.saveRecap(id, { ...recap, createdAt: updatedAt, version });
    const rest = (unsaved.get(id) ?? []).filter((message) => !batch.includes(message));
    if (rest.length > 0) unsaved.set(id, rest);
    else unsaved.delete(id);
    if (status === 'ended') ended.set(id, updatedAt);
  };

  /** Sessions that ended a while ago are the archive's alone. */
  const forgetEnded = (nowMs: number) => {
    for (const [sessionId, endedAtMs] of ended) {
      if (nowMs - endedAtMs < KEEP_ENDED_MS) continue;
      ended.delete(sessionId);
      counts.delete(sessionId);
      memory.forget(sessionId);
    }
  };

  const nextCount = (sessionId: string) => {
    const count = counts.get(sessionId) ?? 0;
    counts.set(sessionId, count + 1);
    return count;
  };

  const takeUp = async (record: SessionRecord) => {
    const { session: state, seq, epoch } = record.state as ArchivedState<State>;
    const { id, userId, startedAt: createdAt, updatedAt, version } = record;
    const kept = await archive.messages(id);
    const messages = kept.map(messageOf);
    counts.set(id, messages.length);
    const { dueAt } = summarize(state);
    // Its owner is gone: whoever comes next is fenced off from it.
    memory.restore({
      session: { id, userId, createdAt, updatedAt, version, epoch: epoch + 1, seq, state },
      dueAt,
      messages,
    });
  };

  /** Whether the session is in memory now. */
  const present = async (sessionId: string): Promise<boolean> => {
    if (await memory.read(sessionId)) return true;
    const record = await archive.session(sessionId);
    if (!record) return false;
    if (!(await memory.read(sessionId))) await takeUp(record);
    return true;
  };

  const archived = async (commit: Commit<State>, result: CommitResult<State>): Promise<CommitResult<State>> => {
    const shown = commit.events.length > 0 || commit.messages.length > 0;
    const session = result.ok && shown ? await memory.read(commit.sessionId) : undefined;
    if (!session) return result;
    try {
      await save(session, commit.messages);
    } catch (error) {
      log.error({ err: error, sessionId: commit.sessionId }, 'a session could not be saved');
      const message = error instanceof KukuError ? error.message : 'The session can’t be saved right now.';
      throw new KukuError(message, {
        code: 'store_away',
        retryable: true,
        status: 503,
        close: 'overloaded',
        retryAfterMs: 2000,
        cause: error,
      });
    }
    return result;
  };

  return {
    ...memory,
    name: `memory, kept in ${archive.name}`,
    async create(session) {
      forgetEnded(session.createdAt);
      const { dueAt: _, ...rest } = session;
      await archive.saveSession(recordOf({ ...rest, updatedAt: session.createdAt, version: 0, epoch: 0, seq: 0 }));
      await memory.create(session);
    },
    async read(sessionId) {
      return (await present(sessionId)) ? memory.read(sessionId) : undefined;
    },
    async acquire(sessionId, instanceId) {
      return (await present(sessionId)) ? memory.acquire(sessionId, instanceId) : undefined;
    },
    async commit(commit) {
      return archived(commit, await memory.commit(commit));
    },
    async messages(sessionId) {
      return (await present(sessionId)) ? memory.messages(sessionId) : [];
    },
    async ping() {
      await archive.ping();
    },
    async restore() {
      const records = await archive.restorable();
      for (const record of records) await takeUp(record);
      return records.length;
    },
  };
}

function recordMessage(message: Message, seq: number, version: number): MessageRecord {
  const { id, sender, text, timestamp } = message;
  return { id, seq, sender, text, audioFile: null, interrupted: false, createdAt: Date.parse(timestamp), version };
}

function messageOf({ id, sender, text, createdAt }: MessageRecord): Message {
  return { id, sender, text, timestamp: new Date(createdAt).toISOString() };
}
