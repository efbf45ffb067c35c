/** Configuration from the environment: read once, at start, and by nobody else. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { authMode, exposureProblems, isExposed } from './config-exposure.ts';
import type { Variable } from './config-kinds.ts';
import { VARIABLES, type Values, type VariableName } from './config-variables.ts';
import { KukuError } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Config = ReturnType<typeof arrange> & { warnings: readonly string[] };

/** Everything that is wrong with the configuration, one line a problem, fit to be shown as it is. */
export class ConfigError extends KukuError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const lines = problems.map((problem) => `  ${problem}`).join('\n');
    super(`The configuration can't be used:\n${lines}`, { code: 'config_invalid' });
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The process's environment, completed by the file `.env` where there is one; what is set already wins. */
export function readEnvironment(file = '.env'): Environment {
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

/**
 * Takes the secrets out of the process's environment once they are read: workers and processes of ours would inherit
 * them, and Node writes the environment into its crash reports, those of workers whatever the main thread says.
 */
export function forgetSecrets(): void {
  for (const [name, { secret }] of entries()) if (secret) delete process.env[name];
}

/**
 * Reads and checks everything at once. Durations are in ms, sizes in bytes, folders are absolute. An empty variable
 * counts as unset. `warnings` are for the log. Throws a `ConfigError` that names every problem.
 */
export function loadConfig(env: Environment): Config {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) if (value?.trim()) given.set(name, value.trim());
  const problems: string[] = [];
  const values = readAll(given, problems);
  giveWay(values, given);
  // Only whole values are compared with each other: a part that is wrong has its own line already.
  if (problems.length === 0) problems.push(...contradictions(values));
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...arrange(values), warnings: misspellings(env) };
}

