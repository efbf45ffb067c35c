import { afterEach, describe, expect, it } from 'vitest';
import { CLOSE } from '../../protocol/close-codes.ts';
import { emptyNotes } from '../../server/ports/language-model.ts';
import type { ReplyEngine } from '../../server/ports/language-model.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { energyVad, scriptedStt } from '../support/scripted.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  connectTestClient,
  createTestSession,
  freshAccess,
  type TestClient,
  type TestClientOptions,
  utterance,
} from '../support/test-client.ts';

/** A coach that has noted a goal and a commitment, whatever is said. */
const engine: ReplyEngine = {
  name: 'noting',
  model: 'noting-1',
  async *reply({ occasion, conversation }) {
    const commitments = [{ what: 'talk to Anna', by: 'Monday', confidence: 8 }];
    yield {
      type: 'notes',
      notes: { ...emptyNotes, stage: 'way_forward', topic: 'my boss', goal: 'a calm talk', commitments },
    };
    const said = conversation.at(-1)?.text ?? '';
    yield {
      type: 'text',
      text: occasion === 'reply' ? `I hear: ${said}.` : occasion === 'go_on' ? 'Where were we?' : 'Hello.',
    };
  },
  close: () => Promise.resolve(),
};

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function typing(env: Record<string, string> = {}, options: Partial<TestClientOptions> = {}) {
  server = await startTestServer({ env, engines: { engine, ...(options.hello === undefined && { ears: undefined }) } });
  const { sessionId, socket } = await createTestSession(server.url);
  const client = connectTestClient({ access: socket, hello: { audio: {} }, ...options });
  await client.next('turn.done');
  let turn = 1;
  /** Types a turn and gives back what the coach answered. */
  const say = async (text: string) => {
    client.send({ type: 'text', id: `say-${turn}`, text });
    turn = (await client.next('turn.started', (started) => started.turn > turn && started.inReplyTo !== null)).turn;
    return (await client.next('turn.done', (done) => done.turn === turn)).spokenText;
  };
  return { server, client, sessionId, say, stateOf: () => lastState(client) };
}

const lastState = (client: TestClient) => client.all('session.state').at(-1);

describe('wrapping up by words', () => {
  it('asks for confirmation, and ends with a recap on yes', async () => {
    const { client, say, stateOf } = await typing();
    expect(await say('I want to talk about my boss')).toBe('I hear: I want to talk about my boss.');
    expect(await say("let's wrap up")).toMatch(/shall i sum up and end/i);
    expect(stateOf()).toMatchObject({ phase: 'confirming', wrapUp: { reason: 'asked' } });
    expect(await say('YES WRAP UP')).toMatch(/a calm talk.*talk to Anna/is);
    expect(await client.next('recap')).toMatchObject({
      goal: 'a calm talk',
      commitments: [{ what: 'talk to Anna', by: 'Monday' }],
    });
    expect(await client.next('session.ended')).toMatchObject({
      reason: 'confirmed',
      recap: { topic: expect.stringContaining('boss') },
    });
    expect(await client.closed).toBe(CLOSE.sessionOver.code);
  });

  it('goes on after no, with more time and the next question', async () => {
    const { say, stateOf } = await typing();
    await say("I think that's all for today");
    const before = stateOf();
    expect(await say('not yet')).toMatch(/of course.*where were we/is);
    expect(stateOf()).toMatchObject({ phase: 'active' });
    expect(stateOf()?.wrapUp).toBeUndefined();
    expect((stateOf()?.remainingMs ?? 0) - (before?.remainingMs ?? 0)).toBeGreaterThan(290_000);
  });

  it('answers new content instead of ending', async () => {
    const { say, stateOf } = await typing();
    await say("let's stop here");
    expect(await say('actually one more thing about my boss he never listens to me')).toMatch(
      /^I hear: actually one more thing/,
    );
    expect(stateOf()).toMatchObject({ phase: 'active' });
  });

  it('asks once more when the answer is unclear, and goes on when it is unclear again', async () => {
    const { say, stateOf } = await typing();
    await say("let's wrap up");
    expect(await say('um')).toMatch(/yes or no/i);
    expect(stateOf()).toMatchObject({ phase: 'confirming' });
    expect(await say('hm, maybe')).toMatch(/let us go on/i);
    expect(stateOf()).toMatchObject({ phase: 'active' });
  });

  it.each(['yesterday was fine', 'I want to wrap up the project by Friday', 'she said yes yesterday'])(
    'takes %j for what it is',
    async (text) => {
      const { say, stateOf } = await typing();
      expect(await say(text)).toBe(`I hear: ${text}.`);
      expect(stateOf()).toMatchObject({ phase: 'active' });
    },
  );

  it('takes the question back after a minute of silence, without a word', async () => {
    const { client, say, stateOf } = await typing({ CONFIRMATION_SECONDS: '0.3' });
    await say("let's wrap up");
    await client.next('session.state', ({ phase }) => phase === 'confirming');
    await expect.poll(() => stateOf()?.phase).toBe('active');
    expect(await say('yes')).toBe('I hear: yes.');
  });
});

