/** Somebody speaks of harm: fixed words come instead of a reply, time stands, and nothing ends. */
import { describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../server/ports/clock.ts';
import type { ReplyRequest } from '../../../server/ports/language-model.ts';
import { ruleEndOfTurn } from '../../../server/voice/end-of-turn.ts';
import { energyVad, scriptedEngine, scriptedStt } from '../../support/scripted.ts';
import { utterance } from '../../support/test-client.ts';
import { AUDIO, comeIn, createTestHub, type TestHubOptions } from './hub-support.ts';

const HARM = 'I have been collecting pills';

async function started(options: Omit<TestHubOptions, 'services'> & { texts?: string[] } = {}) {
  const { texts = [], ...rest } = options;
  const requests: ReplyRequest[] = [];
  const engine = scriptedEngine({
    clock,
    answer: (request) => {
      requests.push(request);
      return `The model says ${request.occasion}.`;
    },
  });
  const ears = { vad: energyVad(), stt: scriptedStt({ clock, texts }), endOfTurn: ruleEndOfTurn };
  const services = texts.length > 0 ? { engine, ears } : { engine };
  const { hub, store } = createTestHub({ env: { CARE_COUNTRY: 'GB' }, ...rest, services });
  const { id } = await hub.create(null);
  const person = await comeIn(hub, id, { hello: { audio: texts.length > 0 ? AUDIO : {} } });
  await person.next('turn.done', ({ turn }) => turn === 1);
  let texting = 0;
  const say = async (text: string) => {
    const from = person.all('turn.done').length;
    person.send({ type: 'text', id: `text-${texting++}`, text });
    await expect.poll(() => person.all('turn.done').length, { timeout: 10_000 }).toBeGreaterThan(from);
    return person.all('turn.done').at(-1)?.spokenText ?? '';
  };
  const view = async () => (await store.read(id))?.state;
  return { hub, store, id, person, requests, say, view };
}

describe('somebody who speaks of harming themselves', () => {
  it('hears the words of care and whom to call, and nothing of a model', async () => {
    const { person, requests, say } = await started();
    const asked = requests.length;
    const answer = await say(HARM);
    expect(answer).toContain('I take it seriously');
    expect(answer).toContain('Samaritans at 1 1 6 1 2 3');
    expect(answer).toContain('9 9 9');
    expect(answer).toContain('not a therapist');
    expect(answer).not.toContain('The model says');
    expect(requests).toHaveLength(asked);
    expect(person.all('care')).toMatchObject([
      { lines: [{ name: 'Samaritans', number: '116 123', hours: '24/7' }], emergency: '999' },
    ]);
    expect(person.all('session.state').at(-1)).toMatchObject({ care: true, phase: 'active' });
  });

  it('is told of the local emergency number where nobody said which country', async () => {
    const { person, say } = await started({ env: {} });
    expect(await say('I want to die')).toContain('your local emergency number');
    expect(person.all('care')).toMatchObject([{ lines: [] }]);
  });

  it('is answered in German who wrote German', async () => {
    const { say } = await started({ env: { CARE_COUNTRY: 'DE' } });
    expect(await say('ich will nicht mehr leben')).toContain('TelefonSeelsorge an, 0 8 0 0 1 1 1 0 1 1 1');
  });

  it('stays cared for until they go on with something else, which a model answers without knowing of it', async () => {
    const { requests, say, view } = await started();
    await say('My boss is hard to talk to');
    await say(HARM);
    expect(await say('I do not know')).toContain('I am here');
    expect(await say('yes')).toContain('Samaritans');
    expect((await view())?.lifecycle.care).toBeDefined();
    const asked = requests.length;
    expect(await say('Let us go on with how I prepare the talk with my boss')).toContain('The model says');
    expect((await view())?.lifecycle.care).toBeUndefined();
    const request = requests[asked];
    const known = JSON.stringify(request?.conversation);
    expect(known).toContain('hard to talk to');
    expect(known).toContain('prepare the talk');
    for (const word of ['pills', 'Samaritans', 'I am here', 'do not know']) expect(known).not.toContain(word);
  });

  it('hears them again, shorter, when they say it again', async () => {
    const { say } = await started();
    await say(HARM);
    const again = await say('I really want to die');
    expect(again).toContain('I hear you');
    expect(again).toContain('Samaritans');
  });

  it('counts once in the audit for each time that care began, without a word of it', async () => {
    const { say, view } = await started();
    await say(HARM);
    await say('I want to die');
    await say('Let us go on with the presentation for next week please');
    await say('nobody would miss me');
    const cares = (await view())?.cares ?? [];
    expect(cares).toMatchObject([
      { about: 'self', language: 'en', via: 'text' },
      { about: 'self', language: 'en', via: 'text' },
    ]);
    expect(JSON.stringify(cares)).not.toMatch(/pills|die|miss/);
  });

  it('is not asked whether to end: an open question is taken back', async () => {
    const { person, say, view } = await started();
    person.send({ type: 'wrap_up.request', id: 'w1' });
    await person.next('session.state', ({ phase }) => phase === 'confirming');
    await say('yes, and then I will end my life');
    const { lifecycle } = (await view()) ?? {};
    expect(lifecycle).toMatchObject({ phase: 'active', settled: { proposalId: 'w1', outcome: 'withdrawn' } });
    person.send({ type: 'wrap_up.request', id: 'w2' });
    await say('hm');
    expect((await view())?.lifecycle.phase).toBe('active');
  });

  it('is heard also while the session closes, which then goes on', async () => {
    const { person, say, view } = await started();
    person.send({ type: 'wrap_up.request', id: 'w1' });
    await person.next('session.state', ({ phase }) => phase === 'confirming');
    person.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'w1', accept: true });
    await person.next('session.state', ({ phase }) => phase === 'closing');
    await say('I want to kill myself');
    await expect.poll(() => person.captions(), { timeout: 10_000 }).toContain('I take it seriously');
    expect((await view())?.lifecycle).toMatchObject({ phase: 'active', care: {} });
  });

  it('is shown the lines again when they come back', async () => {
    const { hub, id, person, say } = await started();
    await say(HARM);
    await person.leave();
    const back = await comeIn(hub, id, { hello: { audio: {} } });
    expect(await back.next('care')).toMatchObject({ emergency: '999' });
    await back.leave();
  });

  it('is answered over REST in the same way', async () => {
    const { hub } = createTestHub({ env: { CARE_COUNTRY: 'US' } });
    const { id } = await hub.create(null);
    const exchange = await hub.exchange(id, { text: 'I want to kill myself', commandId: 'c1' });
    expect(exchange.ai.text).toContain('988 Suicide & Crisis Lifeline at 9 8 8');
    const { state } = await hub.read(id);
    expect(state.lifecycle.care).toBeDefined();
  });
});

describe('somebody who speaks of it aloud', () => {
  it('is heard before anything is spoken', { timeout: 30_000 }, async () => {
    const { person, requests, view } = await started({ texts: ['I WANT TO KILL MY SELF'] });
    const asked = requests.length;
    person.speak(utterance(2, 2));
    await expect.poll(() => person.captions(), { timeout: 15_000 }).toContain('I take it seriously');
    expect(person.captions()).not.toContain('The model says reply');
    expect(requests).toHaveLength(asked);
    expect((await view())?.cares).toMatchObject([{ via: 'speech' }]);
  });
});
