import { afterEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from '../support/scripted.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import {
  connectTestClient,
  createTestSession,
  freshAccess,
  type TestClientOptions,
  utterance,
} from '../support/test-client.ts';

const REPLY = 'That sounds hard. You said it twice. What would you like to change about it?';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function talk(options: TestServerOptions = {}, client: Partial<TestClientOptions> = {}) {
  server = await startTestServer(options);
  const session = await createTestSession(server.url);
  return { server, session, client: connectTestClient({ access: session.socket, ...client }) };
}

const ears = (...texts: string[]) => ({
  vad: energyVad(),
  stt: scriptedStt({ clock, texts }),
  endOfTurn: ruleEndOfTurn,
});

describe('a voice session', () => {
  it('greets, hears, answers aloud, and keeps both sides', async () => {
    const { client, server, session } = await talk();
    const ready = await client.next('ready');
    expect(ready).toMatchObject({
      sessionId: session.sessionId,
      session: { phase: 'active', stage: 'topic', messageCount: 0 },
    });
    const greeting = await client.next('turn.done');
    expect(greeting).toMatchObject({ turn: 1, status: 'completed', spokenText: 'You said nothing.' });

    client.speak(utterance());
    expect(await client.next('speech.started')).toMatchObject({ utterance: 1 });
    expect(await client.next('transcript.user', ({ final }) => final)).toMatchObject({
      utterance: 1,
      text: 'I want to talk about my boss',
    });
    expect(await client.next('turn.started', ({ turn }) => turn === 2)).toMatchObject({ inReplyTo: 1 });
    const done = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(done).toMatchObject({ status: 'completed', spokenText: 'You said I want to talk about my boss.' });
    for (const leg of [
      'endOfSpeechToTurnEnd',
      'transcript',
      'modelFirstToken',
      'firstSentence',
      'speechFirstByte',
      'firstAudioSent',
      'total',
    ] as const) {
      expect(done.latency[leg], leg).toBeGreaterThanOrEqual(0);
    }
    const speech = client.frames.filter(({ stream }) => stream === 2);
    expect(speech.at(-1)?.last).toBe(true);
    expect(speech.map(({ seq }) => seq)).toEqual(speech.map((_, index) => index));
    expect(await server.store.messages(session.sessionId)).toMatchObject([
      { sender: 'ai', text: 'You said nothing.' },
      { sender: 'user', text: 'I want to talk about my boss' },
      { sender: 'ai', text: 'You said I want to talk about my boss.' },
    ]);
    const numbers = client.received.flatMap(({ message }) => ('seq' in message ? [message.seq] : []));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it('falls silent on barge-in, keeps only what was heard, and answers the interruption', async () => {
    const engine = scriptedEngine({
      clock,
      answer: ({ occasion }) => (occasion === 'greeting' ? REPLY : 'I hear you.'),
    });
    const { client, server, session } = await talk({ engines: { engine } }, { plays: false });
    await client.next('transcript.coach');
    client.send({ type: 'playback', turn: 1, playedMs: 900, bufferedMs: 100, state: 'playing' });
    client.speak(utterance());
    const clear = await client.next('audio.clear');
    expect(clear).toMatchObject({ turn: 1, reason: 'barge_in' });
    client.send({ type: 'playback.cleared', turn: 1, playedMs: 700 });
    const done = await client.next('turn.done');
    expect(done).toMatchObject({ turn: 1, status: 'interrupted', spokenText: 'That sounds', playedMs: 700 });
    const lastOfFirst = client.frames.findLast(({ stream }) => stream === 1);
    expect(await client.next('transcript.coach', ({ turn }) => turn === 2)).toMatchObject({ text: 'I hear you.' });
    expect(client.frames.findLast(({ stream }) => stream === 1)).toBe(lastOfFirst);
    expect(engine.requests.at(-1)?.conversation).toEqual([
      { sender: 'ai', text: 'That sounds' },
      { sender: 'user', text: 'I want to talk about my boss' },
    ]);
    expect((await server.store.messages(session.sessionId)).map(({ text }) => text)).toEqual([
      'That sounds',
      'I want to talk about my boss',
    ]);
  });

  it('goes on at the next unheard sentence when it was only a cough', async () => {
    const engine = scriptedEngine({ clock, answer: () => REPLY });
    const { client } = await talk({ engines: { engine, ears: ears('') } }, { plays: false });
    await client.next('transcript.coach');
    client.send({ type: 'playback', turn: 1, playedMs: 1000, bufferedMs: 0, state: 'playing' });
    client.speak(utterance(0.3, 2));
    await client.next('audio.clear');
    client.send({ type: 'playback.cleared', turn: 1, playedMs: 1000 });
    expect(await client.next('turn.started', ({ turn }) => turn === 2)).toMatchObject({ inReplyTo: null });
    expect(await client.next('transcript.coach', ({ turn }) => turn === 2)).toMatchObject({
      text: 'You said it twice.',
    });
    expect(engine.requests).toHaveLength(1);
  });

  it('goes on when the person only murmurs', async () => {
    const engine = scriptedEngine({ clock, answer: () => REPLY });
    const { client } = await talk({ engines: { engine, ears: ears('mm-hm') } }, { plays: false });
    await client.next('transcript.coach');
    client.speak(utterance(0.5, 2));
    await client.next('audio.clear');
    client.send({ type: 'playback.cleared', turn: 1, playedMs: 0 });
    expect(await client.next('transcript.coach', ({ turn }) => turn === 2)).toMatchObject({
      text: 'That sounds hard.',
    });
    expect(client.all('transcript.user').filter(({ final }) => final)).toEqual([]);
  });

  it('answers what is typed, once for each id, and without speech where none is wanted', async () => {
    const { client } = await talk({}, { hello: { audio: {} } });
    await client.next('turn.done');
    client.send({ type: 'text', id: 'a', text: 'My goal is to sleep better' });
    client.send({ type: 'text', id: 'a', text: 'My goal is to sleep better' });
    expect(await client.next('transcript.user')).toMatchObject({
      final: true,
      id: 'a',
      text: 'My goal is to sleep better',
    });
    expect(await client.next('turn.done', ({ turn }) => turn === 2)).toMatchObject({ status: 'completed' });
    client.send({ type: 'text', id: 'b', text: 'Really' });
    await client.next('turn.done', ({ turn }) => turn === 3);
    expect(client.all('transcript.user')).toHaveLength(2);
    expect(client.frames).toEqual([]);
  });

  it('sends speech at most a second ahead of what was played', async () => {
    const engine = scriptedEngine({ clock, answer: () => REPLY });
    const { client } = await talk({ engines: { engine } }, { plays: false });
    await client.next('transcript.coach');
    await expect.poll(() => client.frames.length).toBe(50);
    client.send({ type: 'playback', turn: 1, playedMs: 250, bufferedMs: 750, state: 'playing' });
    await expect.poll(() => client.frames.length).toBe(63);
  });

  it('tells the person about a sentence that could not be spoken, and goes on', async () => {
    const engine = scriptedEngine({ clock, answer: () => REPLY });
    const { client } = await talk({ engines: { engine, tts: scriptedTts({ clock, failOn: /twice/ }) } });
    expect(await client.next('notice')).toMatchObject({ code: 'sentence_lost' });
    expect(await client.next('turn.done')).toMatchObject({ status: 'completed', spokenText: REPLY });
  });

  it('says so when no reply can be made, and answers the next turn', async () => {
    let failing = true;
    const engine = scriptedEngine({ clock, answer: () => (failing ? new Error('no model') : 'Here I am.') });
    const { client } = await talk({ engines: { engine } });
    expect(await client.next('error')).toMatchObject({ code: 'reply_failed', fatal: false });
    expect(await client.next('turn.done')).toMatchObject({ status: 'failed', spokenText: '' });
    failing = false;
    client.send({ type: 'text', id: 'a', text: 'Are you there?' });
    expect(await client.next('turn.done', ({ turn }) => turn === 2)).toMatchObject({ spokenText: 'Here I am.' });
  });

  it('keeps two clients apart', async () => {
    const a = await talk({ engines: { ears: ears('I am Anna', 'I am Ben') } });
    const other = await createTestSession(a.server.url);
    const b = { client: connectTestClient({ access: other.socket }) };
    await Promise.all([a.client.next('turn.done'), b.client.next('turn.done')]);
    a.client.speak(utterance());
    await a.client.next('speech.started');
    b.client.speak(utterance());
    const [doneA, doneB] = await Promise.all(
      [a, b].map(({ client }) => client.next('turn.done', ({ turn }) => turn === 2)),
    );
    expect(doneA?.spokenText).toBe('You said I am Anna.');
    expect(doneB?.spokenText).toBe('You said I am Ben.');
    expect(JSON.stringify(a.client.received)).not.toContain('Ben');
    expect(JSON.stringify(b.client.received)).not.toContain('Anna');
  });
});

describe('a client that comes back', () => {
  it('gets every event it missed and hears the rest of the reply', async () => {
    const engine = scriptedEngine({ clock, answer: () => REPLY });
    const { client, server, session } = await talk({ engines: { engine } }, { plays: false });
    const { resumeToken } = await client.next('ready');
    const seen = await client.next('transcript.coach');
    client.send({ type: 'playback', turn: 1, playedMs: 1000, bufferedMs: 0, state: 'playing' });
    await expect.poll(() => client.frames.length).toBeGreaterThan(60);
    client.socket.terminate();
    await client.closed;

    const access = await freshAccess(server.url, session.sessionId);
    const back = connectTestClient({ access, hello: { resume: { token: resumeToken, lastSeq: seen.seq } } });
    const resumed = await back.next('resumed');
    expect(resumed).toMatchObject({ recovered: true, session: { messageCount: 1 } });
    expect(resumed.resumeToken).not.toBe(resumeToken);
    expect(await back.next('turn.done')).toMatchObject({
      turn: 1,
      status: 'interrupted',
      spokenText: 'That sounds hard.',
    });
    expect(await back.next('transcript.coach', ({ turn }) => turn === 2)).toMatchObject({ text: 'You said it twice.' });
    expect(await back.next('turn.done', ({ turn }) => turn === 2)).toMatchObject({ status: 'completed' });
  });

  it('gets a full snapshot when its token is not the last one', async () => {
    const { client, server, session } = await talk();
    await client.next('turn.done');
    await client.close();
    const access = await freshAccess(server.url, session.sessionId);
    const back = connectTestClient({ access, hello: { resume: { token: 'made up', lastSeq: 1 } } });
    expect(await back.next('resumed')).toMatchObject({
      recovered: false,
      messages: [{ sender: 'ai', text: 'You said nothing.' }],
    });
  });

  it('is answered when the line dropped before the answer', async () => {
    const engine = scriptedEngine({
      clock,
      firstTokenMs: 300,
      answer: ({ conversation }) => `So ${conversation.at(-1)?.text}.`,
    });
    const { client, server, session } = await talk({ engines: { engine } }, { hello: { audio: {} } });
    await client.next('turn.done');
    client.send({ type: 'text', id: 'a', text: 'I am tired' });
    await client.next('turn.started', ({ turn }) => turn === 2);
    await client.close();
    const back = connectTestClient({ access: await freshAccess(server.url, session.sessionId), hello: { audio: {} } });
    expect(await back.next('turn.done', ({ status }) => status === 'completed')).toMatchObject({
      spokenText: 'So I am tired.',
    });
  });

  it('does not count the time away', async () => {
    const { client, server, session } = await talk();
    await client.next('turn.done');
    await client.close();
    await expect
      .poll(async () => (await server.store.read(session.sessionId))?.state.lifecycle.presence.kind)
      .toBe('away');
    const before = await server.store.read(session.sessionId);
    await new Promise((resolve) => setTimeout(resolve, 120));
    const response = await fetch(`${server.url}/api/sessions/${session.sessionId}`);
    const body = (await response.json()) as { data: { elapsedMs: number } };
    expect(body.data.elapsedMs).toBe(before?.state.lifecycle.clock.elapsedMs);
  });
});
