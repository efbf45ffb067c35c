import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud/cloud.ts';
import { ELEVENLABS_KEY, elevenLabsRoutes } from '../support/cloud/elevenlabs.ts';
import { CLOUD_KEY, openAiRoutes } from '../support/cloud/openai.ts';
import { refusal } from '../support/cloud/openai-errors.ts';
import { type RealServer, startRealServer, STARTS_MS } from '../support/real-server.ts';
import { connectTestClient, createTestSession } from '../support/test-client.ts';

const TOKEN = 'metrics-token-that-nobody-may-read-0123456789';

let cloud: Cloud;
let server: RealServer;
let folder: string;

/** A server at work, as an operator starts it, with clouds that quote the key in every refusal. */
beforeAll(async () => {
  const [openAi, elevenLabs] = [openAiRoutes(), elevenLabsRoutes()];
  cloud = await startCloud([...elevenLabs.routes, ...openAi.routes]);
  const quote = `the key ${CLOUD_KEY}, or ${ELEVENLABS_KEY}, will not do`;
  openAi.chat.decide(() => refusal(400, { message: quote, code: CLOUD_KEY, type: 'x', param: CLOUD_KEY }, {}));
  folder = await mkdtemp(join(tmpdir(), 'kuku-report-'));
  server = await startRealServer({
    env: {
      LOG_LEVEL: 'trace',
      OPENAI_API_KEY: CLOUD_KEY,
      OPENAI_BASE_URL: `${cloud.url}/v1`,
      ELEVENLABS_API_KEY: ELEVENLABS_KEY,
      ELEVENLABS_BASE_URL: cloud.url,
      OPENAI_LLM_MODEL: 'gpt-of-yesterday',
      METRICS_TOKEN: TOKEN,
    },
    nodeArgs: ['--report-on-signal', '--report-uncaught-exception', `--report-directory=${folder}`],
  });
}, STARTS_MS);

afterAll(async () => {
  await server.stop();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

it('says at its start which model is unknown, with the key as its last four characters', async () => {
  const lines = await server.child.until((line) => line.includes('OpenAI coach'));
  expect(lines.at(-1)).toMatch(/gpt-of-yesterday is unknown there, or retired/);
  expect(lines.at(-1)).toContain(`…${CLOUD_KEY.slice(-4)}`);
  expect(lines.join('\n')).not.toContain(CLOUD_KEY);
}, 60_000);

it('has no key in its log, errors, metrics, recap, answers or crash report', async () => {
  const session = await createTestSession(server.url);
  const client = connectTestClient({ access: session.socket, hello: { audio: {} } });
  await client.next('turn.done');
  client.send({ type: 'text', id: 'a', text: 'On Monday I will talk to my boss' });
  await client.next('turn.done', ({ turn }) => turn === 2);
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`${server.url}${path}`, { method });
    return `${JSON.stringify([...response.headers])}\n${await response.text()}`;
  };
  const of = `/api/sessions/${session.sessionId}`;
  const answers = [await ask(`${of}/end`, 'POST'), await ask(`${of}/recap`), await ask(`${of}/messages`)];
  answers.push(await ask(of), await ask('/metrics'), await ask('/ready'), await ask('/api/nothing'));
  expect(answers[4]).toContain('kuku_turns_total');
  await client.closed;
  // What Node writes when it crashes, asked for by a signal.
  process.kill(server.pid, 'SIGUSR2');
  const reports = async () => Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  await expect
    .poll(async () => (await reports()).join('').includes('"javascriptStack"'), { timeout: 10_000 })
    .toBe(true);

  const everything = [...server.child.rest(), ...answers, ...(await reports()), JSON.stringify(client.received)].join(
    '\n',
  );
  expect(everything).toContain('a provider failed');
  const around = (secret: string) => {
    const at = everything.indexOf(secret);
    return at < 0 ? undefined : everything.slice(Math.max(0, at - 160), at);
  };
  // Where it is, without what it is.
  expect([CLOUD_KEY, ELEVENLABS_KEY, TOKEN].map(around)).toEqual([undefined, undefined, undefined]);
}, 60_000);
