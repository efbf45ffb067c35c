import { afterEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../server/ports/clock.ts';
import type { SessionStore } from '../../../server/ports/session-store.ts';
import type { SessionState } from '../../../server/session/state.ts';
import { createMemorySessions } from '../../../server/storage/memory-sessions.ts';
import { ruleEndOfTurn } from '../../../server/voice/end-of-turn.ts';
import { settle } from '../../support/fake-clock.ts';
import { energyVad, scriptedEngine, scriptedStt } from '../../support/scripted.ts';
import { utterance } from '../../support/test-client.ts';
import { AUDIO, comeIn, createTestHub, type TestHub, type TestHubOptions } from './hub-support.ts';

let test: TestHub | undefined;
afterEach(async () => {
  await test?.hub.close();
  test = undefined;
});

async function start(options: TestHubOptions = {}) {
  test = createTestHub(options);
  const { id } = await test.hub.create(null);
  const say = (text: string, commandId = text) => test!.hub.exchange(id, { text, commandId });
  return { ...test, id, say };
}
const slowEngine = (answer: (text: string) => string | Error = (text) => `So ${text}.`) =>
  scriptedEngine({ clock, firstTokenMs: 150, answer: ({ conversation }) => answer(conversation.at(-1)?.text ?? '') });
const ears = (...texts: string[]) => ({
  vad: energyVad(),
  stt: scriptedStt({ clock, texts }),
  endOfTurn: ruleEndOfTurn,
});

describe('an exchange over REST', () => {
  it('is answered, and sent again under its id answers the same, whatever was said since', async () => {
    const { say } = await start();
    const first = await say('I am tired');
    expect(first).toMatchObject({
      user: { sender: 'user', text: 'I am tired' },
      ai: { sender: 'ai', text: 'You said I am tired.' },
      awaitingWrapUpConfirmation: false,
      ended: undefined,
    });
    await say('I sleep badly');
    expect(await say('I am tired')).toEqual(first);
  });

  it('sent twice at once is answered twice with the same answer', async () => {
    const { id, hub, say } = await start({ services: { engine: slowEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    const [first, second] = await Promise.all([say('hello'), say('hello')]);
    expect(second).toEqual(first);
    expect(person.all('transcript.user')).toHaveLength(1);
  });

  it('is answered after a cough that came before the first sound of the answer', async () => {
    const { id, hub, say } = await start({ services: { engine: slowEngine(), ears: ears('') } });
    const person = await comeIn(hub, id, { hello: { audio: AUDIO } });
    await person.next('turn.done');
    const answered = say('I am tired');
    await person.next('turn.started', ({ inReplyTo }) => inReplyTo !== null);
    person.speak(utterance(0.2, 2));
    expect((await answered).ai.text).toBe('So I am tired.');
  });

  it('is told when the person dismissed the answer before it began', async () => {
    const { id, hub, say } = await start({ services: { engine: slowEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    const answered = say('I am tired');
    await person.next('turn.started', ({ inReplyTo }) => inReplyTo !== null);
    person.send({ type: 'turn.cancel' });
    await expect(answered).rejects.toMatchObject({ code: 'no_answer', retryable: true });
  });

  it('is told when the coach finds nothing to say', async () => {
    const { say } = await start({ services: { engine: slowEngine(() => '') } });
    await expect(say('I am tired')).rejects.toMatchObject({ code: 'no_answer' });
  });

  it('is told when the engine fails, and sent again under the same id gets its answer', async () => {
    let failing = true;
    const engine = slowEngine((text) => (failing ? new Error('no model') : `So ${text}.`));
    const { id, store, say } = await start({ services: { engine } });
    await expect(say('I am tired')).rejects.toMatchObject({ code: 'no_answer', status: 503 });
    failing = false;
    expect((await say('I am tired')).ai.text).toBe('So I am tired.');
    expect((await store.messages(id)).map(({ sender }) => sender)).toEqual(['user', 'ai']);
  });

  it('is told when a step of it can’t be stored, and the session stays usable', async () => {
    const memory = createMemorySessions<SessionState>({ clock });
    let broken = false;
    const store: SessionStore<SessionState> = {
      ...memory,
      commit: (commit) => {
        if (broken && commit.events.some(({ type }) => type === 'turn.started')) throw new Error('disk on fire');
        return memory.commit(commit);
      },
    };
    const { say } = await start({ store });
    broken = true;
    await expect(say('I am tired')).rejects.toThrow('disk on fire');
    broken = false;
    expect((await say('I sleep badly')).ai.text).toContain('I sleep badly');
  });

  it('is told when the session is ended before the answer', async () => {
    const { id, hub, say } = await start({ services: { engine: slowEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    const answered = say('I am tired');
    const failure = answered.catch((error: unknown) => error);
    await person.next('turn.started', ({ inReplyTo }) => inReplyTo !== null);
    await hub.end(id);
    expect(await failure).toMatchObject({ code: 'no_answer', status: 503 });
    await expect(say('and more')).rejects.toMatchObject({ code: 'session_not_active' });
  });

  it('is told when the client that it came beside takes the session along', async () => {
    const { id, hub, say } = await start({ services: { engine: slowEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    const answered = say('I am tired');
    const failure = answered.catch((error: unknown) => error);
    await person.next('turn.started', ({ inReplyTo }) => inReplyTo !== null);
    await person.leave();
    expect(await failure).toMatchObject({ code: 'interrupted', retryable: true });
    expect((await say('I am tired')).ai.text).toBe('So I am tired.');
  });

  it('stores nothing that was waiting behind the end', async () => {
    const { id, hub, store, say } = await start({ services: { engine: slowEngine() } });
    const person = await comeIn(hub, id);
    await person.next('turn.done');
    const ending = hub.end(id);
    await expect(say('too late')).rejects.toMatchObject({ code: 'session_not_active' });
    await ending;
    expect((await store.messages(id)).map(({ text }) => text)).not.toContain('too late');
  });

  it('waits for what the floor is busy with, and cuts it short', async () => {
    const { id, hub, say } = await start();
    const person = await comeIn(hub, id, { hello: { audio: AUDIO }, plays: false });
    await person.next('transcript.coach');
    const answered = say('I am tired');
    await person.next('audio.clear');
    person.send({ type: 'playback.cleared', turn: 1, playedMs: 0 });
    await person.next('transcript.coach', ({ turn }) => turn === 2);
    await expect.poll(() => person.frames.at(-1)?.stream).toBe(2);
    for (let playedMs = 500; person.all('audio.end').length === 0; playedMs += 500) {
      person.send({ type: 'playback', turn: 2, playedMs, bufferedMs: 0, state: 'playing' });
      await settle();
    }
    person.send({ type: 'playback', turn: 2, playedMs: 9000, bufferedMs: 0, state: 'ended' });
    expect((await answered).ai.text).toBe('You said I am tired.');
  });
});
