import { afterEach, describe, expect, it } from 'vitest';
import type { Hello } from '../../protocol/messages.ts';
import { FILLER_TEXTS } from '../../server/voice/fillers.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../support/cloud/openai.ts';
import { ELEVENLABS_KEY, startElevenLabsCloud } from '../support/cloud/elevenlabs.ts';
import { unauthorized } from '../support/cloud/openai-errors.ts';
import { toWav } from '../../server/providers/openai/wav.ts';
import { type BenchServer, startBenchServer } from '../bench/server.ts';
import { data, recordingForm } from '../support/rest.ts';
import { energyVad, tone } from '../support/scripted.ts';
import { connectTestClient, createTestSession, utterance } from '../support/test-client.ts';
import { voiceIn } from '../support/voices.ts';

const START_MS = 90_000;
/** The tests' microphones are faster than time. */
const FAST_MICROPHONE = { LIMIT_AUDIO_BURST_SECONDS: '60', LIMIT_AUDIO_FACTOR: '20' };

let cloud: OpenAiCloud;
let server: BenchServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await cloud.close();
});

/** The server as an operator with a key starts it; the cloud answers on loopback. */
async function talk(env: Record<string, string> = {}, audio: Hello['audio'] = {}) {
  cloud = await startOpenAiCloud();
  server = await startBenchServer(
    { vad: energyVad() },
    {
      ...FAST_MICROPHONE,
      OPENAI_API_KEY: CLOUD_KEY,
      OPENAI_BASE_URL: cloud.baseUrl,
      TTS_PROVIDER: 'local',
      ...env,
    },
  );
  const { socket, sessionId } = await createTestSession(server.url);
  const client = connectTestClient({ access: socket, hello: { audio } });
  return Object.assign(client, { messagesUrl: `${server.url}/api/sessions/${sessionId}/messages` });
}

it(
  'answers with the model when there is a key, and tells which one',
  async () => {
    const client = await talk();
    const { coach } = await client.next('ready');
    expect(coach.name).toContain('openai');
    await client.next('turn.done');
    cloud.chat.decide(({ messages }) =>
      JSON.stringify(messages).includes('I am tired')
        ? { text: 'You are tired. What would help you to rest?' }
        : undefined,
    );
    client.send({ type: 'text', id: 'a', text: 'I am tired' });
    const done = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(done.spokenText).toBe('You are tired. What would help you to rest?');
    expect(JSON.stringify(client.received)).not.toContain(CLOUD_KEY);
    await client.close();
  },
  START_MS,
);

it(
  'is answered by the built-in coach while the model fails, and the person is told nothing odd',
  async () => {
    const client = await talk();
    await client.next('turn.done');
    cloud.chat.decide(() => ({ trouble: 'status', status: 500, body: { error: { message: 'no' } } }));
    client.send({ type: 'text', id: 'a', text: 'I want to talk about my boss' });
    const done = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(done).toMatchObject({ status: 'completed' });
    expect(done.spokenText).toMatch(/boss/);
    expect(client.all('error')).toEqual([]);
    await client.close();
  },
  START_MS,
);

it(
  'closes with the recap that the model makes of the conversation',
  async () => {
    const client = await talk();
    await client.next('turn.done');
    const recap = {
      topic: 'sleep',
      goal: 'rest on Sundays',
      insights: [],
      commitments: [{ what: 'switch the phone off', by: 'Sunday', confidence: 8 }],
      summary: 'You want to rest on Sundays. You will switch the phone off.',
    };
    cloud.chat.decide(({ response_format: format }) => {
      if (format?.type !== 'json_schema') return undefined;
      return { text: JSON.stringify(format.json_schema.name.includes('recap') ? recap : {}) };
    });
    client.send({ type: 'text', id: 'a', text: 'On Sunday I will switch the phone off' });
    await client.next('turn.done', ({ turn }) => turn === 2);
    client.send({ type: 'text', id: 'b', text: 'Let us wrap up' });
    await client.next('turn.done', ({ turn }) => turn === 3);
    client.send({ type: 'text', id: 'c', text: 'Yes please' });
    const ended = await client.next('session.ended');
    expect(ended.recap).toMatchObject({ goal: 'rest on Sundays' });
    expect(client.all('turn.done').at(-1)?.spokenText).toContain('You want to rest on Sundays.');
  },
  START_MS,
);

it(
  'says after three turns without an answer that the session is saved, aloud as well, and goes on when there is one',
  async () => {
    const client = await talk({ LLM_PROVIDER: 'openai' }, { out: { rate: 16_000 } });
    await client.next('turn.done');
    cloud.chat.decide(() => ({ trouble: 'status', status: 401, body: { error: { message: 'no' } } }));
    for (const turn of [2, 3, 4]) {
      client.send({ type: 'text', id: `t${turn}`, text: 'I want to talk about my boss' });
      const done = await client.next('turn.done', (each) => each.turn === turn);
      expect(done).toMatchObject({ status: 'failed', spokenText: '' });
    }
    await client.next('error', ({ code }) => code === 'session_saved');
    expect(client.all('error').map(({ code }) => code)).toEqual([
      'provider_unauthorized',
      'provider_unauthorized',
      'session_saved',
    ]);
    const [sorry] = FILLER_TEXTS.apology;
    const [saved] = FILLER_TEXTS.saved;
    const notices = client.all('notice').filter(({ code }) => code === 'slow_provider');
    expect(notices.map(({ message }) => message)).toEqual([sorry, sorry, saved]);
    cloud.chat.decide(() => ({ text: 'Here I am again.' }));
    client.send({ type: 'text', id: 't5', text: 'Are you back?' });
    expect(await client.next('turn.done', ({ turn }) => turn === 5)).toMatchObject({ spokenText: 'Here I am again.' });
    await client.close();
  },
  START_MS,
);

