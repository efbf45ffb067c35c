/**
 * The way from the session store to the archive: what a commit leaves in the outbox is written, acknowledged, and gone.
 * Any number of instances work on it side by side; what one of them took and did not finish, another takes over. While
 * the archive is away everything stays where it is. Written at least once, kept once: the archive's writes may come
 * twice and late.
 */
import { KukuError } from '../errors.ts';
import type { MessageRecord, TurnRecord } from '../ports/archive.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StoredSession } from '../ports/session-store.ts';
import type { ArchivedSessions, Summarize } from './archived-sessions.ts';

export interface OutboxEntry {
  /** Which entry it is, for the source. */
  id: string;
  sessionId: string;
  messages: readonly MessageRecord[];
  turns: readonly TurnRecord[];
  /** Why what is in it can't be read here: it is left to an instance that can. */
  unreadable?: KukuError;
}

export interface OutboxLag {
  /** Entries that the archive does not have yet. */
  entries: number;
  /** How long the oldest of them waits; 0 when there is none. */
  oldestMs: number;
}

/** Where entries come from. Every method rejects with a `KukuError` `store_away` (retryable) when it can't be reached. */
export interface OutboxSource<State> {
  /** Makes ready to read; again when the store lost what it had. */
  open(): Promise<void>;
  /** New entries, this instance's from now on; waits up to half a second for the first. */
  next(): Promise<readonly OutboxEntry[]>;
  /** Entries that some instance took at least `idleMs` ago and did not settle, this instance's from now on. */
  reclaim(idleMs: number): Promise<readonly OutboxEntry[]>;
  /** The sessions as they stand now, or why one can't be read here; those that are gone are missing. */
  sessions(sessionIds: readonly string[]): Promise<ReadonlyMap<string, StoredSession<State> | KukuError>>;
  /** The archive has them. */
  settle(entries: readonly OutboxEntry[]): Promise<void>;
  /** The archive will never take them: keeps a copy for people to look at. They are settled like the rest. */
  refuse(entries: readonly OutboxEntry[], reason: string): Promise<void>;
  /** The session is over and archived: it may go from the store, after a while. */
  expire(sessionId: string, options: { goesSoon: boolean }): Promise<void>;
  lag(): Promise<OutboxLag>;
}

export interface Outbox {
  lag(): Promise<OutboxLag>;
  /** Takes nothing new once the outbox is empty, or the signal aborts; resolves then. What is left, others take. */
  drain(options: { signal: AbortSignal }): Promise<void>;
}

export interface OutboxOptions<State> {
  source: OutboxSource<State>;
  archived: Pick<ArchivedSessions<State>, 'save' | 'wasDeleted'>;
  summarize: Summarize<State>;
  clock: Clock;
  log: Log;
  /** Longer than a write to the archive takes. */
  reclaimIdleMs?: number;
}

/** Between two reads: what sessions do meanwhile takes one round. */
const LINGER_MS = 200;
const RECLAIM_IDLE_MS = 15_000;
const BACKOFF_MS = { first: 100, most: 5000 };
/** Sessions that are written side by side: few, for the pool is everybody's. */
const WRITERS = 4;

/** Starts at once. */
export function runOutbox<State>(options: OutboxOptions<State>): Outbox {
  const { source, clock, log, reclaimIdleMs = RECLAIM_IDLE_MS } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  let isDraining = false;
  let isOpen = false;
  let reclaimAtMs = clock.monotonicMs();
  const backoff = createBackoff(options, signal);

  const take = async (): Promise<readonly OutboxEntry[]> => {
    if (!isOpen) await source.open();
    isOpen = true;
    if (clock.monotonicMs() >= reclaimAtMs) {
      const left = await source.reclaim(reclaimIdleMs);
      // There may be more of them.
      if (left.length > 0) return left;
      reclaimAtMs = clock.monotonicMs() + reclaimIdleMs / 3;
    }
    return source.next();
  };

  const work = async () => {
    while (!signal.aborted) {
      let entries: readonly OutboxEntry[];
      try {
        entries = await take();
      } catch (error) {
        isOpen = false;
        await backoff.after(error);
        continue;
      }
      if (entries.length === 0 && isDraining) return;
      await deliver(entries, options, { backoff, signal });
      if (!isDraining && entries.length > 0) await sleep(clock, LINGER_MS, { signal });
    }
  };
  const working = work().catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, 'the outbox stopped');
  });

  return {
    lag: () => source.lag(),
    async drain({ signal: giveUp }) {
      isDraining = true;
      const stop = () => stopped.abort();
      if (giveUp.aborted) stop();
      else giveUp.addEventListener('abort', stop, { once: true });
      await working;
      giveUp.removeEventListener('abort', stop);
    },
  };
}

