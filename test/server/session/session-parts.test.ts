import { describe, expect, it } from 'vitest';
import type { CloseName } from '../../../protocol/close-codes.ts';
import type { ServerMessage } from '../../../protocol/messages.ts';
import { KukuError } from '../../../server/errors.ts';
import type { Log } from '../../../server/ports/log.ts';
import { noMetrics } from '../../../server/ports/metrics.ts';
import type { DueSession, NewEvent } from '../../../server/ports/session-store.ts';
import { createInbox } from '../../../server/session/inbox.ts';
import { createLifecycle } from '../../../server/session/lifecycle.ts';
import { awayNotice, closeOf, createLine, type Greeting } from '../../../server/session/line.ts';
import type { Connection } from '../../../server/session/services.ts';
import { newSessionState, type SessionState, withCommand } from '../../../server/session/state.ts';
import { runTimers } from '../../../server/session/timers.ts';
import { createTroubles } from '../../../server/session/troubles.ts';
import { createFakeClock, settle } from '../../support/fake-clock.ts';
import { defaults, T0 } from './lifecycle-support.ts';

/** The client's end of the line, kept. */
function keptConnection() {
  const sent: ServerMessage[] = [];
  const closes: CloseName[] = [];
  const connection: Connection = {
    send: (message) => sent.push(message),
    sendFrame() {},
    close: (name) => closes.push(name),
  };
  return { connection, sent, closes };
}

function keptLog() {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { log, lines };
}

describe('troubles', () => {
  const trouble = (change: () => Promise<void> = async () => {}, safe = Promise.resolve()) => {
    const { connection, closes } = keptConnection();
    const { log, lines } = keptLog();
    const stored: NewEvent[] = [];
    const passed: NewEvent[] = [];
    const over = new AbortController();
    const state = newSessionState(T0, defaults);
    const troubles = createTroubles({
      sessionId: 's',
      ledger: {
        shown: () => safe,
        async change(plan) {
          await change();
          stored.push(...(plan(state)?.events ?? []));
        },
      },
      line: { pass: (event) => passed.push(event) },
      connection,
      log,
      signal: over.signal,
    });
    return { troubles, closes, lines, stored, passed, over };
  };
  const storeAway = () => new KukuError('away', { code: 'store_away', retryable: true });

  it.each<[string, unknown, CloseName]>([
    ['what nobody foresaw', new Error('a bug'), 'internal'],
    ['an error of ours that says nothing of it', new KukuError('no', { code: 'whatever' }), 'internal'],
    ['a store that is away', storeAway(), 'overloaded'],
    ['an owner that was replaced', new KukuError('taken', { code: 'fenced', close: 'replaced' }), 'replaced'],
  ])('close the line on %s', (_what, error, close) => {
    const { troubles, closes, lines, passed } = trouble();
    troubles.fail(error);
    expect(closes).toEqual([close]);
    expect(lines).toMatchObject([{ level: 'error', fields: { err: error, sessionId: 's' } }]);
    expect(passed.map((event) => event.type === 'notice' && event.code)).toEqual(
      close === 'overloaded' ? ['store_away'] : [],
    );
  });

  it('take an abort for none', () => {
    const { troubles, closes, lines, over } = trouble();
    over.abort();
    troubles.fail(over.signal.reason);
    expect([closes, lines]).toEqual([[], []]);
  });

  it('tell of a lost reply by its code, and leave the line open', async () => {
    const { troubles, closes, stored } = trouble();
    troubles.replyFailed(new KukuError('late', { code: 'model_timeout' }), 1);
    troubles.replyFailed(new Error('a bug'), 2);
    await settle();
    expect(stored).toMatchObject([
      { type: 'error', code: 'model_timeout', fatal: false },
      { type: 'error', code: 'reply_failed', fatal: false },
    ]);
    expect(closes).toEqual([]);
  });

  it('say after three lost replies in a row that the session is saved, once it is', async () => {
    const safe = Promise.withResolvers<void>();
    const { troubles, closes, stored } = trouble(undefined, safe.promise);
    troubles.replyFailed(new Error('no model'), 3);
    await settle();
    expect(stored).toEqual([]);
    safe.resolve();
    await settle();
    expect(stored).toMatchObject([{ type: 'error', code: 'session_saved', fatal: false }]);
    expect(closes).toEqual([]);
  });

  it('tell which command was refused, and close on one that could not even be stored', async () => {
    const { troubles, closes, stored } = trouble();
    troubles.refused(new KukuError('Session is not active', { code: 'session_not_active' }), 'c1');
    await settle();
    expect(stored).toMatchObject([{ type: 'error', code: 'session_not_active', ref: 'c1' }]);
    troubles.refused(storeAway(), 'c2');
    troubles.refused(new Error('a bug'), 'c3');
    expect(closes).toEqual(['overloaded', 'internal']);
    expect(stored).toHaveLength(1);
  });

  it('close the line when what they tell can’t be stored', async () => {
    const { troubles, closes } = trouble(() => Promise.reject(storeAway()));
    troubles.tell({ code: 'x', message: 'y' });
    await settle();
    expect(closes).toEqual(['overloaded']);
  });

  it('tell an answer that found no question, but not one that had its effect', async () => {
    const { troubles, stored } = trouble();
    troubles.answered([{ type: 'answerIgnored', proposalId: 'p', outcome: 'yes' }], { id: 'a1', accept: true });
    troubles.answered([{ type: 'stateChanged' }], { id: 'a2', accept: true });
    troubles.answered([{ type: 'answerIgnored', proposalId: 'p', outcome: 'no' }], { id: 'a3', accept: true });
    troubles.answered([{ type: 'answerIgnored', proposalId: 'p' }], { id: 'a4', accept: false });
    await settle();
    expect(stored).toMatchObject([{ ref: 'a3', code: 'no_such_proposal' }, { ref: 'a4' }]);
  });
});

