import { afterEach, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { emptyNotes, type ReplyEngine } from '../../../server/ports/language-model.ts';
import { sleep, systemClock as clock } from '../../../server/ports/clock.ts';
import type { SessionStore } from '../../../server/ports/session-store.ts';
import type { SessionState } from '../../../server/session/state.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { ruleEndOfTurn } from '../../../server/voice/end-of-turn.ts';
import { energyVad, scriptedEngine, scriptedStt } from '../../support/scripted.ts';
import { utterance } from '../../support/test-client.ts';
import { AUDIO, comeIn, createTestHub, type Person, type TestHub, type TestHubOptions } from './hub-support.ts';

let test: TestHub | undefined;
afterEach(async () => {
  await test?.hub.close();
  test = undefined;
});

async function start(options: TestHubOptions = {}) {
  test = createTestHub(options);
  const { id } = await test.hub.create(null);
  return { ...test, id };
}
const ears = (...texts: string[]) => ({
  vad: energyVad(),
  stt: scriptedStt({ clock, texts }),
  endOfTurn: ruleEndOfTurn,
});
/** Greets at once, and takes a while over every other reply. */
const ponderingEngine = (ms = 400): ReplyEngine => ({
  name: 'pondering',
  model: 'pondering-1',
  async *reply({ occasion, conversation }, { signal }) {
    yield { type: 'notes', notes: { ...emptyNotes, topic: 'my boss', goal: 'a calm talk' } };
    if (occasion !== 'greeting') await sleep(clock, ms, { signal });
    yield { type: 'text', text: occasion === 'greeting' ? 'Hello.' : `I hear: ${conversation.at(-1)?.text}.` };
  },
  close: () => Promise.resolve(),
});
const phaseOf = (person: Person) => person.session.state.lifecycle.phase;
const replyStarted = (person: Person) => person.next('turn.started', ({ inReplyTo }) => inReplyTo !== null);
const REQUEST = "My boss never listens to me at all, but let's wrap up for today";

describe('a request to wrap up', () => {
  it('is not taken for its own confirmation when a cough holds the answer up', async () => {
    const { hub, id } = await start({ services: { engine: ponderingEngine(), ears: ears('') } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: REQUEST });
    await replyStarted(person);
    person.speak(utterance(0.2, 2));
    await person.next('transcript.coach', ({ text }) => text.includes('sum up'));
    expect(person.captions()).toContain(`I hear: ${REQUEST}`);
    expect(phaseOf(person)).toBe('confirming');
  });

  it('is not taken for its own confirmation when the line drops before the answer', async () => {
    const { hub, id } = await start({ services: { engine: ponderingEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: REQUEST });
    await replyStarted(person);
    await person.leave();
    const back = await comeIn(hub, id);
    await back.next('transcript.coach', ({ text }) => text.includes('sum up'));
    expect(back.captions()).toContain(`I hear: ${REQUEST}`);
    expect(phaseOf(back)).toBe('confirming');
  });

  it('is not taken for its own confirmation when its owner dies before the answer', async () => {
    const { hub, id, store } = await start({ services: { engine: ponderingEngine(60_000) } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: REQUEST });
    await replyStarted(person);
    const other = createTestHub({ store, instanceId: 'b', services: { engine: ponderingEngine(0) } });
    const back = await comeIn(other.hub, id);
    await back.next('transcript.coach', ({ text }) => text.includes('sum up'));
    expect(phaseOf(back)).toBe('confirming');
    await other.hub.close();
  });

  it('whose question a cough cut off is still open when the question is asked again', async () => {
    const { hub, id } = await start({ services: { engine: ponderingEngine(), ears: ears("let's wrap up", '') } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO }, plays: false });
    await person.next('audio.end');
    person.send({ type: 'playback', turn: 1, playedMs: 9000, bufferedMs: 0, state: 'ended' });
    await person.next('turn.done');
    person.speak(utterance(0.8, 1.2));
    await person.next('transcript.coach', ({ turn }) => turn === 2);
    person.speak(utterance(0.2, 2));
    await person.next('audio.clear');
    person.send({ type: 'playback.cleared', turn: 2, playedMs: 0 });
    await person.next('transcript.coach', ({ turn }) => turn === 3);
    expect(phaseOf(person)).toBe('confirming');
  });

  it('whose question nobody heard before the line dropped is still open when it is asked again', async () => {
    const { hub, id } = await start({ services: { engine: ponderingEngine() } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO }, plays: false });
    await person.next('audio.end');
    person.send({ type: 'playback', turn: 1, playedMs: 9000, bufferedMs: 0, state: 'ended' });
    await person.next('turn.done');
    person.send({ type: 'wrap_up.request', id: 'p1' });
    await person.next('transcript.coach', ({ turn }) => turn === 2);
    await person.leave();
    const back = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await back.next('transcript.coach', ({ text }) => text.includes('sum up'));
    expect(phaseOf(back)).toBe('confirming');
    back.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'p1', accept: true });
    expect(await back.next('session.ended')).toMatchObject({ reason: 'confirmed' });
  });

  it('that is answered by button before it was asked is not asked any more', async () => {
    const { hub, id } = await start({ services: { engine: ponderingEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: 'I am tired' });
    await replyStarted(person);
    person.send({ type: 'wrap_up.request', id: 'p1' });
    person.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'p1', accept: false });
    await person.next('transcript.coach', ({ text }) => text.startsWith('Of course'));
    await person.next('turn.done', ({ turn }) => turn === 2);
    expect(person.captions()).not.toContain('sum up');
    expect(phaseOf(person)).toBe('active');
  });

  it('by button while the person clears their throat is put once they are silent', async () => {
    const { hub, id } = await start({ services: { ears: ears('') } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    person.speak(utterance(0.3, 0));
    await person.next('speech.started');
    person.send({ type: 'wrap_up.request', id: 'p1' });
    await person.next('session.state', ({ phase }) => phase === 'confirming');
    person.speak(utterance(0, 2));
    await person.next('turn.done', ({ turn }) => turn === 2);
    expect(person.captions()).toContain('sum up');
  });
});

