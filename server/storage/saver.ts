/**
 * Brings sessions to the archive behind the back of a conversation: one write a session at a time, and what comes
 * meanwhile goes with the next, so that a slow disk means fewer and larger writes. What fails is tried again.
 */
import { KukuError } from '../errors.ts';
import type { MessageRecord, TurnRecord } from '../ports/archive.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StoredSession } from '../ports/session-store.ts';
import type { ArchivedSessions } from './archived-sessions.ts';

export interface Saver<State> {
  /** Resolves when the archive has it; rejects with `store_away` when it can't take it for a while. Kept all the same. */
  save(session: StoredSession<State>, added: { messages: MessageRecord[]; turns: TurnRecord[] }): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export interface SaverOptions<State> {
  archived: Pick<ArchivedSessions<State>, 'save'>;
  clock: Clock;
  log: Log;
}

/** After this long those who wait are told; what they wait for goes with the session's next write. */
const GIVE_UP_MS = 30_000;
const RETRY_MS = { least: 100, most: 400 };

interface Batch<State> {
  session: StoredSession<State>;
  messages: MessageRecord[];
  turns: TurnRecord[];
  done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export function createSaver<State>({ archived, clock, log }: SaverOptions<State>): Saver<State> {
  const waiting = new Map<string, Batch<State>>();
  const running = new Map<string, Promise<void>>();

  const write = async ({ session, messages, turns }: Batch<State>): Promise<void> => {
    const sinceMs = clock.monotonicMs();
    for (;;) {
      try {
        return await archived.save(session, { messages, turns });
      } catch (error) {
        const mayPass = error instanceof KukuError && error.retryable;
        if (!mayPass || clock.monotonicMs() - sinceMs >= GIVE_UP_MS) throw error;
        await sleep(clock, RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least));
      }
    }
  };

  const run = async (sessionId: string): Promise<void> => {
    for (let batch = waiting.get(sessionId); batch; batch = waiting.get(sessionId)) {
      waiting.delete(sessionId);
      try {
        await write(batch);
        batch.resolve();
      } catch (error) {
        log.error({ err: error, sessionId }, 'a session could not be saved');
        keep(batch);
        batch.reject(storeAway(error));
        return;
      }
    }
  };

  /** What could not be written waits for the next write of the session. */
  const keep = ({ session, messages, turns }: Batch<State>) => {
    const next = waiting.get(session.id);
    if (next) {
      next.messages.unshift(...messages);
      next.turns.unshift(...turns);
    } else waiting.set(session.id, newBatch(session, messages, turns));
  };

  return {
    save(session, { messages, turns }) {
      const batch = waiting.get(session.id) ?? newBatch(session, [], []);
      batch.session = session;
      batch.messages.push(...messages);
      batch.turns.push(...turns);
      waiting.set(session.id, batch);
      if (!running.has(session.id)) {
        const done = run(session.id).finally(() => running.delete(session.id));
        running.set(session.id, done);
      }
      return batch.done;
    },
    async idle() {
      await Promise.all(running.values());
    },
  };
}

function newBatch<State>(session: StoredSession<State>, messages: MessageRecord[], turns: TurnRecord[]): Batch<State> {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  // Nobody may be waiting for it.
  done.catch(() => {});
  return { session, messages, turns, done, resolve, reject };
}

function storeAway(cause: unknown): KukuError {
  const message = cause instanceof KukuError ? cause.message : 'The session can’t be saved right now.';
  const how = { retryable: true, status: 503, close: 'overloaded', retryAfterMs: 2000 } as const;
  return new KukuError(message, { code: 'store_away', ...how, cause });
}