interface Backoff {
  after(error: unknown): Promise<void>;
  over(): void;
}

/** Full jitter: many instances wait for the same database. */
function createBackoff<State>({ clock, log }: OutboxOptions<State>, signal: AbortSignal): Backoff {
  let failures = 0;
  return {
    async after(error) {
      if (failures === 0) log.warn({ err: error }, 'the outbox waits');
      const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures++);
      await sleep(clock, 20 + Math.random() * most, { signal });
    },
    over() {
      if (failures > 0) log.info({ failures }, 'the outbox goes on');
      failures = 0;
    },
  };
}

/** Writes until all of it is settled, however long that takes. Rejects with the signal's reason when it aborts. */
async function deliver<State>(
  entries: readonly OutboxEntry[],
  options: OutboxOptions<State>,
  { backoff, signal }: { backoff: Backoff; signal: AbortSignal },
): Promise<void> {
  let left = [...entries];
  while (left.length > 0) {
    const problems: unknown[] = [];
    left = await writeAll(left, options, problems);
    if (left.length > 0) await backoff.after(problems[0]);
    else backoff.over();
    signal.throwIfAborted();
  }
}

/** Answers what could not be settled now; why goes to `problems`. */
async function writeAll<State>(
  entries: readonly OutboxEntry[],
  options: OutboxOptions<State>,
  problems: unknown[],
): Promise<OutboxEntry[]> {
  const { source, summarize, log } = options;
  const groups = [...Map.groupBy(entries, ({ sessionId }) => sessionId)];
  const left: OutboxEntry[] = [];
  const done: OutboxEntry[] = [];
  try {
    const sessions = await source.sessions(groups.map(([sessionId]) => sessionId));
    const next = groups.values();
    const write = async () => {
      for (const [sessionId, group] of next) {
        const session = sessions.get(sessionId);
        const unreadable = group.find((entry) => entry.unreadable)?.unreadable;
        if (unreadable || session instanceof KukuError) {
          // Unsettled, it is reclaimed by and by, and not only here.
          const err = unreadable ?? session;
          log.error({ err, sessionId }, 'a session can’t be read here, and waits for an instance that can');
          continue;
        }
        const problem = await attempt(() => writeGroup(session, group, options));
        if (problem === undefined) {
          done.push(...group);
          const { status, goesSoon = false } = session ? summarize(session.state) : {};
          if (status === 'ended') await source.expire(sessionId, { goesSoon });
        } else {
          problems.push(problem);
          left.push(...group);
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    if (done.length > 0) await source.settle(done);
    return left;
  } catch (error) {
    // The store is away. Writing again what the archive has already does no harm.
    problems.push(error);
    return [...entries];
  }
}

/** One session's entries. Rejects when they are to be tried again. */
async function writeGroup<State>(
  session: StoredSession<State> | undefined,
  group: readonly OutboxEntry[],
  { source, archived, log }: OutboxOptions<State>,
): Promise<void> {
  const messages = group.flatMap((entry) => entry.messages);
  const turns = group.flatMap((entry) => entry.turns);
  try {
    if (session) await archived.save(session, { messages, turns });
    else if (messages.length + turns.length > 0 && !(await archived.wasDeleted(group[0]?.sessionId ?? ''))) {
      throw new KukuError('Its session is gone', { code: 'no_session' });
    }
  } catch (error) {
    // Anything that is no answer of the archive's is worth another try.
    if (!(error instanceof KukuError) || error.retryable) throw error;
    log.error({ err: error, sessionId: group[0]?.sessionId, entries: group.length }, 'the archive refused a session');
    await source.refuse(group, error.code);
  }
}

/** What went wrong, if anything. */
async function attempt(step: () => Promise<void>): Promise<unknown> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return error;
  }
}
