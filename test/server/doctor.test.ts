import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { checksFor, runChecks } from '../../server/doctor-checks.ts';
import { type Check, lastFour, ok, placeOf, reportTable } from '../../server/doctor-report.ts';
import { systemClock } from '../../server/ports/clock.ts';
import { startCloud } from '../support/cloud/cloud.ts';
import { accountRoutes } from '../support/cloud/elevenlabs.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../support/cloud/openai.ts';
import { postgresServer } from '../support/databases.ts';
import { startRedis } from '../support/redis.ts';

const CURRENT = ['gpt-6-luna', 'gpt-live-transcribe', 'gpt-transcribe', 'gpt-4o-mini-tts'];

let cloud: OpenAiCloud;
let folder: string;

beforeEach(async () => {
  cloud = await startOpenAiCloud();
  for (const model of CURRENT) cloud.models.set(model, {});
  folder = await mkdtemp(join(tmpdir(), 'kuku-doctor-'));
});

afterEach(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

async function examine(env: Record<string, string>, deadlineMs?: number) {
  const config = loadConfig({ DATA_DIR: join(folder, 'data'), KUKU_MODELS_DIR: folder, ...env });
  const results = await runChecks(checksFor(config, systemClock), systemClock, deadlineMs);
  return new Map(results.map((result) => [result.name, result]));
}

const openAi = (more: Record<string, string> = {}) => ({
  OPENAI_API_KEY: CLOUD_KEY,
  OPENAI_BASE_URL: cloud.baseUrl,
  ...more,
});

describe('OpenAI', () => {
  it('is looked at where there is a key, model by model', async () => {
    const found = await examine(openAi());
    expect(found.get('OpenAI coach')).toMatchObject({
      state: 'ok',
      detail: `model gpt-6-luna; at ${cloud.baseUrl}, key …WXYZ`,
    });
    expect(found.get('OpenAI transcription')).toMatchObject({ state: 'ok' });
    expect((await examine({})).has('OpenAI coach')).toBe(false);
  });

  it('is looked at for what it is named for, and for nothing else', async () => {
    const found = await examine(
      openAi({ LLM_PROVIDER: 'openai,builtin', STT_PROVIDER: 'local', TTS_PROVIDER: 'local' }),
    );
    expect([...found.keys()].filter((name) => name.startsWith('OpenAI'))).toEqual(['OpenAI coach']);
  });

  it.each([
    ['unknown', 'gpt-nine', undefined, 'failed', /model gpt-nine is unknown there, or retired/],
    ['retired', 'gpt-old', '2025-01-01', 'failed', /model gpt-old was shut down on 2025-01-01/],
    ['ending', 'gpt-end', inDays(30), 'warning', /model gpt-end will be shut down on/],
    ['ending in a year', 'gpt-year', inDays(365), 'ok', /model gpt-year, until/],
  ])('tells of a model that is %s', async (_, model, shutdown, state, detail) => {
    if (shutdown) cloud.models.set(model, { shutdown });
    const found = (await examine(openAi({ OPENAI_LLM_MODEL: model }))).get('OpenAI coach');
    expect(found?.state).toBe(state);
    expect(found?.detail).toMatch(detail);
  });

  it('tells of a model whose end only its maker has announced', async () => {
    const { detail } = (await examine(openAi())).get('OpenAI speech') ?? {};
    expect(detail).toContain('2027-01-06');
  });

  it('tells of a wrong key, of which it shows the last four letters at most', async () => {
    const key = 'sk-proj-0123456789-wrong-ABCD';
    const results = await examine(openAi({ OPENAI_API_KEY: key }));
    expect(results.get('OpenAI coach')).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^OpenAI does not accept its key\..*key …ABCD/),
    });
    expect(reportTable([...results.values()])).not.toContain('0123456789');
  });

  it('tells when nobody is there, or when somebody is but does not answer', async () => {
    const { baseUrl } = cloud;
    await cloud.close();
    expect((await examine(openAi({ OPENAI_BASE_URL: baseUrl }))).get('OpenAI coach')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('OpenAI could not be reached'),
    });
    const silent = await startCloud([
      { method: 'GET', path: /./, respond: (_, answer) => answer.trouble({ trouble: 'hang' }) },
    ]);
    const hanging = await examine(openAi({ OPENAI_BASE_URL: silent.url }), 300);
    expect(hanging.get('OpenAI coach')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('no answer'),
    });
    await silent.close();
  });

  it('on a server without a list of models is not known, which is no failure', async () => {
    const bare = await startCloud([]);
    const found = await examine(openAi({ OPENAI_BASE_URL: bare.url }));
    expect(found.get('OpenAI coach')).toMatchObject({ state: 'warning' });
    await bare.close();
  });
});

describe('ElevenLabs', () => {
  const KEY = 'sk_0123456789abcdef0123456789abcdef';

  it.each([
    ['a good key', { ELEVENLABS_TTS_MODEL: 'eleven_flash_v2_5', ELEVENLABS_VOICE_ID: 'anna' }, 'ok', 'ok'],
    ['an unknown model', { ELEVENLABS_TTS_MODEL: 'eleven_old' }, 'failed', undefined],
    ['an unknown voice', { ELEVENLABS_VOICE_ID: 'bert' }, 'ok', 'failed'],
    ['a wrong key', { ELEVENLABS_API_KEY: 'sk_wrong_wrong_wrong' }, 'failed', undefined],
  ])('with %s', async (_, env, key, voice) => {
    const eleven = await startCloud(accountRoutes(KEY));
    const found = await examine({ ELEVENLABS_API_KEY: KEY, ELEVENLABS_BASE_URL: eleven.url, ...env });
    expect(found.get('ElevenLabs')?.state).toBe(key);
    expect(found.get('ElevenLabs voice')?.state).toBe(voice);
    expect(JSON.stringify([...found])).not.toContain(KEY);
    await eleven.close();
  });
});

