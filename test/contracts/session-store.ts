/** The contract of `ports/session-store.ts`, run on each adapter. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Commit, NewEvent, SessionStore, StoredSession } from '../../server/ports/session-store.ts';

export interface TestState {
  n: number;
  list?: string[];
}

export interface StoreUnderTest {
  store: SessionStore<TestState>;
  /** The store's time, ms since 1970. */
  now(): Promise<number>;
  /** Moves the store's time on. */
  advance(ms: number): Promise<void>;
  /** How long its leases last: on a store in real time short ones keep the suite quick. */
  leaseMs: number;
  /** Of a user that the store's archive knows; null where it knows none. */
  userId?: string;
}

let operations = 0;
const warning = (remainingMs: number): NewEvent => ({ type: 'session.warning', remainingMs });
const message = (id: string) => ({
  id,
  timestamp: '2026-01-05T09:00:00.000Z',
  sender: 'user' as const,
  text: `text of ${id}`,
});

function commit(
  session: Pick<StoredSession<TestState>, 'id' | 'epoch' | 'version'>,
  more: Partial<Commit<TestState>> = {},
): Commit<TestState> {
  return {
    sessionId: session.id,
    epoch: session.epoch,
    expectedVersion: session.version,
    operationId: `op-${operations++}`,
    state: { n: session.version + 1 },
    dueAt: null,
    events: [],
    messages: [],
    ...more,
  };
}

