import { afterEach, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { KukuError } from '../../../server/errors.ts';
import { systemClock as clock } from '../../../server/ports/clock.ts';
import { LEASE_MS, type SessionStore } from '../../../server/ports/session-store.ts';
import type { SessionState } from '../../../server/session/state.ts';
import { createLocalBus } from '../../../server/storage/local-bus.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { createFakeClock, settle } from '../../support/fake-clock.ts';
import { scriptedEngine, scriptedTts } from '../../support/scripted.ts';
import { AUDIO, comeIn, createTestHub, type TestHub } from './hub-support.ts';

const open: TestHub[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ hub }) => hub.close()));
});

const hubOf = (options: Parameters<typeof createTestHub>[0] = {}) => {
  const made = createTestHub(options);
  open.push(made);
  return made;
};

/** Two instances on one store, and one session. */
async function twoHubs(options: Parameters<typeof createTestHub>[0] = {}) {
  const bus = createLocalBus();
  const a = hubOf({ bus, instanceId: 'a', ...options });
  const b = hubOf({ bus, instanceId: 'b', ...options, store: a.store });
  const { id } = await a.hub.create(null);
  return { a: a.hub, b: b.hub, store: a.store, id };
}

const LONG = 'That sounds hard. You said it twice already today. What would you like to change about it?';
const talkative = () => scriptedEngine({ clock, answer: () => LONG });

describe('two hubs on one store', () => {
  it('answer over REST where the session lives, in order with its socket', async () => {
    const { a, b, id } = await twoHubs();
    const person = await comeIn(a, id);
    await person.next('turn.done');
    const { user, ai } = await b.exchange(id, { text: 'I am tired', commandId: 'c1' });
    expect([user.text, ai.text]).toEqual(['I am tired', 'You said I am tired.']);
    expect(person.captions()).toContain('You said I am tired.');
    expect(await b.exchange(id, { text: 'I am tired', commandId: 'c1' })).toMatchObject({ user, ai });
    expect([a.liveSessions, b.liveSessions]).toEqual([1, 0]);
  });

  it('end a session where it lives, close its socket, and answer the same when it is ended again', async () => {
    const { a, b, id } = await twoHubs();
    const person = await comeIn(a, id);
    await person.next('turn.done');
    const ended = await b.end(id);
    expect(ended).toMatchObject({ sessionId: id, messageCount: 1, summary: expect.any(String) });
    expect(await person.closed).toBe(CLOSE.sessionOver.code);
    expect(await person.next('session.ended')).toMatchObject({ reason: 'forced' });
    await expect.poll(() => a.liveSessions).toBe(0);
    expect(await a.end(id)).toEqual(ended);
    expect(await b.end(id)).toEqual(ended);
    await expect(b.exchange(id, { text: 'more', commandId: 'c' })).rejects.toMatchObject({
      code: 'session_not_active',
    });
  });

  it('refuse what asks for a session that has just moved on', async () => {
    const { a, b, store, id } = await twoHubs();
    await store.acquire(id, 'a');
    await expect(b.exchange(id, { text: 'x', commandId: 'c' })).rejects.toMatchObject({
      code: 'owner_away',
      retryable: true,
    });
    await expect(b.end(id)).rejects.toMatchObject({ code: 'owner_away', status: 503 });
    expect((await a.exchange(id, { text: 'I am here', commandId: 'c' })).ai.text).toBe('You said I am here.');
  });

  it('hand a client over at once: the old owner’s writes are refused and its socket closed', async () => {
    const { a, b, store, id } = await twoHubs();
    const person = await comeIn(a, id);
    await person.next('turn.done');
    const newer = await comeIn(b, id);
    await newer.next('ready');
    person.send({ type: 'text', id: 'late', text: 'too late' });
    expect(await person.closed).toBe(CLOSE.replaced.code);
    await expect.poll(() => [a.liveSessions, b.liveSessions]).toEqual([0, 1]);
    expect((await store.messages(id)).map(({ text }) => text)).not.toContain('too late');
    newer.send({ type: 'text', id: 'now', text: 'in time' });
    await newer.next('transcript.coach', ({ text }) => text === 'You said in time.');
  });

  it('notice a lease that was lost in silence, by the next renewal', async () => {
    const { a, b, id } = await twoHubs();
    const person = await comeIn(a, id);
    await person.next('turn.done');
    await comeIn(b, id);
    expect(await person.closed).toBe(CLOSE.replaced.code);
    await expect.poll(() => a.liveSessions).toBe(0);
  });

  it('send a client on when its session was set right and let go of meanwhile', async () => {
    const { a, b, store, id } = await twoHubs();
    const person = await comeIn(a, id);
    await person.next('turn.done');
    await b.recover([id]);
    expect(await person.closed).toBe(CLOSE.restarting.code);
    expect((await store.read(id))?.state.lifecycle.presence.kind).toBe('away');
  });
});

