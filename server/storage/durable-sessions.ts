/**
 * The session store of a single process that loses nothing when it is killed: the memory store answers at once,
 * and a client is shown what is in the archive. Sessions of an earlier process are taken up when they are asked
 * for, those with a deadline at the start.
 */
import type { Archive } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Commit, CommitResult, SessionStore, StoredSession } from '../ports/session-store.ts';
import {
  type ArchivedSession,
  createArchivedSessions,
  type Providers,
  recordMessage,
  recordTurns,
  type Summarize,
} from './archived-sessions.ts';
import type { MemorySessions } from './memory-sessions.ts';
import { createSaver } from './saver.ts';

export interface DurableOptions<State> {
  memory: MemorySessions<State>;
  archive: Archive;
  summarize: Summarize<State>;
  providers: Providers;
  clock: Clock;
  log: Log;
}

/** An ended session stays at hand this long, for clients that come back to see how it ended. */
const KEEP_ENDED_MS = 10 * 60_000;
/** What was not to be kept goes as soon as those who were in the session have seen how it ended. */
const GOES_SOON_MS = 60_000;

export interface DurableSessions<State> extends SessionStore<State> {
  /** Takes up the sessions that were active when the process before this one ended; their ids. */
  restore(): Promise<readonly string[]>;
}

export function createDurableSessions<State>(options: DurableOptions<State>): DurableSessions<State> {
  const { memory, archive, summarize, providers, clock, log } = options;
  const archived = createArchivedSessions({ archive, summarize });
  const saver = createSaver({ archived, clock, log });
  /** Messages of a session so far. */
  const counts = new Map<string, number>();
  const ended = new Map<string, number>();
  const cancelSoon = new Map<string, () => void>();
  const lastSaved = new Map<string, { version: number; safe: Promise<void> }>();

  const save = (session: StoredSession<State>, { messages, events }: Commit<State>): Promise<void> => {
    const { id, version, updatedAt } = session;
    const { status, goesSoon } = summarize(session.state);
    const isOver = status === 'ended';
    if (isOver) ended.set(id, updatedAt);
    cancelSoon.get(id)?.();
    if (isOver && goesSoon)
      cancelSoon.set(
        id,
        clock.after(GOES_SOON_MS, () => forget(id)),
      );
    // What is off the record has no place in the archive, nor in the count of what has.
    const onRecord = messages.filter(({ offRecord }) => !offRecord);
    return saver.save(session, {
      messages: onRecord.map((message) => recordMessage(message, { seq: nextCount(id), version })),
      turns: [...recordTurns(id, events, { createdAt: updatedAt, providers })],
    });
  };

  const forget = (sessionId: string) => {
    ended.delete(sessionId);
    counts.delete(sessionId);
    lastSaved.delete(sessionId);
    cancelSoon.get(sessionId)?.();
    cancelSoon.delete(sessionId);
    memory.forget(sessionId);
  };

  /** Sessions that ended a while ago are the archive's alone. */
  const forgetEnded = (nowMs: number) => {
    for (const [sessionId, endedAtMs] of ended) {
      if (nowMs - endedAtMs < KEEP_ENDED_MS) continue;
      forget(sessionId);
    }
  };

  const nextCount = (sessionId: string) => {
    const count = counts.get(sessionId) ?? 0;
    counts.set(sessionId, count + 1);
    return count;
  };

  const takeUp = (taken: ArchivedSession<State>) => {
    counts.set(taken.session.id, taken.messages.length);
    memory.restore(taken);
  };

  /** Whether the session is in memory now. */
  const present = async (sessionId: string): Promise<boolean> => {
    if (await memory.read(sessionId)) return true;
    const taken = await archived.takeUp(sessionId);
    if (!taken) return false;
    if (!(await memory.read(sessionId))) takeUp(taken);
    return true;
  };

  /** What no client is told of is not worth a write of its own: it goes with the next. */
  const isTold = ({ events, messages }: Commit<State>) =>
    messages.length > 0 || events.some(({ type }) => type !== 'turn.started');

  const kept = async (commit: Commit<State>, result: CommitResult<State>): Promise<CommitResult<State>> => {
    if (!result.ok || !isTold(commit)) return result;
    const last = lastSaved.get(commit.sessionId);
    // Sent again: it was handed on before.
    if (last && result.version <= last.version) return { ...result, safe: last.safe };
    const session = await memory.read(commit.sessionId);
    if (!session) return result;
    const safe = save(session, commit);
    lastSaved.set(commit.sessionId, { version: result.version, safe });
    return { ...result, safe };
  };

  return {
    ...memory,
    name: `memory, kept in ${archive.name}`,
    async create(session) {
      forgetEnded(session.createdAt);
      const { dueAt: _, ...rest } = session;
      await archived.save({ ...rest, updatedAt: session.createdAt, version: 0, epoch: 0, seq: 0 });
      await memory.create(session);
    },
    async read(sessionId) {
      return (await present(sessionId)) ? memory.read(sessionId) : undefined;
    },
    async acquire(sessionId, instanceId) {
      return (await present(sessionId)) ? memory.acquire(sessionId, instanceId) : undefined;
    },
    async commit(commit) {
      return kept(commit, await memory.commit(commit));
    },
    async messages(sessionId) {
      return (await present(sessionId)) ? memory.messages(sessionId) : archived.messages(sessionId);
    },
    async remove(sessionId) {
      forget(sessionId);
    },
    async safeMessages(sessionId) {
      const session = await memory.read(sessionId);
      // Of a private session nothing is safe: that is its point.
      const isPrivate = session !== undefined && summarize(session.state).ephemeral === true;
      return isPrivate ? memory.messages(sessionId) : archived.messages(sessionId);
    },
    async ping() {
      await archive.ping();
    },
    async close() {
      for (const cancel of cancelSoon.values()) cancel();
      await saver.idle();
      await memory.close();
    },
    async restore() {
      const all = await archived.takeUpAll();
      for (const taken of all) takeUp(taken);
      return all.map(({ session }) => session.id);
    },
  };
}