export function sessionStoreContract(name: string, setUp: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a session store`, () => {
    let store: SessionStore<TestState>;
    let advance: StoreUnderTest['advance'];
    let now: StoreUnderTest['now'];
    let leaseMs: number;
    let userId: string | null;
    let id: string;
    beforeEach(async () => {
      const under = await setUp();
      ({ store, advance, now, leaseMs } = under);
      userId = under.userId ?? null;
      id = `s-${operations++}`;
      await store.create({ id, userId, createdAt: 1000, state: { n: 0 }, dueAt: null });
    });
    const owned = async () => (await store.acquire(id, 'a')) as StoredSession<TestState>;

    it('gives back what was created, and nothing for what was not', async () => {
      expect(await store.read(id)).toMatchObject({
        id,
        userId,
        createdAt: 1000,
        version: 0,
        epoch: 0,
        seq: 0,
        state: { n: 0 },
      });
      expect(await store.read('nobody')).toBeUndefined();
      expect(await store.acquire('nobody', 'a')).toBeUndefined();
      expect(await store.commit(commit({ id: 'nobody', epoch: 0, version: 0 }))).toEqual({
        ok: false,
        reason: 'missing',
      });
      expect(await store.eventsAfter('nobody', 0)).toBeUndefined();
    });

    it('changes state, events and messages in one step, and numbers the events without gaps', async () => {
      const session = await owned();
      const first = await store.commit(
        commit(session, { events: [warning(2), warning(1)], messages: [message('m1')] }),
      );
      expect(first).toMatchObject({
        ok: true,
        version: 1,
        events: [
          { seq: 1, remainingMs: 2 },
          { seq: 2, remainingMs: 1 },
        ],
      });
      const second = await store.commit(commit({ ...session, version: 1 }, { events: [warning(0)] }));
      expect(second).toMatchObject({ ok: true, version: 2, events: [{ seq: 3 }] });
      expect(await store.read(id)).toMatchObject({ version: 2, seq: 3, state: { n: 2 } });
      expect(await store.messages(id)).toEqual([message('m1')]);
    });

    it('changes nothing when the version is not the one expected, and says what stands', async () => {
      const session = await owned();
      await store.commit(commit(session));
      const late = await store.commit(
        commit(session, { state: { n: 99 }, events: [warning(1)], messages: [message('late')] }),
      );
      expect(late).toMatchObject({ ok: false, reason: 'conflict', current: { version: 1, state: { n: 1 } } });
      expect(await store.read(id)).toMatchObject({ version: 1, seq: 0, state: { n: 1 } });
      expect(await store.messages(id)).toEqual([]);
    });

    it('fences the owner before as soon as another acquires', async () => {
      const before = await owned();
      const after = (await store.acquire(id, 'b')) as StoredSession<TestState>;
      expect(after.epoch).toBe(before.epoch + 1);
      expect(await store.commit(commit(before))).toEqual({ ok: false, reason: 'fenced' });
      expect(await store.commit(commit(after))).toMatchObject({ ok: true });
    });

    it('lets a writer without an epoch in when the version fits', async () => {
      const session = await owned();
      expect(await store.commit(commit(session, { epoch: null }))).toMatchObject({ ok: true });
      expect(await store.commit(commit(session, { epoch: null }))).toMatchObject({ ok: false, reason: 'conflict' });
    });

    it('has the effect of an operation once, with the same answer when it is sent again', async () => {
      const session = await owned();
      const operation = commit(session, { events: [warning(1)], messages: [message('once')] });
      const first = await store.commit(operation);
      await store.commit(commit({ ...session, version: 1 }));
      expect(await store.commit(operation)).toEqual(first);
      expect(await store.read(id)).toMatchObject({ version: 2, seq: 1 });
      expect(await store.messages(id)).toHaveLength(1);
    });

    it('keeps a message as it was first written', async () => {
      const session = await owned();
      await store.commit(commit(session, { messages: [message('m')] }));
      await store.commit(commit({ ...session, version: 1 }, { messages: [{ ...message('m'), text: 'changed' }] }));
      expect(await store.messages(id)).toEqual([message('m')]);
    });

    it('replays the events after a number, or says that it no longer can', async () => {
      let { version, ...session } = await owned();
      for (; version < 300; version++)
        await store.commit(commit({ ...session, version }, { events: [warning(version)] }));
      expect((await store.eventsAfter(id, 290))?.map(({ seq }) => seq)).toEqual([
        291, 292, 293, 294, 295, 296, 297, 298, 299, 300,
      ]);
      expect(await store.eventsAfter(id, 300)).toEqual([]);
      expect(await store.eventsAfter(id, 1)).toBeUndefined();
      expect(await store.eventsAfter(id, 301)).toBeUndefined();
    });

    it('does not share its data with its callers', async () => {
      const session = await owned();
      const state: TestState = { n: 1, list: ['a'] };
      await store.commit(commit(session, { state }));
      state.list?.push('b');
      const read = await store.read(id);
      read?.state.list?.push('c');
      expect((await store.read(id))?.state).toEqual({ n: 1, list: ['a'] });
    });

    it('lets one of many concurrent writers win each version', async () => {
      const session = await owned();
      const results = await Promise.all(
        Array.from({ length: 20 }, () => store.commit(commit(session, { events: [warning(1)] }))),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await store.read(id)).toMatchObject({ version: 1, seq: 1 });
    });

    const VISIBILITY_MS = 500;
    const claim = (instanceId = 'a', limit = 10) => store.claimDue({ instanceId, limit, visibilityMs: VISIBILITY_MS });
    const due = (...ids: string[]) => ids.map((sessionId) => ({ sessionId, orphaned: false }));
    const orphan = () => [{ sessionId: id, orphaned: true }];
    /** Asks again and again, as instances do, until something is given or the time is over. */
    const claimWithin = async (ms: number, instanceId = 'b', meanwhile = async () => {}) => {
      const until = (await now()) + ms;
      for (;;) {
        const given = await claim(instanceId);
        if (given.length > 0 || (await now()) >= until) return given;
        await meanwhile();
        await advance(leaseMs / 10);
      }
    };
    /** Past the lease longer that everybody has when nobody asked for a while. */
    const settled = () => claimWithin(1.1 * leaseMs, 'nobody');

    it('gives a session whose deadline has come to one caller, and never early', async () => {
      const session = await owned();
      await store.commit(commit(session, { dueAt: (await now()) + 500 }));
      expect(await claim()).toEqual([]);
      await advance(501);
      const claimed = await Promise.all([claim(), claim()]);
      expect(claimed.flat()).toEqual(due(id));
    });

    it('gives a session again when nothing came of its deadline, and not once it was moved', async () => {
      const session = await owned();
      await store.release(id, session.epoch);
      await store.commit(commit(session, { dueAt: await now() }));
      await advance(1);
      expect(await claim()).toEqual(due(id));
      expect(await claim()).toEqual([]);
      await advance(VISIBILITY_MS + 50);
      expect(await claim()).toEqual(due(id));
      await store.commit(commit({ ...session, version: 1 }, { dueAt: null }));
      await advance(VISIBILITY_MS + 50);
      expect(await claim()).toEqual([]);
    });

    it('gives the most overdue first, as many as are asked for', async () => {
      const from = await now();
      const made = [30, 10, 20].map((ms) => ({
        id: `${id}-${ms}`,
        userId: null,
        createdAt: from,
        state: { n: 0 },
        dueAt: from + ms,
      }));
      for (const session of made) await store.create(session);
      await advance(100);
      expect(await claim('a', 2)).toEqual(due(`${id}-10`, `${id}-20`));
      expect(await claim('a', 2)).toEqual(due(`${id}-30`));
    });

    it('gives a deadline to the holder of the lease alone, and to anyone once it let go', async () => {
      const session = await owned();
      await store.commit(commit(session, { dueAt: await now() }));
      await advance(1);
      expect(await claim('b')).toEqual([]);
      expect(await claim('a')).toEqual(due(id));
      await store.commit(commit({ ...session, version: 1 }, { dueAt: await now() }));
      await store.release(id, session.epoch);
      await advance(1);
      expect(await claim('b')).toEqual(due(id));
    });

    it('knows who owns a session', async () => {
      expect(await store.ownerOf(id)).toBeUndefined();
      const first = await owned();
      expect(await store.ownerOf(id)).toBe('a');
      const second = (await store.acquire(id, 'b')) as StoredSession<TestState>;
      expect(await store.ownerOf(id)).toBe('b');
      await store.release(id, first.epoch);
      expect(await store.ownerOf(id)).toBe('b');
      await store.release(id, second.epoch);
      expect(await store.ownerOf(id)).toBeUndefined();
      expect((await store.read(id))?.epoch).toBe(second.epoch);
      expect(await store.ownerOf('nobody')).toBeUndefined();
    });

    it('renews leases, and says which are lost and to whom', async () => {
      const held = [];
      for (const name of ['kept', 'taken', 'freed']) {
        await store.create({ id: `${id}-${name}`, userId: null, createdAt: 1000, state: { n: 0 }, dueAt: null });
        held.push({ sessionId: `${id}-${name}`, epoch: (await store.acquire(`${id}-${name}`, 'a'))?.epoch ?? 0 });
      }
      await store.acquire(`${id}-taken`, 'b');
      await store.release(`${id}-freed`, held[2]?.epoch ?? 0);
      held.push({ sessionId: 'nobody', epoch: 1 });
      expect(await store.renew('a', held)).toEqual([
        { sessionId: `${id}-taken`, ownerId: 'b' },
        { sessionId: `${id}-freed`, ownerId: undefined },
        { sessionId: 'nobody', ownerId: undefined },
      ]);
      expect(await store.renew('a', [])).toEqual([]);
    });

    it('gives a session whose owner is gone to another as soon as the lease has run out, again until it is set right', async () => {
      await settled();
      const before = await now();
      const dead = await owned();
      expect(await claimWithin(2 * leaseMs)).toEqual(orphan());
      expect((await now()) - before).toBeGreaterThanOrEqual(leaseMs);
      expect(await claim('b')).toEqual([]);
      expect(await claimWithin(2 * VISIBILITY_MS)).toEqual(orphan());
      const mine = (await store.acquire(id, 'b')) as StoredSession<TestState>;
      expect(await store.commit(commit(dead))).toEqual({ ok: false, reason: 'fenced' });
      await store.release(id, mine.epoch);
      expect(await claimWithin(2 * VISIBILITY_MS)).toEqual([]);
    });

    it('takes nobody for dead who renews, nor who has let go', async () => {
      await settled();
      const session = await owned();
      const renew = async () => {
        expect(await store.renew('a', [{ sessionId: id, epoch: session.epoch }])).toEqual([]);
      };
      expect(await claimWithin(1.5 * leaseMs, 'b', renew)).toEqual([]);
      await store.release(id, session.epoch);
      expect(await claimWithin(1.5 * leaseMs)).toEqual([]);
    });

    it('takes nobody for dead who had no chance to renew, because nobody was asking', async () => {
      const session = await owned();
      await store.commit(commit(session, { dueAt: await now() }));
      await advance(2 * leaseMs);
      expect(await claim('b')).toEqual([]);
      expect(await claim('a')).toEqual(due(id));
      expect(await store.ownerOf(id)).toBeUndefined();
      expect(await store.renew('a', [{ sessionId: id, epoch: session.epoch }])).toEqual([]);
      expect(await store.ownerOf(id)).toBe('a');
      const moved = commit({ ...session, version: 1 }, { dueAt: null });
      expect(await store.commit(moved)).toMatchObject({ ok: true });
      expect(await claimWithin(0.8 * leaseMs)).toEqual([]);
    });

    it('forgets a session that is removed, with all that was said', async () => {
      const session = await owned();
      await store.commit(
        commit(session, { messages: [message('m')], events: [warning(1)], dueAt: (await now()) + 10 }),
      );
      await store.remove(id);
      expect(await store.commit(commit({ ...session, version: 1 }))).toEqual({ ok: false, reason: 'missing' });
      await advance(20);
      expect((await claim()).map(({ sessionId }) => sessionId)).not.toContain(id);
    });

    it('gives a ticket to one of two who take it, and not past its time', async () => {
      const ticket = { sessionId: id, userId: 'u', signInId: 'i', origin: null };
      await store.putTicket('h1', ticket, 1000);
      const taken = await Promise.all([store.takeTicket('h1'), store.takeTicket('h1')]);
      expect(taken.filter(Boolean)).toEqual([ticket]);
      await store.putTicket('h2', ticket, 1000);
      await advance(1001);
      expect(await store.takeTicket('h2')).toBeUndefined();
      expect(await store.takeTicket('h3')).toBeUndefined();
    });
  });
}
