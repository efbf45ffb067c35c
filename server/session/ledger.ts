/**
 * The one way in which a live session changes: a change is planned on the current state, stored in one step, and only
 * then shown to the client. Changes run one after another.
 */
import { randomUUID } from 'node:crypto';
import type { Message } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type {
  Commit,
  CommitResult,
  NewEvent,
  SessionStore,
  StoredEvent,
  StoredSession,
} from '../ports/session-store.ts';
import { nextDeadline } from './lifecycle.ts';
import type { SessionState } from './state.ts';

export interface Change {
  state: SessionState;
  events?: readonly NewEvent[];
  messages?: readonly Message[];
}

/** Pure: it may run again on a newer state. Undefined: nothing is to be changed after all. */
export type Plan = (state: SessionState) => Change | undefined;

export interface Ledger {
  readonly state: SessionState;
  readonly seq: number;
  /** All messages, oldest first. */
  readonly messages: readonly Message[];
  /** Resolves when the change is stored and shown. Rejects with a `KukuError`: `fenced`, `no_such_session`, `store_away`. */
  change(plan: Plan): Promise<void>;
}

export interface LedgerOptions {
  store: SessionStore<SessionState>;
  /** Of a writer that owns no session the epoch is null. */
  session: Omit<StoredSession<SessionState>, 'epoch'> & { epoch: number | null };
  messages: readonly Message[];
  show(event: StoredEvent): void;
  clock: Clock;
  /** The store has been away for a while, or is back. */
  onStoreAway?(away: boolean): void;
}

/** Another writer (REST) may come between; it is one caller's few requests, so a handful of tries is plenty. */
const MAX_CONFLICTS = 8;
/** A store that is away for longer ends the connection; what waits is not lost for the store that answers again. */
const GIVE_UP_MS = 30_000;
/** People are told when they would notice. */
const TELL_AFTER_MS = 2000;
const RETRY_MS = { least: 100, most: 400 };
/** Changes that wait while the store is away; a person talking makes two or three a second. */
const MAX_WAITING = 200;

export function createLedger(options: LedgerOptions): Ledger {
  const { store, session, messages: stored, show, clock, onStoreAway = () => {} } = options;
  const { id: sessionId, epoch } = session;
  let { state: current, version, seq } = session;
  const messages = [...stored];
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** Sent again with the same operation id until the store answers: one whose answer was lost has its effect once. */
  const commit = async (change: Commit<SessionState>): Promise<CommitResult<SessionState>> => {
    const sinceMs = clock.monotonicMs();
    let told = false;
    for (;;) {
      try {
        const result = await store.commit(change);
        if (told) onStoreAway(false);
        return result;
      } catch (error) {
        const awayMs = clock.monotonicMs() - sinceMs;
        const mayReturn = error instanceof KukuError && error.code === 'store_away' && awayMs < GIVE_UP_MS;
        if (!mayReturn) throw error;
        if (!told && awayMs >= TELL_AFTER_MS) {
          told = true;
          onStoreAway(true);
        }
        await sleep(clock, RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least));
      }
    }
  };

  const apply = async (plan: Plan): Promise<void> => {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const change = plan(current);
      if (!change) return;
      const { state, events = [], messages: changed = [] } = change;
      const result = await commit({
        sessionId,
        epoch,
        expectedVersion: version,
        operationId: randomUUID(),
        state,
        dueAt: nextDeadline(state.lifecycle)?.dueAt ?? null,
        events,
        messages: changed,
      });
      if (result.ok) {
        current = state;
        ({ version } = result);
        seq = result.events.at(-1)?.seq ?? seq;
        messages.push(...changed);
        for (const event of result.events) show(event);
        return;
      }
      if (result.reason === 'fenced') {
        throw new KukuError('This session is open somewhere else.', { code: 'fenced', close: 'replaced' });
      }
      if (result.reason === 'missing') {
        throw new KukuError('Session not found', { code: 'no_such_session', status: 404, close: 'noSuchSession' });
      }
      ({ state: current, version, seq } = result.current);
    }
    throw new KukuError('The session is changed by too many at once.', {
      code: 'conflict',
      retryable: true,
      status: 409,
    });
  };

  return {
    get state() {
      return current;
    },
    get seq() {
      return seq;
    },
    messages,
    change(plan) {
      if (waiting >= MAX_WAITING) return Promise.reject(tooMany());
      waiting += 1;
      const done = last.then(() => apply(plan)).finally(() => (waiting -= 1));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

function tooMany(): KukuError {
  const message = 'The session’s memory is away.';
  return new KukuError(message, { code: 'store_away', status: 503, retryable: true, close: 'overloaded' });
}
