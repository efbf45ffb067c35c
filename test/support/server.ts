/** A server on loopback with the engines of the test: real sockets, real routes, memory store. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { buildApp } from '../../server/app.ts';
import { composeAuth } from '../../server/compose-auth.ts';
import { type Config, loadConfig } from '../../server/config.ts';
import type { Archive } from '../../server/ports/archive.ts';
import type { AudioStore } from '../../server/ports/audio-store.ts';
import { createAudioCodec } from '../../server/providers/local/audio-codec.ts';
import { type Metrics, noMetrics } from '../../server/ports/metrics.ts';
import { systemClock } from '../../server/ports/clock.ts';
import type { SessionStore } from '../../server/ports/session-store.ts';
import { createBudget } from '../../server/session/budget.ts';
import { createHub, type Hub } from '../../server/session/hub.ts';
import { type SessionServices, sessionSettings } from '../../server/session/services.ts';
import { type SessionState, summarize } from '../../server/session/state.ts';
import { createArchive } from '../../server/storage/archive.ts';
import { createAudioFiles } from '../../server/storage/audio-files.ts';
import { createConsents } from '../../server/storage/consents.ts';
import { type Database, openDatabase } from '../../server/storage/database/open.ts';
import { createDurableSessions } from '../../server/storage/durable-sessions.ts';
import { createLocalBus } from '../../server/storage/local-bus.ts';
import { createMemorySpending } from '../../server/storage/memory-spending.ts';
import { createMemorySeats } from '../../server/storage/memory-seats.ts';
import { createMemorySessions } from '../../server/storage/memory-sessions.ts';
import { createMemoryRateLimits } from '../../server/storage/rate-limits.ts';
import { createLogger } from '../../server/telemetry/logger.ts';
import { createRecordings } from '../../server/voice/recordings.ts';
import { createSpokenFiles } from '../../server/voice/spoken-files.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { copyMadeDatabase } from './made-database.ts';
import { WITHOUT_RATES } from './without-rates.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from './scripted.ts';

const sharedFolder = await mkdtemp(join(tmpdir(), 'kuku-server-'));
let opening: Promise<Database> | undefined;
afterAll(async () => {
  await (await opening)?.close();
  await rm(sharedFolder, { recursive: true, force: true });
}, 60_000);

/** One database for all servers of a test file: sessions have unguessable ids, so they don't meet. */
function sharedDatabase(): Promise<Database> {
  return (opening ??= copyMadeDatabase(sharedFolder).then(() =>
    openDatabase({ dataDir: sharedFolder, clock: systemClock }),
  ));
}

export interface TestServer {
  url: string;
  hub: Hub;
  store: SessionStore<SessionState>;
  archive: Archive;
  audio: AudioStore;
  config: Config;
  close(): Promise<void>;
}

export interface TestServerOptions {
  env?: Record<string, string>;
  engines?: Partial<Pick<SessionServices, 'engine' | 'ears' | 'tts'>>;
  store?: SessionStore<SessionState>;
  metrics?: Metrics;
  /** The built page; without it none is served. */
  pageDir?: string;
}

export async function startTestServer({
  env = {},
  engines = {},
  metrics = noMetrics,
  pageDir,
  store,
}: TestServerOptions = {}): Promise<TestServer> {
  const clock = systemClock;
  const config = loadConfig({ LOG_LEVEL: 'silent', ...WITHOUT_RATES, ...env });
  const logger = createLogger(config.logLevel);
  const archive = createArchive(await sharedDatabase());
  const memory = createMemorySessions<SessionState>({ clock });
  const sessions =
    store ??
    createDurableSessions({
      memory,
      archive,
      summarize,
      clock,
      log: logger,
      providers: { transcription: null, model: 'scripted', speech: null },
    });
  const audio = createAudioFiles({ folder: join(sharedFolder, 'audio'), clock });
  const codec = createAudioCodec({ clock, log: logger });
  const services: SessionServices = {
    store: sessions,
    engine: scriptedEngine({
      clock,
      answer: ({ conversation }) => `You said ${conversation.at(-1)?.text ?? 'nothing'}.`,
    }),
    ears: {
      vad: energyVad(),
      stt: scriptedStt({ clock, texts: ['I want to talk about my boss'] }),
      endOfTurn: ruleEndOfTurn,
    },
    tts: scriptedTts({ clock }),
    clock,
    log: logger,
    metrics,
    budget: createBudget({
      ...config.spending,
      spending: createMemorySpending({ archive, clock }),
      clock,
      log: logger,
    }),
    settings: sessionSettings(config),
    ...engines,
  };
  const hub = createHub({ services, instanceId: 'test', bus: createLocalBus(), ticketMs: config.limits.ticketMs });
  const { ears, tts } = services;
  const recordings = createRecordings({ codec, stt: ears?.stt, log: logger });
  const spokenFiles = tts && createSpokenFiles({ tts, codec, audio, archive, clock, log: logger });
  const dependencies = [{ name: 'sessions', detail: sessions.name, check: () => sessions.ping() }];
  const text = 'Your words are kept.';
  const consent = { version: 'v1', text, required: config.consent.required };
  const auth = await composeAuth({ config, database: await sharedDatabase(), clock, log: logger });
  const app = await buildApp({
    config,
    hub,
    clock,
    rates: createMemoryRateLimits(),
    seats: createMemorySeats(),
    logger,
    dependencies,
    metrics,
    archive,
    audio,
    recordings,
    privacy: { consent, consents: createConsents((await sharedDatabase()).db) },
    ...auth,
    spokenFiles,
    voices: tts?.voices ?? [],
    pageDir,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hub,
    store: sessions,
    config,
    archive,
    audio,
    async close() {
      await app.close();
      await codec.close();
    },
  };
}