describe('wrapping up by button', () => {
  it('takes the same two steps', async () => {
    const { client, stateOf } = await typing();
    client.send({ type: 'wrap_up.request', id: 'p1' });
    await client.next('session.state', ({ phase }) => phase === 'confirming');
    expect(stateOf()?.wrapUp?.proposalId).toBe('p1');
    await client.next('turn.done', ({ turn }) => turn === 2);
    client.send({ type: 'wrap_up.answer', id: 'a1', proposalId: 'other', accept: true });
    client.send({ type: 'wrap_up.answer', id: 'a2', proposalId: 'p1', accept: true });
    expect(await client.next('session.ended')).toMatchObject({ reason: 'confirmed' });
    expect(await client.closed).toBe(CLOSE.sessionOver.code);
  });
});

describe('the coach keeps the time', () => {
  it('warns, proposes after its answer when the time is spent, and closes at the hard limit', async () => {
    const { client, say } = await typing({
      SESSION_BUDGET_SECONDS: '1',
      SESSION_HARD_LIMIT_SECONDS: '2.5',
      SESSION_WARNINGS_SECONDS: '0.5',
    });
    expect(await client.next('session.warning')).toMatchObject({ remainingMs: expect.any(Number) });
    await client.next('turn.done', ({ spokenText }) => spokenText.endsWith('left.'));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await say('I will talk to Anna on Monday')).toMatch(
      /^I hear: I will talk to Anna on Monday\. .*nearly up.*wrap up/s,
    );
    expect(lastState(client)).toMatchObject({ phase: 'confirming', wrapUp: { reason: 'time' } });
    expect(await client.next('turn.done', ({ spokenText }) => spokenText.includes('end of our time'))).toMatchObject({
      status: 'completed',
    });
    expect(await client.next('session.ended')).toMatchObject({ reason: 'time_limit', recap: { goal: 'a calm talk' } });
    expect(await client.closed).toBe(CLOSE.timeLimit.code);
  });

  it('proposes once the way forward is committed, and not again after a no', async () => {
    const { say, stateOf } = await typing({ SESSION_MIN_EXCHANGES_FOR_GOAL: '2' });
    expect(await say('one thing')).toBe('I hear: one thing.');
    expect(await say('another thing')).toMatch(/clear next step/);
    await say('no');
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      expect(await say(`topic ${text}`)).toBe(`I hear: topic ${text}.`);
    expect(stateOf()).toMatchObject({ phase: 'active' });
  });

  it('asks whether the person is there, and closes when it stays quiet', async () => {
    const { client } = await typing({ IDLE_PROMPT_SECONDS: '0.3', IDLE_END_SECONDS: '0.8' });
    expect(await client.next('turn.done', ({ turn }) => turn === 2)).toMatchObject({ spokenText: 'Hello.' });
    expect(await client.next('session.ended')).toMatchObject({ reason: 'idle' });
    expect(await client.closed).toBe(CLOSE.idle.code);
  });

  it('ends an abandoned session when the grace is over, and tells whoever comes back', async () => {
    const { client, server, sessionId } = await typing({ RESUME_WINDOW_SECONDS: '0.3' });
    await client.close();
    await expect.poll(async () => (await server.store.read(sessionId))?.state.lifecycle.phase).toBe('ended');
    expect((await server.store.read(sessionId))?.state).toMatchObject({
      recap: { goal: 'a calm talk' },
      lifecycle: { endReason: 'abandoned' },
    });
    const late = connectTestClient({ access: await freshAccess(server.url, sessionId), hello: { audio: {} } });
    expect(await late.next('ready')).toMatchObject({ session: { phase: 'ended', reason: 'abandoned' } });
    expect(await late.closed).toBe(CLOSE.sessionOver.code);
  });
});

