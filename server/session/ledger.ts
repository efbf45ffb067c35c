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
  /** Resolves when everything so far is safe and was shown; rejects when it could not be made safe. */
  shown(): Promise<void>;
  /** Resolves when the change is accepted; it is shown once it is safe. Rejects with a `KukuError`: `fenced`, `no_such_session`, `store_away`. */
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
  /** What was accepted could not be made safe, and was not shown. */
  onUnsafe?(error: unknown): void;
}

/** Another writer (REST) may come between; it is one caller's few requests, so a handful of tries is plenty. */
const MAX_CONFLICTS = 8;
/** A store that is away for longer ends the connection; what waits is not lost for the store that answers again. */
const GIVE_UP_MS = 30_000;
/** People are told when they would notice. */
const TELL_AFTER_MS = 2000;
const RETRY_MS = { least: 100, most: 400 };
/** Longer than another instance takes to set an orphaned session right and let it go. */
const RECOVERY_MS = 300;
/** Changes that wait while the store is away; a person talking makes two or three a second. */
const MAX_WAITING = 200;

export function createLedger(options: LedgerOptions): Ledger {
  const { store, session, messages: stored, show, clock, onStoreAway = () => {}, onUnsafe = () => {} } = options;
  const { id: sessionId, epoch } = session;
  let { state: current, version, seq } = session;
  const messages = [...stored];
  let waiting = 0;
  let shown: Promise<void> = Promise.resolve();
  /** Nothing waits to be shown. */
  let isShown = true;
  /** Since when the store has not answered, monotonic ms, and whether that was told; the same for all that waits. */
  let away: { sinceMs: number; told: boolean } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** Sent again with the same operation id until the store answers: one whose answer was lost has its effect once. */
  const commit = async (change: Commit<SessionState>): Promise<CommitResult<SessionState>> => {
    for (;;) {
      const askedAtMs = clock.monotonicMs();
      try {
        const result = await store.commit(change);
        if (away?.told) onStoreAway(false);
        away = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof KukuError) || error.code !== 'store_away') throw error;
        away ??= { sinceMs: askedAtMs, told: false };
        const awayMs = clock.monotonicMs() - away.sinceMs;
        // What waited behind a change that was given up is tried once: it must not wait as long again.
        if (awayMs >= GIVE_UP_MS) throw error;
        if (!away.told && awayMs >= TELL_AFTER_MS) {
          away.told = true;
          onStoreAway(true);
        }
        await sleep(clock, RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least));
      }
    }
  };

  /**
   * Whoever took the session has it still: a newer client, and this one stops. Nobody has it: it was set right while we
   * were away, and the client comes back.
   */
  const fenced = async (): Promise<KukuError> => {
    await sleep(clock, RECOVERY_MS);
    const owner = await store.ownerOf(sessionId).catch(() => undefined);
    const close = owner === undefined ? 'restarting' : 'replaced';
    return new KukuError('This session is open somewhere else.', { code: 'fenced', close });
  };

  /** In order, each when it is safe: what was shown is never taken back. */
  const showWhenSafe = ({ events, safe }: Extract<CommitResult<SessionState>, { ok: true }>) => {
    if (events.length === 0 && !safe) return;
    const showNow = () => {
      for (const event of events) {
        ({ seq } = event);
        show(event);
      }
    };
    if (!safe && isShown) return showNow();
    isShown = false;
    const showing = shown.then(() => safe).then(showNow);
    shown = showing;
    const settled = () => {
      if (shown === showing) isShown = true;
    };
    showing.then(settled, settled);
    showing.catch(onUnsafe);
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
        messages.push(...changed);
        showWhenSafe(result);
        return;
      }
      if (result.reason === 'fenced') throw await fenced();
      if (result.reason === 'missing') {
        // Deleted, or lost with the store: a client that comes back is told, or finds it taken up from the archive.
        throw new KukuError('Session not found', { code: 'session_not_found', status: 404, close: 'restarting' });
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
    shown: () => shown,
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
