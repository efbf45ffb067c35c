import { afterEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/ports/clock.ts';
import type { ReplyEngine } from '../../server/ports/language-model.ts';
import type { SpeechToText } from '../../server/ports/speech-to-text.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from '../support/scripted.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connectTestClient, createTestSession, utterance } from '../support/test-client.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const SAID = 'I want to talk about my boss';

/** Notes what was said, as a model does. */
function noting(engine: ReplyEngine): ReplyEngine {
  return {
    ...engine,
    async *reply(request, options) {
      const topic = request.conversation.at(-1)?.text ?? '';
      if (request.occasion === 'reply') yield { type: 'notes', notes: { ...request.notes, topic } };
      yield* engine.reply(request, options);
    },
  };
}

/** `wordSamples`: how much audio the recogniser needs for a word. */
async function talk({ wordSamples = 1600, env = {}, said = SAID, firstTokenMs = 20, final = Promise.resolve() } = {}) {
  const engine = scriptedEngine({
    clock,
    firstTokenMs,
    answer: ({ occasion, conversation }) =>
      occasion === 'greeting' ? 'Hello.' : `You said: ${conversation.at(-1)?.text ?? ''}.`,
  });
  const scripted = scriptedStt({ clock, texts: [said], wordSamples });
  const stt: SpeechToText = {
    ...scripted,
    open(options) {
      const transcription = scripted.open(options);
      return { push: transcription.push, finish: () => final.then(() => transcription.finish()) };
    },
  };
  server = await startTestServer({
    env,
    engines: {
      engine: noting(engine),
      ears: { vad: energyVad(), stt, endOfTurn: ruleEndOfTurn },
      tts: scriptedTts({ clock }),
    },
  });
  const { socket, sessionId } = await createTestSession(server.url);
  const client = connectTestClient({ access: socket });
  await client.next('turn.done');
  client.speak(utterance());
  return { server, sessionId, client, engine };
}

describe('an answer that is begun while the person is still waited for', () => {
  it('is there when the words are final, and was neither stored nor spoken before', async () => {
    const final = Promise.withResolvers<void>();
    const { server, sessionId, client, engine } = await talk({ final: final.promise });
    await client.next('speech.stopped');
    await expect.poll(() => engine.requests.length).toBe(2);
    expect(client.all('transcript.user').filter(({ final }) => final)).toEqual([]);
    expect(client.frames.filter(({ stream }) => stream === 2)).toEqual([]);
    expect(await server.store.messages(sessionId)).toHaveLength(1);

    final.resolve();
    const done = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(done).toMatchObject({ status: 'completed', spokenText: `You said: ${SAID}.` });
    expect(engine.requests).toHaveLength(2);
    expect(engine.aborted).toBe(0);
  });

  it('is kept nowhere when the person goes off the record while it is being written', async () => {
    const final = Promise.withResolvers<void>();
    const { server, sessionId, client, engine } = await talk({ final: final.promise });
    await client.next('speech.stopped');
    await expect.poll(() => engine.requests.length).toBe(2);
    client.send({ type: 'record.set', id: 'off', on: false });
    await client.next('session.state', ({ offRecord }) => offRecord === true);
    final.resolve();
    await client.next('turn.done', ({ turn }) => turn === 2);
    const shown = (await server.store.messages(sessionId)).slice(1);
    expect(shown).toMatchObject([
      { sender: 'user', text: SAID, offRecord: true },
      { sender: 'ai', offRecord: true },
    ]);
    client.send({ type: 'record.set', id: 'on', on: true });
    await client.next('session.state', ({ offRecord }) => !offRecord);
    const state = (await server.store.read(sessionId))?.state;
    expect(state?.notes.topic ?? '').not.toContain('boss');
    await client.close();
    await server.close();
    expect((await server.archive.messages(sessionId)).map(({ text }) => text)).toEqual(['Hello.']);
  });

  it('is dropped for the words that were really said', async () => {
    // The recogniser is far behind when the person pauses.
    const { client, engine } = await talk({ wordSamples: 8000, firstTokenMs: 2000, said: 'I want my boss to listen' });
    const done = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(done.spokenText).toBe('You said: I want my boss to listen.');
    expect(engine.aborted).toBeGreaterThan(0);
    const asked = engine.requests.map(({ conversation }) => conversation.at(-1)?.text);
    expect(asked.at(-1)).toBe('I want my boss to listen');
    expect(client.all('turn.started').map(({ turn }) => turn)).toEqual([1, 2]);
  });

  it('is not begun on words that may be about the end of the session', async () => {
    const { client, engine } = await talk({ said: 'let us wrap up' });
    await client.next('turn.done', ({ turn }) => turn === 2);
    expect(engine.requests.map(({ occasion }) => occasion)).toEqual(['greeting']);
  });

  it('is not begun where it is switched off', async () => {
    const { client, engine } = await talk({ env: { LLM_EARLY_START: 'no' } });
    await client.next('speech.stopped');
    await client.next('transcript.user', ({ final }) => final);
    await client.next('turn.done', ({ turn }) => turn === 2);
    expect(engine.requests).toHaveLength(2);
    expect(engine.requests[1]?.conversation.at(-1)?.text).toBe(SAID);
  });
});