describe('wrapping up by voice', () => {
  const voice = async (options: Partial<TestClientOptions>, ...texts: string[]) => {
    const ears = { vad: energyVad(), stt: scriptedStt({ clock, texts }), endOfTurn: ruleEndOfTurn };
    server = await startTestServer({ engines: { engine, ears } });
    const { sessionId, socket } = await createTestSession(server.url);
    const client = connectTestClient({ access: socket, ...options });
    if (options.plays !== false) await client.next('turn.done');
    else await client.next('audio.end');
    let turn = 1;
    const speak = async () => {
      client.speak(utterance(0.8, 1.2));
      turn = (await client.next('turn.started', (started) => started.turn > turn)).turn;
      return (await client.next('turn.done', (done) => done.turn === turn)).spokenText;
    };
    return { client, speak, sessionId };
  };

  it('asks, hears yes, and speaks the recap before the end', async () => {
    const { client, speak } = await voice({}, 'so lets rap up', 'yes please');
    expect(await speak()).toMatch(/shall i sum up/i);
    expect(await speak()).toMatch(/talk to Anna/);
    expect(await client.next('session.ended')).toMatchObject({ reason: 'confirmed' });
    const recapTurn = client.all('turn.done').at(-1);
    expect(client.frames.findLast(({ stream }) => stream === recapTurn?.turn)?.last).toBe(true);
    expect(await client.closed).toBe(CLOSE.sessionOver.code);
  });

  it('takes yes for an answer even while the question is still being asked', async () => {
    const { client } = await voice({ plays: false }, "let's wrap up", 'yes');
    client.send({ type: 'playback', turn: 1, playedMs: 5000, bufferedMs: 0, state: 'ended' });
    await client.next('turn.done');
    client.speak(utterance(0.8, 1.2));
    await client.next('transcript.coach', ({ text }) => /sum up/.test(text));
    client.send({ type: 'playback', turn: 2, playedMs: 900, bufferedMs: 100, state: 'playing' });
    client.speak(utterance(0.8, 1.2));
    await client.next('audio.clear');
    client.send({ type: 'playback.cleared', turn: 2, playedMs: 1500 });
    expect(await client.next('recap')).toMatchObject({ goal: 'a calm talk' });
    expect(lastState(client)).toMatchObject({ phase: 'closing', reason: 'confirmed' });
  });

  it('takes the question back when it was cut off before it was heard', async () => {
    const { client } = await voice({ plays: false }, "let's wrap up", 'yes');
    client.send({ type: 'playback', turn: 1, playedMs: 5000, bufferedMs: 0, state: 'ended' });
    await client.next('turn.done');
    client.speak(utterance(0.8, 1.2));
    await client.next('transcript.coach', ({ turn }) => turn === 2);
    client.speak(utterance(0.8, 1.2));
    await client.next('audio.clear');
    client.send({ type: 'playback.cleared', turn: 2, playedMs: 300 });
    expect(await client.next('transcript.coach', ({ turn }) => turn === 3)).toMatchObject({ text: 'I hear: yes.' });
    expect(lastState(client)).toMatchObject({ phase: 'active' });
  });
});
