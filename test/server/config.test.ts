import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, type Environment, loadConfig, readEnvironment } from '../../server/config.ts';
import { envExample, withConfigurationTable } from '../../server/config-docs.ts';
import type { Variable } from '../../server/config-kinds.ts';
import { VARIABLES } from '../../server/config-variables.ts';

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration without a single variable', () => {
  const config = loadConfig({});

  it('listens on loopback, keeps everything in memory and folders, and lets guests in', () => {
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataDir: resolve('data'),
      modelsDir: resolve('models'),
      logLevel: 'info',
      providers: { speechToText: 'auto', languageModel: 'auto', textToSpeech: 'auto' },
      auth: { mode: 'guest' },
      warnings: [],
    });
    for (const unset of [config.redisUrl, config.databaseUrl, config.audioStoreUrl, config.allowedOrigins]) {
      expect(unset).toBeUndefined();
    }
  });

  it('has the session of 30 minutes that closes by 45', () => {
    expect(config.session).toEqual({
      budgetMs: 1_800_000,
      hardLimitMs: 2_700_000,
      warningsMs: [300_000, 60_000],
      extensionMs: 300_000,
      cooldownExchanges: 5,
      maxExchanges: 25,
      minExchangesForGoal: 15,
      confirmationMs: 60_000,
      idlePromptMs: 120_000,
      idleEndMs: 300_000,
      resumeWindowMs: 120_000,
    });
  });

  it('has the limits of the protocol', () => {
    expect(config.limits).toEqual({
      heartbeatMs: 10_000,
      helloMs: 10_000,
      ticketMs: 30_000,
      textBytes: 16_384,
      frameBytes: 65_536,
      controlPerSecond: 20,
      audioFactor: 1.25,
      audioBurstMs: 5000,
      socketsPerUser: 3,
      socketsPerAddress: 20,
      connectionsPerAddress: 1000,
      rates: {
        rules: {
          requests: { points: 240, windowMs: 60_000 },
          sessions: { points: 30, windowMs: 3_600_000 },
          messages: { points: 30, windowMs: 60_000 },
          handshakes: { points: 30, windowMs: 60_000 },
          signIns: { points: 5, windowMs: 60_000 },
        },
        addressFactor: 10,
      },
      playbackAheadMs: 1000,
      playbackReportMs: 5000,
      unsentBytes: 262_144,
    });
  });
});

