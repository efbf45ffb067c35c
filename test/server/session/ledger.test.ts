import { beforeEach, describe, expect, it } from 'vitest';
import { KukuError } from '../../../server/errors.ts';
import type { Commit, SessionStore, StoredEvent, StoredSession } from '../../../server/ports/session-store.ts';
import { createLedger, type Ledger } from '../../../server/session/ledger.ts';
import { createLifecycle } from '../../../server/session/lifecycle.ts';
import { newSessionState, type SessionState } from '../../../server/session/state.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { defaults as settings } from './lifecycle-support.ts';

const away = () => new KukuError('away', { code: 'store_away', status: 503, retryable: true });

let clock: FakeClock;
let store: SessionStore<SessionState>;
let session: StoredSession<SessionState>;
let shown: StoredEvent[];
let told: boolean[];
/** What the store does before it commits; none: commits. */
let before: ((commit: Commit<SessionState>) => Promise<void>) | undefined;
let tries: string[];
beforeEach(async () => {
  clock = createFakeClock();
  const memory = createMemorySessions<SessionState>({ clock });
  [shown, told, tries, before] = [[], [], [], undefined];
  store = {
    ...memory,
    async commit(commit) {
      tries.push(commit.operationId);
      await before?.(commit);
      return memory.commit(commit);
    },
  };
  const state = newSessionState(clock.now(), settings);
  await store.create({ id: 's', userId: null, createdAt: clock.now(), state, dueAt: null });
  const acquired = await store.acquire('s', 'a');
  if (!acquired) throw new Error('no session');
  session = acquired;
});

const open = (): Ledger =>
  createLedger({
    store,
    session,
    messages: [],
    clock,
    show: (event) => shown.push(event),
    onStoreAway: (isAway) => told.push(isAway),
  });
const turn = (number: number) => (state: SessionState) => ({
  state: { ...state, turn: number },
  events: [{ type: 'turn.started' as const, turn: number, inReplyTo: null }],
});

describe('the ledger', () => {
  it('shows an event only once it is stored, with its number', async () => {
    const ledger = open();
    before = async () => expect(shown).toEqual([]);
    await ledger.change(turn(1));
    expect(shown).toEqual([{ type: 'turn.started', turn: 1, inReplyTo: null, seq: 1 }]);
    expect(ledger).toMatchObject({ seq: 1, state: { turn: 1 } });
    expect((await store.read('s'))?.state.turn).toBe(1);
  });

  it('stores nothing where a plan finds nothing to change', async () => {
    await open().change(() => undefined);
    expect(tries).toEqual([]);
  });

  it('keeps the messages of its changes, and moves the deadline', async () => {
    const ledger = open();
    const message = { id: 's-u1', timestamp: new Date(clock.now()).toISOString(), sender: 'user' as const, text: 'hi' };
    const idle = createLifecycle(clock.now(), { ...settings, idleEndMs: 5000 });
    await ledger.change((state) => ({ state: { ...state, lifecycle: idle }, messages: [message] }));
    expect(ledger.messages).toEqual([message]);
    expect(await store.messages('s')).toEqual([message]);
    await clock.advance(5000);
    await store.release('s', session.epoch);
    expect(await store.claimDue({ instanceId: 'a', limit: 1, visibilityMs: 1000 })).toMatchObject([{ sessionId: 's' }]);
  });

  it('plans again on what another writer has stored meanwhile', async () => {
    const ledger = open();
    const other = createLedger({ store, session: { ...session, epoch: null }, messages: [], clock, show() {} });
    await other.change((state) => ({ state: { ...state, utterance: 7 } }));
    await ledger.change(turn(1));
    expect(ledger.state).toMatchObject({ turn: 1, utterance: 7 });
  });

  it('gives up on a session that others change each time', async () => {
    store = { ...store, commit: async () => ({ ok: false, reason: 'conflict', current: session }) };
    await expect(open().change(turn(1))).rejects.toMatchObject({ code: 'conflict', retryable: true, status: 409 });
  });

  it('refuses the changes of an owner that was replaced, and of a session that is gone', async () => {
    const refused = async () => {
      const outcome = open()
        .change(turn(1))
        .catch((error: unknown) => error);
      await clock.advance(500);
      return outcome;
    };
    const { epoch = 0 } = (await store.acquire('s', 'b')) ?? {};
    expect(await refused()).toMatchObject({ code: 'fenced', close: 'replaced' });
    // Set right by another instance and let go of: the client may come back.
    await store.release('s', epoch);
    expect(await refused()).toMatchObject({ code: 'fenced', close: 'restarting' });
    store = { ...store, commit: async () => ({ ok: false, reason: 'missing' }) };
    await expect(open().change(turn(1))).rejects.toMatchObject({ code: 'session_not_found', status: 404 });
    expect(shown).toEqual([]);
  });

  it('goes on with the next change after one that failed', async () => {
    const ledger = open();
    const failed = ledger.change(() => {
      throw new Error('a bad plan');
    });
    const next = ledger.change(turn(1));
    await expect(failed).rejects.toThrow('a bad plan');
    await next;
    expect(ledger.state.turn).toBe(1);
  });
});

describe('the ledger of a store that is away', () => {
  it('sends the same operation again until it answers, and tells only of what a person would notice', async () => {
    const ledger = open();
    let isAway = true;
    before = async () => {
      if (isAway) throw away();
    };
    const change = ledger.change(turn(1));
    await clock.advance(1000);
    expect(told).toEqual([]);
    await clock.advance(2000);
    expect(told).toEqual([true]);
    isAway = false;
    await clock.advance(500);
    await change;
    expect(told).toEqual([true, false]);
    expect(new Set(tries).size).toBe(1);
    expect(shown).toHaveLength(1);
  });

  it('has its effect once when only the answer was lost', async () => {
    const ledger = open();
    const { commit } = store;
    let lost = 0;
    store.commit = async (change) => {
      const result = await commit(change);
      if (lost++ === 0) throw away();
      return result;
    };
    const change = ledger.change(turn(1));
    await clock.advance(1000);
    await change;
    expect(await store.read('s')).toMatchObject({ version: 1, seq: 1 });
  });

  it('gives up after 30 s, with all that waits, and tells once', async () => {
    const ledger = open();
    before = async () => {
      throw away();
    };
    const changes = [1, 2, 3].map((number) => ledger.change(turn(number)).catch((error: KukuError) => error.code));
    await clock.advance(29_000);
    expect(new Set(tries).size).toBe(1);
    await clock.advance(2000);
    expect(await Promise.all(changes)).toEqual(['store_away', 'store_away', 'store_away']);
    expect(told).toEqual([true]);
    expect(clock.pending).toBe(0);
    before = undefined;
    await ledger.change(turn(4));
    expect(told).toEqual([true, false]);
    expect(ledger.state.turn).toBe(4);
  });

  it('refuses what would wait behind 200 others', async () => {
    const ledger = open();
    let letGo = () => {};
    before = () => new Promise((resolve) => (letGo = resolve));
    const waiting = Array.from({ length: 200 }, (_, index) => ledger.change(turn(index + 1)));
    await expect(ledger.change(turn(999))).rejects.toMatchObject({ code: 'store_away', close: 'overloaded' });
    before = undefined;
    letGo();
    await clock.advance(0);
    letGo();
    await Promise.all(waiting);
    expect(ledger.state.turn).toBe(200);
  });

  it('does not wait for an error that is none of absence', async () => {
    before = async () => {
      throw new Error('disk on fire');
    };
    await expect(open().change(turn(1))).rejects.toThrow('disk on fire');
    expect(tries).toHaveLength(1);
  });
});