it('has connections made to whoever answers and speaks while a client is on its way', async () => {
  const warmed: string[] = [];
  const engine = { ...scriptedEngine({ clock, answer: () => 'Hello.' }), warm: () => void warmed.push('engine') };
  const tts = { ...scriptedTts({ clock }), warm: () => void warmed.push('voice') };
  const { hub } = hubOf({ services: { engine, tts } });
  const { id: sessionId } = await hub.create(null);
  expect(warmed).toEqual([]);
  await hub.grantTicket({ sessionId, userId: null, origin: null, signInId: null });
  expect(warmed).toEqual(['engine', 'voice']);
});

describe('a hub that drains', () => {
  it('tells its clients, lets the sentence end, and the other hub says the rest', async () => {
    const { a, b, id } = await twoHubs({ services: { engine: talkative() } });
    const person = await comeIn(a, id, { hello: { audio: AUDIO }, plays: false });
    await person.next('transcript.coach');
    const drained = a.drain();
    expect(a.isDraining).toBe(true);
    await expect(comeIn(a, (await b.create(null)).id)).rejects.toMatchObject({ code: 'restarting', status: 503 });
    expect(await person.next('session.go_away')).toMatchObject({ reason: 'restarting', timeLeftMs: 5000 });
    for (let playedMs = 100; person.all('turn.done').length === 0; playedMs += 100) {
      person.send({ type: 'playback', turn: 1, playedMs, bufferedMs: 0, state: 'ended' });
      await settle();
    }
    expect(person.all('turn.done')).toMatchObject([{ status: 'completed', spokenText: 'That sounds hard.' }]);
    await drained;
    expect(await person.closed).toBe(CLOSE.restarting.code);
    const back = await comeIn(b, id, { hello: { audio: AUDIO } });
    expect(await back.next('turn.done')).toMatchObject({ spokenText: LONG.replace('That sounds hard. ', '') });
    expect(await b.read(id)).toMatchObject({ state: { lifecycle: { messages: 2 } } });
  });

  it('waits no longer than five seconds for the sentence, and its client is sent on all the same', async () => {
    const fake = createFakeClock();
    const engine = scriptedEngine({ clock: fake, answer: () => LONG });
    const { hub } = hubOf({ clock: fake, services: { engine } });
    const { id } = await hub.create(null);
    const person = await comeIn(hub, id, { hello: { audio: AUDIO }, plays: false });
    await settle();
    expect(person.all('transcript.coach')).toHaveLength(1);
    let drained = false;
    const draining = hub.drain().then(() => (drained = true));
    for (let waited = 0; waited < 9500 && !drained; waited += 500) {
      if (person.frames.length > 0) {
        person.send({ type: 'playback', turn: 1, playedMs: 1, bufferedMs: 0, state: 'stalled' });
      }
      await fake.advance(500);
    }
    await draining;
    expect(await person.closed).toBe(CLOSE.restarting.code);
    await fake.advance(500);
  });
});

