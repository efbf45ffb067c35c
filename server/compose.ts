/** The one place where adapters are chosen and joined. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Voice } from '../protocol/voices.ts';
import { composeAuth } from './compose-auth.ts';
import { composeEngines, type GivenEngines } from './compose-engines.ts';
import { composePrivacy, type Privacy } from './compose-privacy.ts';
import { composeStorage } from './compose-storage.ts';
import type { Config } from './config.ts';
import { isAbort } from './errors.ts';
import type { Accounts } from './ports/accounts.ts';
import type { Archive } from './ports/archive.ts';
import type { AudioStore } from './ports/audio-store.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { Metrics } from './ports/metrics.ts';
import type { RateLimits } from './ports/rate-limits.ts';
import type { Seats } from './ports/seats.ts';
import type { Recordings } from './ports/recordings.ts';
import type { SpokenFiles } from './ports/spoken-files.ts';
import type { TokenVerifier } from './ports/token-verifier.ts';
import { createAudioCodec } from './providers/local/audio-codec.ts';
import type { Dependency } from './routes/health.ts';
import { createBudget } from './session/budget.ts';
import { createHub, type Hub } from './session/hub.ts';
import { sessionSettings } from './session/services.ts';
import { createAudioFiles } from './storage/audio-files.ts';
import { sealingWith } from './storage/sealing.ts';
import { openDatabase } from './storage/database/open.ts';
import type { Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createRecordings } from './voice/recordings.ts';
import { createSpokenFiles } from './voice/spoken-files.ts';

export type { GivenEngines } from './compose-engines.ts';

const SWEEP_MS = 60 * 60_000;

export interface Composition {
  hub: Hub;
  clock: Clock;
  archive: Archive;
  audio: AudioStore;
  recordings: Recordings;
  /** Absent: nobody can sign in. */
  verifier: TokenVerifier | undefined;
  /** Absent: nobody has an account here. */
  accounts: Accounts | undefined;
  /** Absent: answers over REST are read. */
  spokenFiles: SpokenFiles | undefined;
  dependencies: Dependency[];
  /** Who the coach can speak as; empty where there is no choice. */
  voices: readonly Voice[];
  metrics: Metrics;
  privacy: Pick<Privacy, 'consent' | 'consents'>;
  rates: RateLimits;
  seats: Seats;
  close(): Promise<void>;
}

export async function compose(config: Config, log: Logger, given: GivenEngines = {}): Promise<Composition> {
  const instanceId = randomUUID();
  const { databaseUrl, dataDir } = config;
  // The database and the engines take their time at once; when the database can't be opened, the engines end with it.
  const logger = log;
  const opening = openDatabase({
    dataDir,
    clock: systemClock,
    logger,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const [opened, engines] = await Promise.all([
    opening.catch((error: unknown) => ({ error })),
    composeEngines({ config, clock: systemClock, log, given }),
  ]);
  if ('error' in opened) {
    await engines.close();
    throw opened.error;
  }
  const database = opened;
  const { engine, ears, tts, fileStt, judgement } = engines;
  const model = engine.prompt === undefined ? engine.model : `${engine.model}, prompt ${engine.prompt}`;
  const providers = { transcription: ears?.stt.name ?? null, model, speech: tts.name };
  const sealing = sealingWith(config.encryptionKeys);
  const storage = await composeStorage({ config, database, providers, sealing, instanceId, log }).catch(
    async (error: unknown) => {
      await Promise.all([engines.close(), database.close()]);
      throw error;
    },
  );
  const { store, bus, archive, clock, left, spending } = storage;
  const metrics: Metrics = createMetrics({ liveSessions: () => hub.liveSessions });
  const settings = sessionSettings(config);
  const budget = createBudget({ ...config.spending, spending, clock, log });
  const shared = { store, engine, ears, tts, clock, log, metrics, budget, settings };
  const services = { ...shared, ...(judgement && { judgement }) };
  const hub: Hub = createHub({ services, instanceId, bus, ticketMs: config.limits.ticketMs });
  await hub.recover(left);
  if (left.length > 0) log.info({ sessions: left.length }, 'took up the sessions of the last run');
  const audio = createAudioFiles({ folder: join(dataDir, 'audio'), clock, sealing });
  const codec = createAudioCodec({ clock, log });
  const stopSweeping = sweepAudio(audio, { clock, log, keepMs: config.kept.audioMs });
  const privacy = await composePrivacy({ config, database, instanceId, clock, log });
  const always = async () => {};
  return {
    hub,
    clock,
    archive,
    audio,
    ...(await composeAuth({ config, database, clock, log })),
    recordings: createRecordings({ codec, stt: fileStt, log }),
    spokenFiles: createSpokenFiles({ tts, codec, audio, archive, clock, log }),
    metrics,
    privacy,
    voices: tts.voices ?? [],
    rates: storage.rates,
    seats: storage.seats,
    dependencies: [
      ...storage.dependencies,
      { name: 'coach', detail: engine.name, check: always },
      { name: 'transcription', detail: ears?.stt.name ?? 'none: people type', check: always },
      { name: 'speech', detail: tts.name, check: always },
    ],
    async close() {
      await hub.close();
      stopSweeping();
      privacy.close();
      await Promise.all([codec.close(), engines.close(), storage.close()]);
      await database.close();
    },
  };
}

/** Old spoken replies go: at the start and every hour. */
function sweepAudio(
  audio: AudioStore,
  { clock, log, keepMs }: { clock: Clock; log: Logger; keepMs: number | undefined },
): () => void {
  const stopped = new AbortController();
  let cancel: (() => void) | undefined;
  const sweep = async () => {
    try {
      // Kept for ever, there is still what an interrupted write left.
      const files = await audio.sweep(keepMs ?? Number.MAX_SAFE_INTEGER, { signal: stopped.signal });
      if (files > 0) log.info({ files }, 'old spoken replies were deleted');
    } catch (error) {
      if (!isAbort(error, stopped.signal)) log.warn({ err: error }, 'old spoken replies could not be deleted');
    }
    if (!stopped.signal.aborted) cancel = clock.after(SWEEP_MS, () => void sweep());
  };
  void sweep();
  return () => {
    stopped.abort();
    cancel?.();
  };
}
