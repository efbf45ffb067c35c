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
    let id: string;
    beforeEach(async () => {
      ({ store, advance, now } = await setUp());
      id = `s-${operations++}`;
      await store.create({ id, userId: 'u', createdAt: 1000, state: { n: 0 }, dueAt: null });
    });
    const owned = async () => (await store.acquire(id, 'a')) as StoredSession<TestState>;

    it('gives back what was created, and nothing for what was not', async () => {
      expect(await store.read(id)).toMatchObject({
        id,
        userId: 'u',
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

    const claim = (limit = 10) => store.claimDue({ limit, visibilityMs: 2000 });

    it('gives a session whose deadline has come to one caller, and never early', async () => {
      const session = await owned();
      await store.commit(commit(session, { dueAt: (await now()) + 500 }));
      expect(await claim()).toEqual([]);
      await advance(501);
      const claimed = await Promise.all([claim(), claim()]);
      expect(claimed.flat()).toEqual([id]);
    });

    it('gives a session again when nothing came of its deadline, and not once it was moved', async () => {
      const session = await owned();
      await store.commit(commit(session, { dueAt: await now() }));
      await advance(1);
      expect(await claim()).toEqual([id]);
      await advance(2100);
      expect(await claim()).toEqual([id]);
      await store.commit(commit({ ...session, version: 1 }, { dueAt: null }));
      await advance(2100);
      expect(await claim()).toEqual([]);
    });

    it('gives the most overdue first, as many as are asked for', async () => {
      const from = await now();
      const made = [30, 10, 20].map((ms) => ({
        id: `${id}-${ms}`,
        userId: 'u',
        createdAt: from,
        state: { n: 0 },
        dueAt: from + ms,
      }));
      for (const session of made) await store.create(session);
      await advance(100);
      expect(await claim(2)).toEqual([`${id}-10`, `${id}-20`]);
      expect(await claim(2)).toEqual([`${id}-30`]);
    });

    it('gives a ticket to one of two who take it, and not past its time', async () => {
      const ticket = { sessionId: id, userId: 'u', origin: null };
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