describe('the line', () => {
  const greeting = (seq: number) => ({ type: 'resumed', seq, recovered: true }) as Greeting;
  const warning = (seq: number) => ({ type: 'session.warning', seq, remainingMs: 1 }) as const;
  const lineTo = (lastSeq: number) => {
    const kept = keptConnection();
    const line = createLine({ connection: kept.connection, metrics: noMetrics, lastSeq: () => lastSeq });
    return { ...kept, line };
  };
  const numbers = (sent: readonly ServerMessage[]) => sent.map((message) => ('seq' in message ? message.seq : null));

  it('sends what was stored during the welcome after it, once and in order', () => {
    const { line, sent } = lineTo(7);
    for (const seq of [4, 5, 6, 7]) line.show(warning(seq));
    line.pass(awayNotice(true));
    line.open(greeting(3), [warning(4), warning(5)]);
    line.show(warning(8));
    expect(numbers(sent)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it('sends nothing twice that the snapshot already shows', () => {
    const { line, sent } = lineTo(5);
    line.show(warning(5));
    line.open(greeting(5), []);
    expect(numbers(sent)).toEqual([5]);
  });

  it('numbers what passes by like the last stored event, and sends nothing after it was hung up', () => {
    const { line, sent } = lineTo(9);
    line.open(greeting(9), []);
    line.pass(awayNotice(false));
    line.hangUp();
    line.pass(awayNotice(true));
    line.show(warning(10));
    expect(sent).toMatchObject([{ seq: 9 }, { type: 'notice', code: 'store_away', seq: 9 }]);
  });

  it('is closed by the reason of the end', () => {
    const reasons = ['confirmed', 'forced', 'abandoned', 'time_limit', 'idle'] as const;
    expect(reasons.map(closeOf)).toEqual(['sessionOver', 'sessionOver', 'sessionOver', 'timeLimit', 'idle']);
  });
});

describe('the inbox', () => {
  it('runs one step after the other, also those that steps add, and is drained after the last', async () => {
    const order: string[] = [];
    const inbox = createInbox((error) => order.push((error as Error).message));
    inbox.add(async () => {
      await settle();
      order.push('first');
      inbox.add(async () => void order.push('added'));
    });
    inbox.add(() => Promise.reject(new Error('failed')));
    const ran = inbox.run(async () => order.push('run'));
    const refused = inbox.run(() => Promise.reject(new Error('its own')));
    await expect(refused).rejects.toThrow('its own');
    await ran;
    await inbox.drained();
    expect(order).toEqual(['first', 'failed', 'run', 'added']);
  });
});

describe('commands', () => {
  it('are remembered with their utterance, the last 64 of them', () => {
    let state: SessionState = { ...newSessionState(T0, defaults), lifecycle: createLifecycle(T0, defaults) };
    for (let utterance = 1; utterance <= 65; utterance++) state = withCommand(state, utterance, `c${utterance}`);
    expect(state.commands).toHaveLength(64);
    expect([state.commands[0], state.commands.at(-1)]).toEqual([
      { id: 'c2', utterance: 2 },
      { id: 'c65', utterance: 65 },
    ]);
    expect(withCommand(state, 66, undefined)).toBe(state);
  });
});

describe('timers', () => {
  const run = (claims: (DueSession[] | Error)[], onDue: (due: DueSession) => Promise<void> = async () => {}) => {
    const clock = createFakeClock();
    const { log, lines } = keptLog();
    const handled: string[] = [];
    let asked = 0;
    const claimDue = async () => {
      asked += 1;
      const claim = claims.shift() ?? [];
      if (claim instanceof Error) throw claim;
      return claim;
    };
    const stop = runTimers({
      store: { claimDue },
      instanceId: 'a',
      clock,
      log,
      onDue(due) {
        handled.push(due.sessionId);
        return onDue(due);
      },
    });
    return { clock, lines, handled, stop, asked: () => asked };
  };
  const due = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ sessionId: `s${index}`, orphaned: false }));

  it('look each 50 ms, and again at once while there is more than one batch', async () => {
    const { clock, handled, stop, asked } = run([due(100), due(3)]);
    await clock.advance(49);
    expect(asked()).toBe(0);
    await clock.advance(1);
    expect([asked(), handled.length]).toEqual([2, 103]);
    await clock.advance(50);
    expect(asked()).toBe(3);
    await stop();
    await clock.advance(1000);
    expect([asked(), clock.pending]).toEqual([3, 0]);
  });

  it('go on after a store that was away, and after a session that could not be handled', async () => {
    const { clock, handled, lines, stop } = run([new Error('away'), due(2)], async ({ sessionId }) => {
      if (sessionId === 's0') throw new Error('not now');
    });
    await clock.advance(100);
    expect(handled).toEqual(['s0', 's1']);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
    expect(lines[1]?.fields).toMatchObject({ sessionId: 's0' });
    await stop();
  });

  it('stop only when what is under way is done', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { clock, stop } = run([due(1)], () => promise);
    await clock.advance(50);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    resolve();
    await stopping;
    expect(clock.pending).toBe(0);
  });
});
