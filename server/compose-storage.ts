/** Where sessions and history are kept: in this process and its database, or in Redis and Postgres for many instances. */
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { Archive } from './ports/archive.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { InstanceBus } from './ports/instance-bus.ts';
import type { RateLimits } from './ports/rate-limits.ts';
import type { Seats } from './ports/seats.ts';
import type { SessionStore } from './ports/session-store.ts';
import type { Spending } from './ports/spending.ts';
import type { Dependency } from './routes/health.ts';
import { type SessionState, summarize } from './session/state.ts';
import { createArchive } from './storage/archive.ts';
import { createArchivedSessions, type Providers } from './storage/archived-sessions.ts';
import type { Database } from './storage/database/open.ts';
import { createDurableSessions } from './storage/durable-sessions.ts';
import { createLocalBus } from './storage/local-bus.ts';
import { createMemorySessions } from './storage/memory-sessions.ts';
import { createMemorySeats } from './storage/memory-seats.ts';
import { createMemorySpending } from './storage/memory-spending.ts';
import { runOutbox } from './storage/outbox.ts';
import { createMemoryRateLimits } from './storage/rate-limits.ts';
import { openRedis } from './storage/redis/connection.ts';
import { createRedisBus } from './storage/redis/instance-bus.ts';
import { createOutboxStream } from './storage/redis/outbox-stream.ts';
import { createRedisRateLimits } from './storage/redis/rate-limits.ts';
import { createRedisSeats } from './storage/redis/seats.ts';
import { createRedisSessions } from './storage/redis/sessions.ts';
import { createRedisSpending } from './storage/redis/spending.ts';
import { createSealedArchive } from './storage/sealed-archive.ts';
import { checkSealingKeys } from './storage/sealing-keys.ts';
import type { Sealing } from './storage/sealing.ts';
import type { Logger } from './telemetry/logger.ts';

export interface Storage {
  store: SessionStore<SessionState>;
  bus: InstanceBus;
  archive: Archive;
  spending: Spending;
  /** All instances on one store agree on its time. */
  clock: Clock;
  rates: RateLimits;
  seats: Seats;
  /** Sessions that the process before this one left, to be set right. */
  left: readonly string[];
  dependencies: Dependency[];
  /** Writes what waits, and closes everything. */
  close(): Promise<void>;
}

export interface StorageOptions {
  config: Config;
  database: Database;
  providers: Providers;
  /** Absent: what is said is kept as it is. */
  sealing: Sealing | undefined;
  instanceId: string;
  log: Logger;
}

/** What waits in the outbox at the end is left to the other instances after this long. */
const DRAIN_MS = 3000;

export async function composeStorage(options: StorageOptions): Promise<Storage> {
  const { config } = options;
  if (config.audioStoreUrl !== undefined) {
    const message = 'AUDIO_STORE_URL is set, but this version keeps spoken replies in DATA_DIR only; take it out.';
    throw new KukuError(message, { code: 'not_available' });
  }
  await checkSealingKeys(options.database.db, config.encryptionKeys ?? []);
  return config.redisUrl === undefined ? inProcess(options) : inRedis(options, config.redisUrl);
}

function archiveOn(database: Database, sealing: Sealing | undefined): Archive {
  const archive = createArchive(database);
  return sealing ? createSealedArchive(archive, sealing) : archive;
}

async function inProcess({ database, providers, sealing, log }: StorageOptions): Promise<Storage> {
  const clock = systemClock;
  const archive = archiveOn(database, sealing);
  const memory = createMemorySessions<SessionState>({ clock });
  const store = createDurableSessions({ memory, archive, summarize, providers, clock, log });
  return {
    store,
    archive,
    spending: createMemorySpending({ archive, clock }),
    clock,
    bus: createLocalBus(),
    rates: createMemoryRateLimits(),
    seats: createMemorySeats(),
    left: await store.restore(),
    dependencies: [{ name: 'sessions', detail: store.name, check: () => store.ping() }],
    close: () => store.close(),
  };
}

async function inRedis(
  { database, providers, sealing, instanceId, log }: StorageOptions,
  url: string,
): Promise<Storage> {
  const connection = openRedis({ url, clock: systemClock, log });
  const { clock } = connection;
  const archive = archiveOn(database, sealing);
  const shared = { connection, ...(sealing && { sealing }) };
  const store = createRedisSessions<SessionState>({ ...shared, archive, summarize, providers, log });
  const source = createOutboxStream<SessionState>({ ...shared, instanceId });
  const archived = createArchivedSessions({ archive, summarize });
  const outbox = runOutbox({ source, archived, summarize, clock, log });
  const bus = createRedisBus({ connection, clock, log });
  return {
    store,
    archive,
    spending: createRedisSpending({ connection }),
    clock,
    bus,
    rates: createRedisRateLimits({ connection, clock: systemClock, log }),
    seats: createRedisSeats({ connection, instanceId, clock: systemClock, log }),
    left: await store.restore(),
    dependencies: [
      { name: 'sessions', detail: store.name, check: () => store.ping() },
      { name: 'history', detail: archive.name, check: () => archive.ping() },
    ],
    async close() {
      const waited = new AbortController();
      const cancel = clock.after(DRAIN_MS, () => waited.abort());
      await outbox.drain({ signal: waited.signal });
      cancel();
      await bus.close();
      await store.close();
      connection.close();
    },
  };
}
