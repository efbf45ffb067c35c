import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import { silentLog, type Log } from '../../ports/log.ts';
import { lockDirectory } from './directory-lock.ts';
import { databaseError } from './errors.ts';
import { migrate } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import type { Schema } from './schema.ts';

export interface DatabaseOptions {
  /** A Postgres server; without one PGlite is opened in `dataDir`. */
  databaseUrl?: string;
  dataDir: string;
  clock: Clock;
  logger?: Log;
}

export interface Database {
  readonly db: Kysely<Schema>;
  readonly kind: 'pglite' | 'postgres';
  /** Ends connections and, for PGlite, writes a checkpoint and frees the folder. Closing twice does nothing. */
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 10_000;
/** Building an index over a large history takes its time, and instances that start together wait for the first. */
const MIGRATION_TIMEOUT_MS = 600_000;

/**
 * Opens the database and brings it to the newest schema. Throws a `KukuError` that says what to do: `data_dir_in_use`,
 * `data_dir_not_writable`, `data_dir_unusable`, `disk_full`, `database_away` (retryable), `invalid_configuration`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl } = options;
  return databaseUrl === undefined ? openEmbedded(options) : openServer(options, databaseUrl);
}

async function openEmbedded({ dataDir, clock, logger = silentLog }: DatabaseOptions): Promise<Database> {
  const startedMs = clock.monotonicMs();
  const lock = lockDirectory(dataDir);
  try {
    const db = await openPglite<Schema>({
      folder: join(dataDir, 'pglite'),
      clock,
      onLost: (error) => logger.warn({ err: error }, 'the embedded database broke and is opened again'),
    });
    await migrated(db);
    logger.info({ dataDir, openMs: Math.round(clock.monotonicMs() - startedMs) }, 'embedded database open');
    return opened(db, 'pglite', () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openServer({ clock, logger = silentLog }: DatabaseOptions, url: string): Promise<Database> {
  const startedMs = clock.monotonicMs();
  const onLost = (error: Error) => logger.warn({ err: error }, 'a database connection was lost');
  await migrated(openPostgres<Schema>({ url, statementTimeoutMs: MIGRATION_TIMEOUT_MS, poolSize: 1, onLost }), true);
  const db = openPostgres<Schema>({ url, statementTimeoutMs: STATEMENT_TIMEOUT_MS, poolSize: 10, onLost });
  logger.info({ openMs: Math.round(clock.monotonicMs() - startedMs) }, 'database open');
  return opened(db, 'postgres', () => undefined);
}

/** Migrates, and closes the connection when that failed or when it was for this alone. */
async function migrated(db: Kysely<Schema>, closeAfter = false): Promise<void> {
  let done = false;
  try {
    await migrate(db);
    done = true;
  } catch (error) {
    throw databaseError(error);
  } finally {
    if (!done || closeAfter) await db.destroy();
  }
}

function opened(db: Kysely<Schema>, kind: Database['kind'], release: () => void): Database {
  let closing: Promise<void> | undefined;
  return {
    db,
    kind,
    close() {
      closing ??= db.destroy().finally(release);
      return closing;
    },
  };
}
