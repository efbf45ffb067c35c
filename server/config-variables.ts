/**
 * Every environment variable the server knows, in one table: what it means, what it accepts, what holds without it.
 * `config.ts` reads by it; `.env.example` and the README's table are made from it.
 */
import { z } from 'zod';
import { MAX_FRAME_BYTES } from '../protocol/audio-frame.ts';
import { MAX_TEXT_MESSAGE_BYTES } from '../protocol/messages.ts';
import {
  choice,
  decimal,
  list,
  money,
  network,
  origin,
  providers,
  seconds,
  sealingKey,
  text,
  url,
  whole,
  toMs,
  DAY_SECONDS,
  type Variable,
} from './config-kinds.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const VARIABLES = {
  HOST: { ...text({ means: 'Address that the server listens on.' }), fallback: '127.0.0.1' },
  PORT: whole(3000, 'Port that the server listens on; 0 picks a free one.', 0, 65_535),
  DATA_DIR: { ...text({ means: 'Folder of the embedded database and of reply audio.' }), fallback: './data' },
  KUKU_MODELS_DIR: { ...text({ means: 'Folder of the speech models.' }), fallback: './models' },
  LOG_LEVEL: { ...choice('Least level that is logged.', LOG_LEVELS), fallback: 'info' },
  PUBLIC_URL: url(['http', 'https'], {
    means: 'Where clients reach the server: links to sockets and audio behind a proxy.',
    otherwise: 'from the request',
  }),
  ALLOWED_ORIGINS: {
    means: 'Origins whose pages may connect: an exact list.',
    accepts: 'a comma-separated list of origins such as https://coach.example.org, without a path',
    schema: list(origin),
    otherwise: 'own origin',
  },
  TRUSTED_PROXIES: {
    means: 'Balancers in front, which are believed when they say who asks: client address, scheme and host.',
    accepts: 'a comma-separated list of addresses, networks such as 10.0.0.0/8, and loopback, linklocal, uniquelocal',
    schema: list(network),
    otherwise: 'none: whoever connects is the client',
  },

  REDIS_URL: url(['redis', 'rediss'], {
    means: 'Redis for session state, timers, confirmation flags and resume.',
    otherwise: 'memory',
    secret: true,
  }),
  DATABASE_URL: url(['postgres', 'postgresql'], {
    means: 'Postgres or Supabase for users, history and transcripts.',
    otherwise: 'PGlite in `DATA_DIR`',
    secret: true,
  }),
  AUDIO_STORE_URL: url(['s3'], {
    means: 'S3-compatible storage for reply audio.',
    otherwise: '`DATA_DIR`',
    secret: true,
  }),

  STT_PROVIDER: providers('transcription', ['openai', 'elevenlabs', 'local']),
  LLM_PROVIDER: providers('the coaching', ['openai', 'builtin']),
  LLM_EARLY_START: {
    ...choice(
      'Whether a model begins its answer when the person pauses, before it is sure that they are done: sooner by up to a second, for some more tokens.',
      ['yes', 'no'],
    ),
    fallback: 'yes',
  },
  TTS_PROVIDER: providers('the speaking', ['openai', 'elevenlabs', 'local']),
  OPENAI_API_KEY: text({ means: 'Key for OpenAI or a compatible server.', otherwise: 'none', secret: true }),
  OPENAI_BASE_URL: url(['http', 'https'], { means: 'Any server that speaks its API.', otherwise: "OpenAI's" }),
  OPENAI_STT_MODEL: text({ means: 'Transcription model, streaming.', otherwise: "the adapter's" }),
  OPENAI_STT_FILE_MODEL: text({
    means:
      'Transcription model for recordings, and over HTTP where no socket comes about and this machine has no recogniser.',
    otherwise: "the adapter's",
  }),
  OPENAI_LLM_MODEL: text({ means: 'Language model.', otherwise: "the adapter's" }),
  OPENAI_TTS_MODEL: text({ means: 'Speech model.', otherwise: "the adapter's" }),
  OPENAI_TTS_VOICE: text({ means: 'Voice of the speech model.', otherwise: "the adapter's" }),
  COACH_PERSONA_FILE: text({
    means: "A text file with the coach's name and manner, for language models; at most 4000 characters.",
    otherwise: 'none',
  }),
  ELEVENLABS_API_KEY: text({ means: 'Key for ElevenLabs.', otherwise: 'none', secret: true }),
  ELEVENLABS_BASE_URL: url(['http', 'https'], {
    means: 'Another address; `http` turns into `ws` for sockets.',
    otherwise: "ElevenLabs'",
  }),
  ELEVENLABS_VOICE_ID: text({ means: 'Voice.', otherwise: "the adapter's" }),
  ELEVENLABS_TTS_MODEL: text({ means: 'Speech model.', otherwise: "the adapter's" }),
  ELEVENLABS_STT_MODEL: text({ means: 'Transcription model.', otherwise: "the adapter's" }),

  PRICE_INPUT_TOKENS: money('What a million tokens cost that a model reads, in any currency.', 'not counted'),
  PRICE_CACHED_TOKENS: money('The same for tokens that the provider has in its cache.', '`PRICE_INPUT_TOKENS`'),
  PRICE_OUTPUT_TOKENS: money('What a million tokens cost that a model writes.', 'not counted'),
  PRICE_TRANSCRIPTION: money('What a minute of transcription costs.', 'not counted'),
  PRICE_SPEECH: money('What a million spoken characters cost.', 'not counted'),
  BUDGET_SESSION: money('What a session may cost by these prices; then it closes with its recap.', 'any amount'),
  BUDGET_USER_DAY: money(
    'What one user may cost a day (UTC); then sessions close, and new ones are refused (429).',
    'any amount',
  ),

  SESSION_BUDGET_SECONDS: seconds(1800, 'When the coach proposes to wrap up; at most the hard limit.'),
  SESSION_HARD_LIMIT_SECONDS: seconds(2700, 'When the session closes without asking.'),
  SESSION_WARNINGS_SECONDS: {
    means: 'Time left at which the session warns; by default only what is less than the budget.',
    accepts: 'a comma-separated list of numbers of seconds, each less than the budget',
    schema: list(decimal(0.1, DAY_SECONDS)).transform((left) => left.map(toMs).sort((a, b) => b - a)),
    fallback: '300,60',
  },
  SESSION_EXTENSION_SECONDS: seconds(300, 'What a "no" to wrapping up adds to the budget.', 0),
  SESSION_COOLDOWN_EXCHANGES: whole(5, 'Exchanges after a "no" before the coach proposes again.'),
  SESSION_MAX_EXCHANGES: whole(25, 'Exchanges after which the coach proposes to wrap up.', 1),
  SESSION_MIN_EXCHANGES_FOR_GOAL: whole(15, 'Exchanges before a committed way forward may end the session.'),
  CONFIRMATION_SECONDS: seconds(60, 'How long a proposal to wrap up stands.'),
  IDLE_PROMPT_SECONDS: seconds(120, 'Silence after which the coach asks; at most `IDLE_END_SECONDS`.'),
  IDLE_END_SECONDS: seconds(300, 'Silence after which the session closes.'),
  RESUME_WINDOW_SECONDS: seconds(120, 'How long a disconnected client may come back.'),

  CARE_COUNTRY: {
    means: 'Country whose help lines are named to somebody who speaks of harming themselves or others (ISO 3166-1).',
    accepts: 'two capital letters such as GB',
    schema: z.string().regex(/^[A-Z]{2}$/),
    otherwise: '"your local emergency number"',
  },

  AUDIO_KEPT_DAYS: whole(30, 'How long spoken replies are kept as files, in days; 0: for ever.', 0, 36_500),
  TRANSCRIPTS_KEPT_DAYS: whole(0, 'How long after a session what was said is kept, in days; 0: for ever.', 0, 36_500),
  RECAPS_KEPT_DAYS: whole(0, 'How long after a session its recap and name are kept, in days; 0: for ever.', 0, 36_500),
  ENCRYPTION_KEYS: {
    means: 'Keys that seal what was said, wherever it is kept; the first one is used, all can be read.',
    accepts: 'a comma-separated list of id:key, each key 32 bytes in base64, as `openssl rand -base64 32` prints',
    schema: list(sealingKey),
    otherwise: 'none: it is kept as it is',
    secret: true,
  },
  CONSENT_FILE: text({
    means: 'A text file that says what happens to what people say; its version changes with it.',
    otherwise: 'a text of this server’s own, true of its configuration',
  }),
  CONSENT: {
    ...choice('Whether people must agree to that text before their first session.', ['shown', 'required']),
    fallback: 'shown',
  },

  LIMIT_HEARTBEAT_SECONDS: seconds(10, 'Between pings; a client that misses two is gone (4010).'),
  LIMIT_HELLO_SECONDS: seconds(10, 'Within which a client says `hello` (4008).'),
  LIMIT_TICKET_SECONDS: seconds(30, 'How long a ticket for a socket lives.'),
  LIMIT_TEXT_BYTES: whole(MAX_TEXT_MESSAGE_BYTES, 'Largest text message.', 1024, MAX_FRAME_BYTES),
  LIMIT_FRAME_BYTES: whole(MAX_FRAME_BYTES, 'Largest audio frame, header included.', 1024, MAX_FRAME_BYTES),
  LIMIT_CONTROL_PER_SECOND: whole(20, 'Text messages a second from one client.', 1),
  LIMIT_AUDIO_FACTOR: {
    means: 'How much faster than real time a microphone may be (4016).',
    accepts: 'a number from 1 to 100',
    schema: decimal(1, 100),
    fallback: '1.25',
  },
  LIMIT_AUDIO_BURST_SECONDS: seconds(5, 'Audio that may come at once.'),
  LIMIT_SOCKETS_PER_USER: whole(3, 'Open sockets of one user.', 1),
  LIMIT_SOCKETS_PER_ADDRESS: whole(20, 'Open sockets from one address.', 1),
  LIMIT_CONNECTIONS_PER_ADDRESS: whole(
    1000,
    'Open connections of any kind from one address, where no balancer is in front.',
    1,
  ),
  LIMIT_REQUESTS_PER_MINUTE: whole(240, 'Requests of one user a minute; then 429.', 1),
  LIMIT_SESSIONS_PER_HOUR: whole(30, 'Sessions that one user may start an hour.', 1),
  LIMIT_MESSAGES_PER_MINUTE: whole(30, 'Messages of one user over REST a minute.', 1),
  LIMIT_HANDSHAKES_PER_MINUTE: whole(30, 'Sockets that one user may open a minute (4029).', 1),
  LIMIT_SIGN_INS_PER_MINUTE: whole(5, 'Sign-ins, sign-ups and changes of password for one account a minute.', 1),
  LIMIT_ADDRESS_FACTOR: whole(10, 'How many times as much an address may do as a user.', 1),
  LIMIT_PLAYBACK_AHEAD_SECONDS: seconds(1, 'How far speech is sent ahead of the reported playback.'),
  LIMIT_PLAYBACK_REPORT_SECONDS: seconds(5, 'Without a playback report while speaking (4015).'),
  LIMIT_UNSENT_BYTES: whole(262_144, 'Unsent bytes of one client (4015).', MAX_FRAME_BYTES, 2 ** 30),

  AUTH: {
    ...choice('Whether people must sign in. `guest`: a session id is the key to its session.', ['guest', 'required']),
    otherwise: '`guest` where only this machine can reach the server, else `required`',
  },
  AUTH_SECRET: {
    means: 'Lets people have accounts here, and signs their tokens; the same for all instances.',
    accepts: 'at least 32 characters, such as `openssl rand -base64 32` prints',
    schema: z.string().min(32),
    otherwise: 'none',
    secret: true,
  },
  AUTH_JWKS_URL: url(['http', 'https'], {
    means: "Keys of an external issuer, such as Supabase's; needs `AUTH_ISSUER`.",
    otherwise: 'none',
  }),
  AUTH_ISSUER: text({ means: 'Issuer that external tokens must name.', otherwise: 'none' }),
  AUTH_OPERATORS: {
    means: 'Who may see `/metrics`: subjects of tokens, or ids of accounts as `GET /api/auth/me` shows them.',
    accepts: 'a comma-separated list of subjects',
    schema: list(z.string().min(1)),
    otherwise: 'nobody',
  },
  METRICS_TOKEN: {
    means: 'Bearer token for a program that collects `/metrics` from another machine.',
    accepts: 'at least 32 characters',
    schema: z.string().regex(/^[\w.~+/=-]{32,}$/),
    otherwise: 'none',
    secret: true,
  },
  AUTH_AUDIENCE: text({ means: 'Audience that external tokens must name.', otherwise: 'not checked' }),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

type ValueOf<V> = V extends { schema: z.ZodType<infer T, string>; fallback: string }
  ? T
  : V extends { schema: z.ZodType<infer T, string> }
    ? T | undefined
    : never;

/** The value of every variable; undefined where it is unset and nothing holds instead. */
export type Values = { [Name in VariableName]: ValueOf<(typeof VARIABLES)[Name]> };