describe('Redis', () => {
  it('that answers is fine, and shown without its password', async () => {
    const redis = await startRedis();
    const found = (await examine({ REDIS_URL: redis.url })).get('Redis');
    expect(found?.state).toBe('ok');
    await redis.kill();
    const gone = (await examine({ REDIS_URL: redis.url.replace('//', '//user:geheim@') })).get('Redis');
    expect(gone?.state).toBe('failed');
    expect(gone?.detail).not.toContain('geheim');
    await redis.remove();
  });
});

describe('the database', () => {
  it('that is embedded needs a folder that can be written to', async () => {
    expect((await examine({})).get('database')).toMatchObject({ state: 'ok' });
    await writeFile(join(folder, 'file'), '');
    expect((await examine({ DATA_DIR: join(folder, 'file', 'data') })).get('database')).toMatchObject({
      state: 'failed',
    });
  });

  it('that nobody serves has failed, and its password is not shown', async () => {
    const found = (await examine({ DATABASE_URL: 'postgres://kuku:geheim@127.0.0.1:1/kuku' })).get('database');
    expect(found?.state).toBe('failed');
    expect(found?.detail).toContain('127.0.0.1:1');
    expect(found?.detail).not.toContain('geheim');
  });

  it('that is served tells its version', async (context) => {
    const server = await postgresServer();
    if (server === undefined) return context.skip('no Postgres server here');
    const found = (await examine({ DATABASE_URL: server })).get('database');
    expect(found).toMatchObject({ state: 'ok', detail: expect.stringMatching(/Postgres \d+/) });
  });
});

it('looks for the speech models and for the persona', async () => {
  const missing = await examine({ COACH_PERSONA_FILE: join(folder, 'nobody.txt') });
  expect(missing.get('model silero-vad')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('npm run models'),
  });
  expect(missing.get("coach's persona")).toMatchObject({ state: 'failed' });
  const there = await examine({ KUKU_MODELS_DIR: process.env['KUKU_MODELS_DIR'] ?? '' });
  expect(there.get('model silero-vad')).toMatchObject({ state: 'ok' });
});

describe('a check', () => {
  it('that throws has failed, and what it says is not passed on: it may quote a secret', async () => {
    const checks: Check[] = [{ name: 'bad', run: () => Promise.reject(new TypeError('key sk-123')) }];
    expect(await runChecks(checks, systemClock)).toEqual([
      { name: 'bad', state: 'failed', detail: 'failed (TypeError)' },
    ]);
  });

  it('that hangs has failed after a while, and the others have not', async () => {
    const checks: Check[] = [
      { name: 'hangs', run: () => new Promise(() => {}) },
      { name: 'fine', run: () => Promise.resolve(ok('yes')) },
    ];
    const [hangs, fine] = await runChecks(checks, systemClock, 50);
    expect([hangs?.state, fine?.state]).toEqual(['failed', 'ok']);
  });
});

it.each([
  [undefined, 'none'],
  ['short', '…'],
  [CLOUD_KEY, '…WXYZ'],
])('shows of the secret %s only %s', (secret, shown) => {
  expect(lastFour(secret)).toBe(shown);
});

it('shows of a URL the place and not who is let in', () => {
  expect(placeOf('redis://user:geheim@cache.example:6379/2')).toBe('redis://cache.example:6379/2');
});

describe('the command', () => {
  const doctor = fileURLToPath(new URL('../../server/doctor.ts', import.meta.url));
  const run = (env: Record<string, string>) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const { PATH = '' } = process.env;
      const given = { PATH, DATA_DIR: join(folder, 'data'), KUKU_MODELS_DIR: folder, ...env };
      // In a folder without an .env file.
      execFile(process.execPath, [doctor], { cwd: folder, env: given }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      });
    });

  it('prints a table and ends with 0 when nothing has failed', async () => {
    const { code, output } = await run(openAi());
    expect(output).toMatch(/OpenAI coach +ok +model gpt-6-luna/);
    expect(output).toMatch(/\d+ checks, \d+ warnings, 0 failed/);
    expect(output).not.toContain(CLOUD_KEY);
    expect(code).toBe(0);
  });

  it('ends with 1 when something has, and says what', async () => {
    const { code, output } = await run(openAi({ OPENAI_LLM_MODEL: 'gpt-nine' }));
    expect(output).toMatch(/OpenAI coach +FAILED +model gpt-nine is unknown/);
    expect(code).toBe(1);
  });

  it('ends with 1 on a configuration that cannot be read', async () => {
    const { code, output } = await run({ PORT: 'x' });
    expect(output).toContain('PORT is "x"');
    expect(code).toBe(1);
  });
});

function inDays(days: number): string {
  return new Date(systemClock.now() + days * 86_400_000).toISOString().slice(0, 10);
}
