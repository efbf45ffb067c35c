/** What goes wrong in a session: told to the client, written to the log, and where nothing else helps, the line is closed. */
import { CLOSE, type CloseName } from '../../protocol/close-codes.ts';
import { isAbort, KukuError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { NewEvent } from '../ports/session-store.ts';
import { isUtteranceLost } from '../voice/fillers.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import type { Line } from './line.ts';
import type { Connection } from './services.ts';

export interface Troubles {
  /** Tells the client, once it is stored. `ref` is the command that it is about. */
  tell(error: { code: string; message: string; ref?: string }): void;
  /** A command could not be done: the client is told where it can go on, and has to come back where it can't. */
  refused(error: unknown, ref: string): void;
  /** Tells a client whose answer found no question open. */
  answered(effects: readonly LifecycleEffect[], answer: { id: string; accept: boolean }): void;
  /** The engine gave no reply: the turn is lost, the session is not. Again and again: it is saved, and that is said. */
  replyFailed(error: unknown, inARow: number): void;
  /** A step of the session failed: the client has to come back. Aborts are no failures. */
  fail(error: unknown): void;
}

export interface TroublesOptions {
  sessionId: string;
  ledger: Pick<Ledger, 'change' | 'shown'>;
  line: Pick<Line, 'pass'>;
  connection: Connection;
  log: Log;
  signal: AbortSignal;
}

const FORGETFUL = 'I can’t remember anything right now, so let us stop here. What you said until now is kept.';

/** From this many turns in a row on that failed, people are told that what they said is saved. */
export const SAVED_AFTER_FAILURES = 3;
const SAVED = {
  code: 'session_saved',
  message: 'I can’t answer at the moment. What you said is saved: come back later, and we go on from here.',
};

export function createTroubles({ sessionId, ledger, line, connection, log, signal }: TroublesOptions): Troubles {
  const fail = (error: unknown) => {
    if (isAbort(error, signal)) return;
    const close = closeFor(error);
    log.error({ err: error, sessionId, close: CLOSE[close].code }, 'a session failed');
    if (close === 'overloaded') line.pass({ type: 'notice', code: 'store_away', message: FORGETFUL });
    connection.close(close);
  };
  const tell: Troubles['tell'] = (error) => {
    const event: NewEvent = { type: 'error', fatal: false, ...error };
    ledger.change((state) => ({ state, events: [event] })).catch(fail);
  };
  return {
    tell,
    fail,
    refused(error, ref) {
      const isRefusal = error instanceof KukuError && !error.close && error.code !== 'store_away';
      if (isRefusal) tell({ code: error.code, message: error.message, ref });
      else fail(error);
    },
    answered(effects, { id: ref, accept }) {
      const ignored = effects.find((effect) => effect.type === 'answerIgnored');
      // The same answer once more, by button and by voice or after a reconnect, has had its effect.
      if (!ignored || ignored.outcome === (accept ? 'yes' : 'no')) return;
      tell({ code: 'no_such_proposal', message: 'That question is not open any more.', ref });
    },
    replyFailed(error, inARow) {
      // Whoever could not understand it has said why.
      if (!isUtteranceLost(error)) log.error({ err: error, sessionId, inARow }, 'a reply failed');
      // Said only when it is so.
      if (inARow >= SAVED_AFTER_FAILURES) return void ledger.shown().then(() => tell(SAVED), fail);
      if (isUtteranceLost(error)) return;
      const code = error instanceof KukuError ? error.code : 'reply_failed';
      tell({ code, message: 'I lost my thread. Please say that again.' });
    },
  };
}

function closeFor(error: unknown): CloseName {
  if (!(error instanceof KukuError)) return 'internal';
  return error.close ?? (error.code === 'store_away' ? 'overloaded' : 'internal');
}