describe('an answer by button', () => {
  it('to a question that does not stand is told so, and one that is repeated is not', async () => {
    const { hub, id } = await start();
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    person.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'nothing', accept: true });
    expect(await person.next('error')).toMatchObject({ code: 'no_such_proposal', fatal: false, ref: 'a1' });
    person.send({ type: 'wrap_up.request', id: 'p1' });
    person.send({ type: 'wrap_up.answer', id: 'a2', proposalId: 'p1', accept: false });
    person.send({ type: 'wrap_up.answer', id: 'a2', proposalId: 'p1', accept: false });
    person.send({ type: 'wrap_up.answer', id: 'a3', proposalId: 'p1', accept: true });
    expect(await person.next('error', ({ ref }) => ref !== 'a1')).toMatchObject({ ref: 'a3' });
    expect(phaseOf(person)).toBe('active');
  });
});

describe('the recap', () => {
  it('is spoken when the time runs out in the middle of an answer', async () => {
    const env = { SESSION_BUDGET_SECONDS: '0.6', SESSION_HARD_LIMIT_SECONDS: '0.6', SESSION_WARNINGS_SECONDS: '' };
    const { hub, id } = await start({ env, services: { engine: ponderingEngine(900) } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: 'I am tired' });
    expect(await person.next('session.ended')).toMatchObject({ reason: 'time_limit' });
    expect(person.captions()).toContain('end of our time');
    expect(person.captions()).toContain(person.session.state.recap?.summary.slice(0, 20));
    expect(await person.closed).toBe(CLOSE.timeLimit.code);
  });

  it('that is cut short by a restart is said to its end at the next instance, and ends the session there', async () => {
    const { hub, id, store } = await start({ services: { engine: ponderingEngine() } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO }, plays: false });
    await person.next('audio.end');
    person.send({ type: 'playback', turn: 1, playedMs: 9000, bufferedMs: 0, state: 'ended' });
    await person.next('turn.done');
    person.send({ type: 'wrap_up.request', id: 'p1' });
    person.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'p1', accept: true });
    await person.next('transcript.coach', ({ text }) => text.startsWith('All right'));
    const drained = hub.drain();
    await person.next('session.go_away');
    const last = person.all('turn.started').at(-1)?.turn ?? 0;
    while (!person.all('turn.done').some(({ turn }) => turn === last)) {
      const { length } = person.frames.filter(({ stream }) => stream === last);
      person.send({ type: 'playback', turn: last, playedMs: length * 20, bufferedMs: 0, state: 'ended' });
      await sleep(clock, 10);
    }
    await drained;
    expect(await person.closed).toBe(CLOSE.restarting.code);
    expect((await store.read(id))?.state.lifecycle.phase).toBe('closing');
    await expect(comeIn(hub, id)).rejects.toMatchObject({ code: 'restarting' });
    const other = createTestHub({ store, instanceId: 'b' });
    const back = await comeIn(other.hub, id, { hello: { audio: AUDIO } });
    expect(await back.next('session.ended')).toMatchObject({ reason: 'confirmed' });
    const summary = back.session.state.recap?.summary ?? '';
    expect(`${person.captions()} ${back.captions()}`).toContain(summary.slice(-20));
    await other.hub.close();
  });
});

describe('an answer that nothing of was heard', () => {
  it('comes after all when the words that cut it off came to nothing', async () => {
    const stt = scriptedStt({ clock, texts: ['wait a moment'] });
    const forgetful = {
      ...stt,
      open: (options: Parameters<typeof stt.open>[0]) => ({
        ...stt.open(options),
        finish: () => Promise.reject(new Error('the recogniser died')),
      }),
    };
    const engine = ponderingEngine();
    const hearing = { vad: energyVad(), stt: forgetful, endOfTurn: ruleEndOfTurn };
    const { hub, id } = await start({ services: { engine, ears: hearing } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: 'I am tired' });
    await replyStarted(person);
    person.speak(utterance(0.8, 2));
    expect(await person.next('notice')).toMatchObject({ code: 'utterance_lost' });
    await person.next('transcript.coach', ({ text }) => text === 'I hear: I am tired.');
  });

  it('does not sound into the person’s speech when its beginning was slow to be stored', async () => {
    const memory = createMemorySessions<SessionState>({ clock });
    const beginning = Promise.withResolvers<void>();
    const store: SessionStore<SessionState> = {
      ...memory,
      async commit(commit) {
        if (commit.events.some((event) => event.type === 'turn.started' && event.inReplyTo !== null)) {
          beginning.resolve();
          await sleep(clock, 200);
        }
        return memory.commit(commit);
      },
    };
    const engine = scriptedEngine({ clock, answer: ({ occasion }) => `This is a ${occasion}.` });
    const { hub, id } = await start({ store, services: { engine, ears: ears('and there is more') } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    person.send({ type: 'text', id: 'a', text: 'I am tired' });
    await beginning.promise;
    person.speak(utterance(0.25, 0));
    await person.next('speech.started');
    await replyStarted(person);
    await sleep(clock, 100);
    expect(person.frames.filter(({ stream }) => stream === 2)).toEqual([]);
    person.speak(utterance(0.5, 2));
    await person.next('transcript.coach', ({ turn }) => turn === 3);
  });
});
