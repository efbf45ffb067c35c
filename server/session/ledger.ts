/**
 * The one way in which a live session changes: a change is planned on the current state, stored in one step, and only
 * then shown to the client. Changes run one after another.
 */
import { randomUUID } from 'node:crypto';
import type { Message } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { NewEvent, SessionStore, StoredEvent, StoredSession } from '../ports/session-store.ts';
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
  /** Resolves when all changes so far are through, whatever became of them. */
  settled(): Promise<void>;
}

export interface LedgerOptions {
  store: SessionStore<SessionState>;
  session: StoredSession<SessionState>;
  messages: readonly Message[];
  show(event: StoredEvent): void;
}

/** Another writer (REST) may come between; it is one caller's few requests, so a handful of tries is plenty. */
const MAX_CONFLICTS = 8;

export function createLedger({ store, session, messages: stored, show }: LedgerOptions): Ledger {
  let current = session;
  const messages = [...stored];
  let last: Promise<unknown> = Promise.resolve();

  const apply = async (plan: Plan): Promise<void> => {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const change = plan(current.state);
      if (!change) return;
      const { state, events = [], messages: changed = [] } = change;
      const result = await store.commit({
        sessionId: current.id,
        epoch: current.epoch,
        expectedVersion: current.version,
        operationId: randomUUID(),
        state,
        events,
        messages: changed,
      });
      if (result.ok) {
        const seq = result.events.at(-1)?.seq ?? current.seq;
        current = { ...current, state, version: result.version, updatedAt: result.updatedAt, seq };
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
      current = { ...result.current, epoch: current.epoch };
    }
    throw new KukuError('The session is changed by too many at once.', {
      code: 'conflict',
      retryable: true,
      status: 409,
    });
  };

  return {
    get state() {
      return current.state;
    },
    get seq() {
      return current.seq;
    },
    messages,
    change(plan) {
      const done = last.then(() => apply(plan));
      last = done.catch(() => undefined);
      return done;
    },
    async settled() {
      await last;
    },
  };
}
