import { afterEach, expect, it } from 'vitest';
import type { Hello } from '../../protocol/messages.ts';
import { FILLER_TEXTS } from '../../server/voice/fillers.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../support/cloud/openai.ts';
import { type BenchServer, startBenchServer } from '../bench/server.ts';
import { connectTestClient, createTestSession } from '../support/test-client.ts';

const START_MS = 60_000;

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
    {},
    { OPENAI_API_KEY: CLOUD_KEY, OPENAI_BASE_URL: cloud.baseUrl, TTS_PROVIDER: 'local', ...env },
  );
  const { socket } = await createTestSession(server.url);
  return connectTestClient({ access: socket, hello: { audio } });
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