function readAll(given: ReadonlyMap<string, string>, problems: string[]): Values {
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const [name, variable] of entries()) {
    const value = given.get(name) ?? variable.fallback;
    if (value === undefined) continue;
    const result = variable.schema.safeParse(value);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} is ${shown(value, variable)}; accepted: ${variable.accepts}`);
  }
  return values as Values;
}

function entries(): [VariableName, Variable][] {
  return Object.entries(VARIABLES) as [VariableName, Variable][];
}

function shown(value: string, variable: Variable): string {
  if (variable.secret) return 'set to something else (not shown)';
  const withoutCredentials = value.replace(/\/\/[^/]*@/, '//…@');
  return JSON.stringify(withoutCredentials.length > 80 ? `${withoutCredentials.slice(0, 80)}…` : withoutCredentials);
}

/** A default never contradicts what was set: a session of 10 s needs no other variable. */
function giveWay(values: Values, given: ReadonlyMap<string, string>): void {
  if (!given.has('SESSION_BUDGET_SECONDS')) {
    values.SESSION_BUDGET_SECONDS = Math.min(values.SESSION_BUDGET_SECONDS, values.SESSION_HARD_LIMIT_SECONDS);
  }
  if (!given.has('SESSION_WARNINGS_SECONDS')) {
    const fits = (leftMs: number) => leftMs < values.SESSION_BUDGET_SECONDS;
    values.SESSION_WARNINGS_SECONDS = values.SESSION_WARNINGS_SECONDS.filter(fits);
  }
  if (!given.has('IDLE_PROMPT_SECONDS')) {
    values.IDLE_PROMPT_SECONDS = Math.min(values.IDLE_PROMPT_SECONDS, values.IDLE_END_SECONDS);
  }
}

function contradictions(v: Values): string[] {
  const problems: string[] = [];
  const atMost = (small: VariableName, smallMs: number, large: VariableName, largeMs: number) => {
    if (smallMs > largeMs) problems.push(`${small} is ${smallMs / 1000}, more than ${large} (${largeMs / 1000})`);
  };
  const { SESSION_BUDGET_SECONDS: budgetMs, SESSION_HARD_LIMIT_SECONDS: hardLimitMs } = v;
  atMost('SESSION_BUDGET_SECONDS', budgetMs, 'SESSION_HARD_LIMIT_SECONDS', hardLimitMs);
  atMost('IDLE_PROMPT_SECONDS', v.IDLE_PROMPT_SECONDS, 'IDLE_END_SECONDS', v.IDLE_END_SECONDS);
  const tooEarly = v.SESSION_WARNINGS_SECONDS.filter((leftMs) => leftMs >= budgetMs);
  for (const leftMs of tooEarly) {
    problems.push(
      `SESSION_WARNINGS_SECONDS names ${leftMs / 1000}, not less than SESSION_BUDGET_SECONDS (${budgetMs / 1000})`,
    );
  }
  const hasPrice = Object.entries(v).some(([name, value]) => name.startsWith('PRICE_') && value !== undefined);
  for (const name of ['BUDGET_SESSION', 'BUDGET_USER_DAY'] as const) {
    if (v[name] !== undefined && !hasPrice) problems.push(`${name} needs a price (PRICE_…): without one nothing costs`);
  }
  for (const name of ['STT_PROVIDER', 'LLM_PROVIDER', 'TTS_PROVIDER'] as const) {
    const order: readonly string[] = v[name] === 'auto' ? [] : v[name];
    // A compatible server of one's own often needs no key.
    if (order.includes('openai') && !v.OPENAI_API_KEY && !v.OPENAI_BASE_URL) {
      problems.push(`${name} names openai, which needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server without keys`);
    }
    if (order.includes('elevenlabs') && !v.ELEVENLABS_API_KEY) {
      problems.push(`${name} names elevenlabs, which needs ELEVENLABS_API_KEY`);
    }
  }
  return [...problems, ...exposureProblems(v)];
}

/** Undefined: for ever. */
function daysOrEver(days: number): number | undefined {
  return days === 0 ? undefined : days * 86_400_000;
}

function arrange(v: Values) {
  return {
    host: v.HOST,
    port: v.PORT,
    dataDir: resolve(v.DATA_DIR),
    modelsDir: resolve(v.KUKU_MODELS_DIR),
    logLevel: v.LOG_LEVEL,
    publicUrl: v.PUBLIC_URL,
    /** Nobody but this machine reaches the server, and nothing is in front of it. */
    isLocal: !isExposed(v) && v.PUBLIC_URL === undefined && v.TRUSTED_PROXIES === undefined,
    allowedOrigins: v.ALLOWED_ORIGINS,
    trustedProxies: v.TRUSTED_PROXIES,
    redisUrl: v.REDIS_URL,
    databaseUrl: v.DATABASE_URL,
    audioStoreUrl: v.AUDIO_STORE_URL,
    encryptionKeys: v.ENCRYPTION_KEYS,
    kept: {
      audioMs: daysOrEver(v.AUDIO_KEPT_DAYS),
      transcriptsMs: daysOrEver(v.TRANSCRIPTS_KEPT_DAYS),
      recapsMs: daysOrEver(v.RECAPS_KEPT_DAYS),
    },
    consent: { file: v.CONSENT_FILE, required: v.CONSENT === 'required' },
    providers: { speechToText: v.STT_PROVIDER, languageModel: v.LLM_PROVIDER, textToSpeech: v.TTS_PROVIDER },
    careCountry: v.CARE_COUNTRY,
    coach: {
      personaFile: v.COACH_PERSONA_FILE && resolve(v.COACH_PERSONA_FILE),
      earlyStart: v.LLM_EARLY_START === 'yes',
    },
    ...arrangeAccounts(v),
    session: {
      budgetMs: v.SESSION_BUDGET_SECONDS,
      hardLimitMs: v.SESSION_HARD_LIMIT_SECONDS,
      /** Time left, longest first. */
      warningsMs: v.SESSION_WARNINGS_SECONDS,
      extensionMs: v.SESSION_EXTENSION_SECONDS,
      cooldownExchanges: v.SESSION_COOLDOWN_EXCHANGES,
      maxExchanges: v.SESSION_MAX_EXCHANGES,
      minExchangesForGoal: v.SESSION_MIN_EXCHANGES_FOR_GOAL,
      confirmationMs: v.CONFIRMATION_SECONDS,
      idlePromptMs: v.IDLE_PROMPT_SECONDS,
      idleEndMs: v.IDLE_END_SECONDS,
      resumeWindowMs: v.RESUME_WINDOW_SECONDS,
    },
    spending: arrangeSpending(v),
    limits: arrangeLimits(v),
    operators: {
      metricsToken: v.METRICS_TOKEN,
      // Behind a proxy that is not named, everybody would come from this machine.
      trustsLoopback: !isExposed(v) || v.TRUSTED_PROXIES !== undefined,
    },
  };
}

function arrangeAccounts(v: Values) {
  return {
    openai: {
      apiKey: v.OPENAI_API_KEY,
      baseUrl: v.OPENAI_BASE_URL,
      sttModel: v.OPENAI_STT_MODEL,
      sttFileModel: v.OPENAI_STT_FILE_MODEL,
      llmModel: v.OPENAI_LLM_MODEL,
      ttsModel: v.OPENAI_TTS_MODEL,
      ttsVoice: v.OPENAI_TTS_VOICE,
    },
    elevenLabs: {
      apiKey: v.ELEVENLABS_API_KEY,
      baseUrl: v.ELEVENLABS_BASE_URL,
      voiceId: v.ELEVENLABS_VOICE_ID,
      ttsModel: v.ELEVENLABS_TTS_MODEL,
      sttModel: v.ELEVENLABS_STT_MODEL,
    },
    auth: {
      mode: authMode(v),
      secret: v.AUTH_SECRET,
      jwksUrl: v.AUTH_JWKS_URL,
      issuer: v.AUTH_ISSUER,
      audience: v.AUTH_AUDIENCE,
      operators: v.AUTH_OPERATORS ?? [],
    },
  };
}

const MINUTE_MS = 60_000;

function arrangeSpending(v: Values) {
  return {
    prices: {
      inputTokens: v.PRICE_INPUT_TOKENS,
      cachedInputTokens: v.PRICE_CACHED_TOKENS,
      outputTokens: v.PRICE_OUTPUT_TOKENS,
      transcription: v.PRICE_TRANSCRIPTION,
      speech: v.PRICE_SPEECH,
    },
    limits: { session: v.BUDGET_SESSION, userDay: v.BUDGET_USER_DAY },
  };
}

function arrangeLimits(v: Values) {
  return {
    heartbeatMs: v.LIMIT_HEARTBEAT_SECONDS,
    helloMs: v.LIMIT_HELLO_SECONDS,
    ticketMs: v.LIMIT_TICKET_SECONDS,
    textBytes: v.LIMIT_TEXT_BYTES,
    frameBytes: v.LIMIT_FRAME_BYTES,
    controlPerSecond: v.LIMIT_CONTROL_PER_SECOND,
    audioFactor: v.LIMIT_AUDIO_FACTOR,
    audioBurstMs: v.LIMIT_AUDIO_BURST_SECONDS,
    socketsPerUser: v.LIMIT_SOCKETS_PER_USER,
    socketsPerAddress: v.LIMIT_SOCKETS_PER_ADDRESS,
    // A balancer's are those of everybody.
    connectionsPerAddress: v.TRUSTED_PROXIES
      ? Infinity
      : Math.max(v.LIMIT_CONNECTIONS_PER_ADDRESS, v.LIMIT_SOCKETS_PER_ADDRESS),
    rates: {
      rules: {
        requests: { points: v.LIMIT_REQUESTS_PER_MINUTE, windowMs: MINUTE_MS },
        sessions: { points: v.LIMIT_SESSIONS_PER_HOUR, windowMs: 60 * MINUTE_MS },
        messages: { points: v.LIMIT_MESSAGES_PER_MINUTE, windowMs: MINUTE_MS },
        handshakes: { points: v.LIMIT_HANDSHAKES_PER_MINUTE, windowMs: MINUTE_MS },
        signIns: { points: v.LIMIT_SIGN_INS_PER_MINUTE, windowMs: MINUTE_MS },
      },
      addressFactor: v.LIMIT_ADDRESS_FACTOR,
    },
    playbackAheadMs: v.LIMIT_PLAYBACK_AHEAD_SECONDS,
    playbackReportMs: v.LIMIT_PLAYBACK_REPORT_SECONDS,
    unsentBytes: v.LIMIT_UNSENT_BYTES,
  };
}

const OWN_PREFIX = /^(SESSION|LIMIT|CONFIRMATION|IDLE|RESUME|KUKU)_/;
/** Desktops set it for X11. */
const FOREIGN: ReadonlySet<string> = new Set(['SESSION_MANAGER']);

/** Names in our prefixes, or one or two letters away from a name of ours, that nobody reads. */
function misspellings(env: Environment): string[] {
  const known = Object.keys(VARIABLES);
  return Object.keys(env).flatMap((name) => {
    if (name in VARIABLES || FOREIGN.has(name)) return [];
    const closest = known.reduce((best, other) => (distance(name, other) < distance(name, best) ? other : best));
    const near = distance(name, closest);
    // In a name shorter than 8 letters, two letters make another word: HOME is not HOST.
    if (OWN_PREFIX.test(name) || (name.length >= 8 && near <= 2)) {
      return [`${name} is not a variable of this server${near <= 8 ? `; did you mean ${closest}?` : ''}`];
    }
    return [];
  });
}
