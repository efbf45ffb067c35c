import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody, SessionBody } from '../../protocol/rest.ts';
import { type BenchServer, startBenchServer } from '../bench/server.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../support/cloud/openai.ts';
import { connectTestClient, createTestSession } from '../support/test-client.ts';

const START_MS = 60_000;

let cloud: OpenAiCloud;
let server: BenchServer;

/** Each call of the model is 100 tokens in and 20 out, and so costs 1; a turn is a call for the words and one for the notes. */
beforeAll(async () => {
  cloud = await startOpenAiCloud();
  cloud.chat.decide(({ response_format: format }) => ({ text: format ? '{}' : 'What would help you?' }));
  server = await startBenchServer(
    {},
    {
      OPENAI_API_KEY: CLOUD_KEY,
      OPENAI_BASE_URL: cloud.baseUrl,
      TTS_PROVIDER: 'local',
      PRICE_OUTPUT_TOKENS: '50000',
      BUDGET_SESSION: '4.5',
      BUDGET_USER_DAY: '9',
    },
  );
}, START_MS);
afterAll(async () => {
  await server.close();
  await cloud.close();
});

async function create(headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/sessions`, { method: 'POST', headers });
  const body = (await response.json()) as { data: CreatedSessionBody; error?: string; code?: string };
  return { response, ...body };
}

async function read(sessionId: string, headers: Record<string, string> = {}): Promise<SessionBody> {
  const response = await fetch(`${server.url}/api/sessions/${sessionId}`, { headers });
  return ((await response.json()) as { data: SessionBody }).data;
}

/** Talks until the session closes for its budget. */
async function spend(session: CreatedSessionBody, headers: Record<string, string> = {}) {
  const client = connectTestClient({ access: session.socket, hello: { audio: {} }, headers });
  await client.next('turn.done');
  for (const turn of [2, 3]) {
    client.send({ type: 'text', id: `t${turn}`, text: `I am tired of my work, really, ${turn}` });
    await client.next('turn.done', (done) => done.turn === turn);
  }
  return client;
}

describe('what a session uses', () => {
  it('stands with its turns, in the answer about it, and in the metrics', async () => {
    const session = await createTestSession(server.url);
    expect(session.usage).toEqual({});
    const client = connectTestClient({ access: session.socket, hello: { audio: {} } });
    const greeting = await client.next('turn.done');
    expect(greeting.usage).toEqual({ inputTokens: 100, outputTokens: 20, cost: 1 });
    client.send({ type: 'text', id: 'a', text: 'I am tired' });
    const reply = await client.next('turn.done', ({ turn }) => turn === 2);
    expect(reply.usage).toEqual({ inputTokens: 200, outputTokens: 40, cost: 2 });
    expect((await read(session.sessionId)).usage).toEqual({ inputTokens: 300, outputTokens: 60, cost: 3 });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/kuku_usage_total\{kind="model",provider="openai",model="[^"]+",unit="output_tokens"\} \d/);
    expect(metrics).toMatch(/kuku_cost_total\{kind="model",provider="openai",model="[^"]+"\} \d/);
    await fetch(`${server.url}/api/sessions/${session.sessionId}/end`, { method: 'POST' });
    await client.closed;
    // Ended, it is read from the archive.
    await expect.poll(async () => (await read(session.sessionId)).usage.outputTokens).toBe(60);
  });

  it('is counted for a turn over REST as well', async () => {
    const session = await createTestSession(server.url);
    const response = await fetch(`${server.url}/api/sessions/${session.sessionId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'I am tired' }),
    });
    expect(response.status).toBe(200);
    expect((await read(session.sessionId)).usage).toMatchObject({ outputTokens: 40, cost: 2 });
  });
});

describe('a session whose budget is spent', () => {
  it('closes politely: the coach says so, and the recap follows', async () => {
    const session = await createTestSession(server.url);
    const client = await spend(session);
    const ended = await client.next('session.ended');
    expect(ended).toMatchObject({ reason: 'quota', recap: { summary: expect.stringMatching(/\w/) } });
    const last = client.all('turn.done').at(-1);
    expect(last).toMatchObject({ status: 'completed' });
    expect(last?.spokenText).toMatch(/used up what is set aside/);
    expect(last?.spokenText).toContain(ended.recap?.summary.split('.')[0]);
    expect(await client.closed).toBe(4029);
    // The recap is not one that costs again.
    expect(last?.usage).toBeUndefined();
  });
});

describe('a user whose budget for the day is spent', () => {
  it('gets no new session until tomorrow, nor into an old one, and is told so; others do', async () => {
    const { url: origin } = server;
    const first = await create({ origin });
    const cookie = first.response.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).not.toBe('');
    const browser = { origin, cookie };
    const earlier = await create(browser);
    await (
      await spend(first.data, browser)
    ).closed;
    const second = await create(browser);
    await (
      await spend(second.data, browser)
    ).closed;

    const refused = await create(browser);
    expect(refused.response.status).toBe(429);
    expect(refused).toMatchObject({ code: 'budget_spent', error: expect.stringContaining('Tomorrow') });
    const waitSeconds = Number(refused.response.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(86_400);

    const late = connectTestClient({ access: earlier.data.socket, hello: { audio: {} }, headers: browser });
    expect(await late.closed).toBe(4029);
    expect(late.all('error')).toMatchObject([{ code: 'budget_spent', fatal: true }]);

    expect((await create()).response.status).toBe(200);
  });
});
