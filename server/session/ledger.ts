/**
 * The one way in which a live session changes: a change is planned on the current state, stored in one step, and only
 * then shown to the client. Changes run one after another.
 */
import { randomUUID } from 'node:crypto';
import type { Message } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { NewEvent, SessionStore, StoredEvent, StoredSession } from '../ports/session-store.ts';
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
}

/** Another writer (REST) may come between; it is one caller's few requests, so a handful of tries is plenty. */
const MAX_CONFLICTS = 8;

export function createLedger({ store, session, messages: stored, show }: LedgerOptions): Ledger {
  const { id: sessionId, epoch } = session;
  let { state: current, version, seq } = session;
  const messages = [...stored];
  let last: Promise<unknown> = Promise.resolve();

  const apply = async (plan: Plan): Promise<void> => {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const change = plan(current);
      if (!change) return;
      const { state, events = [], messages: changed = [] } = change;
      const result = await store.commit({
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
      const done = last.then(() => apply(plan));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