describe('configuration that is set', () => {
  it('reads seconds with fractions as milliseconds', () => {
    const { session } = loadConfig({ SESSION_BUDGET_SECONDS: '2.5', CONFIRMATION_SECONDS: '0.25' });
    expect(session).toMatchObject({ budgetMs: 2500, confirmationMs: 250 });
  });

  it('keeps the order of providers and ignores the spaces around them', () => {
    const { providers } = loadConfig({
      STT_PROVIDER: ' openai , local ',
      LLM_PROVIDER: 'builtin',
      OPENAI_API_KEY: 'sk-test',
    });
    expect(providers).toEqual({ speechToText: ['openai', 'local'], languageModel: ['builtin'], textToSpeech: 'auto' });
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ REDIS_URL: '', PORT: ' ', AUTH: '' })).toMatchObject({ redisUrl: undefined, port: 3000 });
  });

  it('sorts warnings, longest time left first', () => {
    expect(loadConfig({ SESSION_WARNINGS_SECONDS: '30, 120' }).session.warningsMs).toEqual([120_000, 30_000]);
  });

  it('takes the slash off the end of a base URL, so that a path can be put after it', () => {
    expect(loadConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/' }).openai.baseUrl).toBe(
      'http://127.0.0.1:11434/v1',
    );
  });

  it('reads a list of exact origins', () => {
    expect(loadConfig({ ALLOWED_ORIGINS: 'https://a.example,http://localhost:5173' }).allowedOrigins).toEqual([
      'https://a.example',
      'http://localhost:5173',
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('lets guests in on %s', (HOST) => {
    expect(loadConfig({ HOST }).auth.mode).toBe('guest');
    expect(loadConfig({ HOST, PUBLIC_URL: 'http://localhost:8080' }).auth.mode).toBe('guest');
  });
});

describe('a server that can be reached from elsewhere', () => {
  const SECRET = 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe';
  const behindTls = { PUBLIC_URL: 'https://coach.example', TRUSTED_PROXIES: '10.0.0.1' };

  it.each([
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.168.1.5' },
    { HOST: '127.evil.example' },
    { HOST: '127.0.0.1' },
  ])('does not start with guests unless that is said: %o', ({ HOST }) => {
    const env = { HOST, ...behindTls };
    expect(problemsOf(env)).toEqual([
      expect.stringMatching(
        /^(HOST|PUBLIC_URL) is \S+, so that people from elsewhere come and must sign in, but nobody could: set AUTH_SECRET .* or AUTH_JWKS_URL and AUTH_ISSUER .*; or say AUTH=guest/,
      ),
    ]);
    expect(loadConfig({ ...env, AUTH: 'guest' }).auth.mode).toBe('guest');
    expect(loadConfig({ ...env, AUTH_SECRET: SECRET }).auth).toMatchObject({ mode: 'required', secret: SECRET });
  });

  it('does not start when people must sign in and there is no way to', () => {
    expect(problemsOf({ AUTH: 'required' })).toEqual([
      expect.stringMatching(
        /^AUTH is required, but nobody could sign in: set AUTH_SECRET \(such as what `openssl rand/,
      ),
    ]);
    const issuer = { AUTH_JWKS_URL: 'https://a.example/jwks.json', AUTH_ISSUER: 'https://a.example' };
    expect(loadConfig({ AUTH: 'required', ...issuer }).auth.mode).toBe('required');
  });

  it.each([{ AUTH: 'guest' }, { AUTH_SECRET: SECRET }])('does not start without TLS in front: %o', (env) => {
    expect(problemsOf({ HOST: '0.0.0.0', ...env })).toEqual([
      expect.stringMatching(
        /^HOST is 0\.0\.0\.0, and nothing says that TLS is in front: put a balancer .* set PUBLIC_URL .* or TRUSTED_PROXIES/,
      ),
    ]);
    expect(problemsOf({ HOST: '0.0.0.0', ...env, TRUSTED_PROXIES: '10.0.0.0/8' })).toEqual([]);
    expect(problemsOf({ HOST: '0.0.0.0', ...env, PUBLIC_URL: 'https://coach.example' })).toEqual([]);
    for (const HOST of ['127.0.0.1', '0.0.0.0']) {
      const plain = { HOST, ...env, PUBLIC_URL: 'http://coach.example', TRUSTED_PROXIES: 'loopback' };
      expect(problemsOf(plain)).toEqual([expect.stringMatching(/^PUBLIC_URL is http:.*, without TLS: .* https:\/\//)]);
    }
  });

  it.each(['change-me-change-me-change-me-change-me', 'a'.repeat(40), 'better-auth-secret-12345678901234567890'])(
    'does not start with a secret out of a book: %s',
    (AUTH_SECRET) => {
      for (const env of [{}, { HOST: '0.0.0.0', ...behindTls }]) {
        const problems = problemsOf({ ...env, AUTH_SECRET });
        expect(problems).toEqual([expect.stringMatching(/^AUTH_SECRET can be guessed .* `openssl rand -base64 32`/)]);
        expect(problems.join()).not.toContain(AUTH_SECRET);
      }
    },
  );

  it('takes the secrets that openssl makes', () => {
    for (let i = 0; i < 2000; i += 1) {
      for (const form of ['base64', 'hex'] as const) {
        expect(problemsOf({ AUTH_SECRET: randomBytes(32).toString(form) })).toEqual([]);
      }
    }
  });
});

describe('a default', () => {
  it('gives way to a shorter budget: warnings that can never come due are left out', () => {
    expect(loadConfig({ SESSION_BUDGET_SECONDS: '120' }).session.warningsMs).toEqual([60_000]);
    expect(loadConfig({ SESSION_BUDGET_SECONDS: '10' }).session.warningsMs).toEqual([]);
  });

  it('gives way to a shorter hard limit and to an earlier end by silence', () => {
    const { session } = loadConfig({ SESSION_HARD_LIMIT_SECONDS: '5', IDLE_END_SECONDS: '4' });
    expect(session).toMatchObject({ budgetMs: 5000, hardLimitMs: 5000, idlePromptMs: 4000, idleEndMs: 4000 });
  });
});

describe('configuration that is wrong', () => {
  it('names the variable, what was given and what is accepted', () => {
    expect(problemsOf({ PORT: 'eighty' })).toEqual(['PORT is "eighty"; accepted: a whole number from 0 to 65535']);
    expect(problemsOf({ LOG_LEVEL: 'loud' })).toEqual([
      'LOG_LEVEL is "loud"; accepted: trace, debug, info, warn, error, fatal, silent',
    ]);
  });

  it('reports every problem at once, a line each', () => {
    const env = { PORT: '65536', AUTH: 'maybe', SESSION_BUDGET_SECONDS: '-1', LIMIT_AUDIO_FACTOR: '0.5' };
    expect(problemsOf(env).map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'SESSION_BUDGET_SECONDS',
      'LIMIT_AUDIO_FACTOR',
      'AUTH',
    ]);
    expect(() => loadConfig(env)).toThrow(/^The configuration can't be used:\n {2}PORT .*\n {2}SESSION_/);
  });

  it.each([
    ['REDIS_URL', 'http://user:hunter2@cache'],
    ['DATABASE_URL', 'hunter2'],
    ['AUDIO_STORE_URL', 'https://hunter2@bucket'],
    ['AUTH_SECRET', 'hunter2'],
    ['OPENAI_BASE_URL', 'ftp://user:hunter2@models.example'],
  ])('never shows what is secret in %s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is `);
    expect(problems[0]).not.toContain('hunter2');
  });

  it.each([
    [{ STT_PROVIDER: 'builtin' }, /^STT_PROVIDER is "builtin"; accepted: auto, or .* of openai, elevenlabs, local/],
    [{ LLM_PROVIDER: 'local' }, /^LLM_PROVIDER is "local"; accepted: auto, or .* of openai, builtin/],
    [{ TTS_PROVIDER: 'local,local' }, /at most once/],
    [{ TTS_PROVIDER: 'local,' }, /^TTS_PROVIDER is "local,"/],
    [{ STT_PROVIDER: 'openai' }, /^STT_PROVIDER names openai, which needs OPENAI_API_KEY/],
    [{ TTS_PROVIDER: 'elevenlabs,local' }, /^TTS_PROVIDER names elevenlabs, which needs ELEVENLABS_API_KEY/],
    [{ SESSION_BUDGET_SECONDS: '3600' }, /^SESSION_BUDGET_SECONDS is 3600, more than SESSION_HARD_LIMIT_SECONDS/],
    [{ SESSION_WARNINGS_SECONDS: '60,1800' }, /^SESSION_WARNINGS_SECONDS names 1800, not less than/],
    [{ IDLE_PROMPT_SECONDS: '301' }, /^IDLE_PROMPT_SECONDS is 301, more than IDLE_END_SECONDS/],
    [{ AUTH_JWKS_URL: 'https://issuer.example/keys' }, /^AUTH_JWKS_URL needs AUTH_ISSUER/],
    [{ AUTH_ISSUER: 'https://issuer.example' }, /^AUTH_ISSUER needs AUTH_JWKS_URL/],
    [
      { AUTH_JWKS_URL: 'https://issuer.example/keys', AUTH_ISSUER: 'guest' },
      /^AUTH_ISSUER is "guest"; accepted: a URL/,
    ],
    [{ AUTH_JWKS_URL: 'http://issuer.example/keys', AUTH_ISSUER: 'https://a.example' }, /^AUTH_JWKS_URL has no TLS/],
    [{ ALLOWED_ORIGINS: '*' }, /^ALLOWED_ORIGINS is "\*"/],
    [{ ALLOWED_ORIGINS: 'https://a.example/' }, /without a path/],
    [{ PUBLIC_URL: 'coach.example' }, /^PUBLIC_URL is "coach.example"; accepted: a URL/],
    [{ SESSION_MAX_EXCHANGES: '2.5' }, /^SESSION_MAX_EXCHANGES is "2.5"; accepted: a whole number/],
    [{ LIMIT_FRAME_BYTES: '65537' }, /^LIMIT_FRAME_BYTES is "65537"/],
  ])('refuses %o', (env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
  });

  it('fails with a ConfigError and nothing else, whatever is given', () => {
    const values = fc.record(
      Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, fc.string({ unit: 'grapheme' })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(values, (env) => {
        expect(problemsOf(env)).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('misspelt variables', () => {
  it('are warned about with the name that was meant', () => {
    const { warnings } = loadConfig({ SESSION_BUGDET_SECONDS: '60', LIMIT_FOO: '1', OPENAI_APIKEY: 'sk-secret' });
    expect(warnings).toEqual([
      'SESSION_BUGDET_SECONDS is not a variable of this server; did you mean SESSION_BUDGET_SECONDS?',
      expect.stringMatching(/^LIMIT_FOO is not a variable of this server/),
      'OPENAI_APIKEY is not a variable of this server; did you mean OPENAI_API_KEY?',
    ]);
  });

  it('are not seen in what belongs to others', () => {
    const env = { HOME: '/root', PATH: '/bin', SESSION_MANAGER: 'local/x', HOSTNAME: 'a', OPENAI_ORG_ID: 'org' };
    expect(loadConfig(env).warnings).toEqual([]);
  });
});

describe('the file .env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kuku-config-'));
  const names = ['KUKU_TEST_FROM_FILE', 'KUKU_TEST_SET_ALREADY'] as const;
  afterEach(() => {
    for (const name of names) delete process.env[name];
    rmSync(folder, { recursive: true, force: true });
  });

  it('completes the environment, and what is set already wins', () => {
    process.env['KUKU_TEST_SET_ALREADY'] = 'environment';
    const file = join(folder, '.env');
    writeFileSync(file, 'KUKU_TEST_FROM_FILE=file\nKUKU_TEST_SET_ALREADY=file\n');
    expect(readEnvironment(file)).toMatchObject({
      KUKU_TEST_FROM_FILE: 'file',
      KUKU_TEST_SET_ALREADY: 'environment',
    });
  });

  it('may be missing', () => {
    expect(readEnvironment(join(folder, 'no-such-file'))).toBe(process.env);
  });
});

describe('the documents made from the table of variables (npm run docs:config)', () => {
  const read = (name: string) => readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8');

  it('.env.example is current', () => {
    expect(read('.env.example')).toBe(envExample());
  });

  it("the README's configuration table is current", () => {
    const readme = read('README.md');
    expect(withConfigurationTable(readme)).toBe(readme);
  });

  it('say a default or what holds instead for every variable', () => {
    const silent = Object.entries<Partial<Variable>>(VARIABLES).filter(([, v]) => !v.fallback && !v.otherwise);
    expect(silent.map(([name]) => name)).toEqual([]);
  });
});
