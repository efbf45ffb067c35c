/** A server that others wrote, with a reading of the API of its own: reached by its address alone. */
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BenchServer, startBenchServer } from '../bench/server.ts';
import { tonePcm } from '../support/cloud/openai-audio.ts';
import { energyVad } from '../support/scripted.ts';
import { connectTestClient, createTestSession, utterance } from '../support/test-client.ts';
import { voiceIn } from '../support/voices.ts';

const SAID = 'I want to talk about my boss.';
const ANSWER = 'Your boss matters to you. What would you like to change?';

const foreign = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
let server: BenchServer;

beforeAll(async () => {
  foreign.onMessage(/has just joined/, { content: 'Hello, I am Kuku.' });
  foreign.onMessage(/boss/, { content: ANSWER });
  foreign.on({ endpoint: 'realtime-transcription' }, { transcription: { text: SAID } });
  foreign.onSpeech(/./, { audio: tonePcm(1500).toString('base64'), format: 'pcm' });
  const url = await foreign.start();
  server = await startBenchServer(
    { vad: energyVad() },
    {
      LOG_LEVEL: 'silent',
      OPENAI_BASE_URL: `${url}/v1`,
      STT_PROVIDER: 'openai',
      LLM_PROVIDER: 'openai',
      TTS_PROVIDER: 'openai',
      LIMIT_AUDIO_BURST_SECONDS: '60',
      LIMIT_AUDIO_FACTOR: '20',
    },
  );
}, 60_000);

afterAll(async () => {
  await server.close();
  await foreign.stop();
});

it('hears, thinks and speaks', async () => {
  const { socket } = await createTestSession(server.url);
  const client = connectTestClient({ access: socket });
  const { spokenText } = await client.next('turn.done');
  expect(spokenText).toMatch(/^Hello, I am Kuku\./);
  client.speak(utterance());
  const done = await client.next('turn.done', ({ turn }) => turn === 2);
  expect(client.all('transcript.user').findLast(({ final }) => final)?.text).toBe(SAID);
  expect(done).toMatchObject({ status: 'completed', spokenText: ANSWER });
  const voices = client.frames.filter(({ stream }) => stream === 2).map(({ pcm }) => voiceIn(pcm, 16_000));
  expect(voices).toContain('cloud');
  expect(voices).not.toContain('mixed');
  const asked = foreign.getRequests().map(({ path }) => path);
  expect(asked).toEqual(
    expect.arrayContaining([expect.stringContaining('/v1/realtime'), '/v1/chat/completions', '/v1/audio/speech']),
  );
  await client.close();
});