describe('a session whose owner died', () => {
  it('is set right by another hub, and ends as abandoned when nobody comes back', async () => {
    const fake = createFakeClock();
    const store = createMemorySessions<SessionState>({ clock: fake });
    const engine = scriptedEngine({ clock: fake, answer: () => LONG });
    // It renews nothing and looks after nothing, but its process hangs on.
    const hanging = { ...store, renew: async () => [], claimDue: async () => [] };
    const dead = createTestHub({ store: hanging, clock: fake, instanceId: 'dead', services: { engine } });
    const { id } = await dead.hub.create(null);
    const person = await comeIn(dead.hub, id, { hello: { audio: AUDIO }, plays: false });
    await settle();
    expect(person.all('transcript.coach')).toHaveLength(1);
    hubOf({ store, clock: fake, instanceId: 'b' });
    await fake.advance(LEASE_MS + 1000);
    const state = (await store.read(id))?.state;
    expect(state?.lifecycle.presence.kind).toBe('away');
    expect((await store.messages(id)).map(({ text }) => text)).toEqual(['That sounds hard.']);
    await fake.advance(121_000);
    expect((await store.read(id))?.state.lifecycle).toMatchObject({ phase: 'ended', endReason: 'abandoned' });
    await dead.hub.close();
  });

  it('closes a session over REST that nobody uses any more', async () => {
    const fake = createFakeClock();
    const { hub, store } = hubOf({ clock: fake });
    const { id } = await hub.create(null);
    await fake.advance(301_000);
    expect((await store.read(id))?.state.lifecycle).toMatchObject({ phase: 'closing', endReason: 'idle' });
    await fake.advance(21_000);
    expect(await hub.end(id)).toMatchObject({ sessionId: id, messageCount: 0 });
    expect((await hub.read(id)).state.lifecycle).toMatchObject({ phase: 'ended', endReason: 'idle' });
  });
});

describe('a hub', () => {
  it('knows no session that was never made', async () => {
    const { hub } = hubOf();
    const unknown = { code: 'session_not_found', status: 404 };
    await expect(hub.read('nobody')).rejects.toMatchObject(unknown);
    await expect(hub.end('nobody')).rejects.toMatchObject(unknown);
    await expect(hub.exchange('nobody', { text: 'x', commandId: 'c' })).rejects.toMatchObject(unknown);
    await expect(comeIn(hub, 'nobody')).rejects.toMatchObject({ ...unknown, close: 'noSuchSession' });
  });

  it('lets a ticket in once, and only from the origin it was given to', async () => {
    const { hub } = hubOf();
    const ticket = { sessionId: 's', userId: null, signInId: null, origin: 'https://a.example' };
    const { ticket: secret } = await hub.grantTicket(ticket);
    const { ticket: other } = await hub.grantTicket(ticket);
    expect(await hub.redeemTicket(secret, 'https://a.example')).toEqual(ticket);
    expect(await hub.redeemTicket(secret, 'https://a.example')).toBeUndefined();
    expect(await hub.redeemTicket(other, 'https://b.example')).toBeUndefined();
  });

  it('lets go of a session whose welcome could not be stored, and lets the next client in', async () => {
    const memory = createMemorySessions<SessionState>({ clock });
    let isBroken = true;
    const store: SessionStore<SessionState> = {
      ...memory,
      commit: (commit) => (isBroken ? Promise.reject(new Error('disk on fire')) : memory.commit(commit)),
    };
    const { hub } = hubOf({ store });
    const { id } = await hub.create(null);
    await expect(comeIn(hub, id)).rejects.toThrow('disk on fire');
    expect(hub.liveSessions).toBe(0);
    isBroken = false;
    await (await comeIn(hub, id)).next('turn.done');
  });

  it('answers although a lease can’t be released: it runs out', async () => {
    const memory = createMemorySessions<SessionState>({ clock });
    const release = () => Promise.reject(new KukuError('away', { code: 'store_away', retryable: true }));
    const { hub } = hubOf({ store: { ...memory, release } });
    const { id } = await hub.create(null);
    expect((await hub.exchange(id, { text: 'hello', commandId: 'c' })).ai.text).toBe('You said hello.');
    const person = await comeIn(hub, id);
    await person.next('ready');
    await person.leave();
    expect(hub.liveSessions).toBe(0);
  });

  it('replaces the client that is in, in turn, however many come at once', async () => {
    const { hub } = hubOf();
    const { id } = await hub.create(null);
    const people = await Promise.all([1, 2, 3].map(() => comeIn(hub, id)));
    expect(await Promise.all(people.slice(0, 2).map(({ closed }) => closed))).toEqual([4009, 4009]);
    expect(hub.liveSessions).toBe(1);
    people[2]?.send({ type: 'text', id: 'a', text: 'I won' });
    await people[2]?.next('transcript.coach', ({ text }) => text === 'You said I won.');
  });
});