it(
  'has recordings transcribed over HTTP, whole',
  async () => {
    const client = await talk();
    await client.next('turn.done');
    cloud.transcription.always({ text: 'I slept badly.' });
    const body = recordingForm(toWav(tone(16_000, 16_000), 16_000), 'recording.wav', 'audio/wav');
    const said = await data<{ userMessage: { text: string } }>(client.messagesUrl, { method: 'POST', body });
    expect(JSON.stringify(said)).toContain('I slept badly.');
    expect(cloud.transcription.requests.map(({ fields }) => fields['model'])).toEqual(['gpt-transcribe']);
    expect(cloud.realtime.sessions).toEqual([]);
    await client.close();
  },
  START_MS,
);

it(
  'asks aloud for words that nobody understood, keeps nothing of that, and hears the next ones over HTTP',
  async () => {
    const client = await talk({ STT_PROVIDER: 'openai' }, { in: { rate: 16_000 }, out: { rate: 16_000 } });
    await client.next('turn.done');
    cloud.realtime.connects.always(unauthorized(CLOUD_KEY));
    cloud.transcription.always(unauthorized(CLOUD_KEY));
    client.speak(utterance());
    const lost = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(lost).toMatchObject({ status: 'failed', spokenText: '' });
    expect(client.frames.filter(({ stream }) => stream === 2).length).toBeGreaterThan(50);
    expect(client.all('notice').map(({ code }) => code)).toEqual(['utterance_lost']);
    expect(client.all('error')).toEqual([]);
    expect(await data<unknown[]>(client.messagesUrl)).toMatchObject({ messages: [{ sender: 'ai' }] });
    cloud.transcription.always({ text: 'I slept badly.' });
    client.speak(utterance());
    await client.next('turn.done', ({ turn, status }) => turn === 3 && status === 'completed');
    const finals = client.all('transcript.user').filter(({ final }) => final);
    expect(finals.map(({ text }) => text)).toEqual(['I slept badly.']);
    await client.close();
  },
  START_MS,
);

/** All eighteen combinations: `npm run bench:combinations`. */
describe('a turn that is spoken', () => {
  it.each([
    ['openai', 'builtin', 'elevenlabs'],
    ['elevenlabs', 'openai', 'openai'],
  ])(
    'goes through %s for transcription, %s for the coach, %s for speech',
    async (stt, llm, tts) => {
      const eleven = await startElevenLabsCloud();
      const env = { STT_PROVIDER: stt, LLM_PROVIDER: llm, TTS_PROVIDER: tts };
      const elevenLabs = { ELEVENLABS_API_KEY: ELEVENLABS_KEY, ELEVENLABS_BASE_URL: eleven.url };
      const client = await talk({ ...env, ...elevenLabs }, { in: { rate: 16_000 }, out: { rate: 16_000 } });
      await client.next('turn.done');
      const said = 'I slept badly because of my boss.';
      cloud.realtime.utterances.always({ text: said });
      eleven.scribe.always({ text: said });
      cloud.chat.decide(({ response_format: format }) => ({ text: format ? '{}' : 'What would help?' }));
      client.speak(utterance());
      const done = await client.next('turn.done', ({ turn }) => turn === 2);
      expect(client.all('transcript.user').findLast(({ final }) => final)?.text).toBe(said);
      expect(done.spokenText).toMatch(llm === 'openai' ? /^What would help\?$/ : /boss/);
      expect(Object.keys(done.latency)).toEqual(expect.arrayContaining(LEGS));
      const frames = client.frames.filter(({ stream, last }) => stream === 2 && !last);
      expect(new Set(frames.map(({ pcm }) => voiceIn(pcm, 16_000)))).toContain('cloud');
      const heardBy = { openai: cloud.realtime.sessions.length, elevenlabs: eleven.scribe.utterances.length };
      const spokenBy = { openai: cloud.speech.requests.length, elevenlabs: eleven.voice.sockets.length };
      const nobody = (asked: Record<string, number>) => Object.keys(asked).filter((name) => asked[name] === 0);
      expect([nobody(heardBy), nobody(spokenBy)]).toEqual([[stt], [tts]].map(([one]) => other(one)));
      await client.close();
      await server?.close();
      server = undefined;
      await eleven.close();
    },
    START_MS,
  );
});

const LEGS = ['endOfSpeechToTurnEnd', 'transcript', 'modelFirstToken', 'firstSentence', 'speechFirstByte', 'total'];

function other(name: string | undefined): string[] {
  return ['openai', 'elevenlabs'].filter((each) => each !== name);
}
