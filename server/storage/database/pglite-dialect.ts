import {
  type CompiledQuery,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import { away, type Engine, type EngineOptions, startEngine } from './pglite-engine.ts';

/**
 * Kysely on PGlite in a worker. (The package's `PGliteWorker` is for browsers: it needs Web Locks and
 * BroadcastChannel; Kysely's own PGlite driver never returns when `begin` fails, as it does on a full disk.)
 *
 * When the worker dies, what it had under way rejects with `database_away` or `disk_full` (retryable; it may have been
 * applied) and the next query starts another worker, which recovers from the write-ahead log as Postgres does. A
 * transaction never goes on in another worker than it began in.
 */
export function pgliteDialect(first: Engine, options: EngineOptions): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => createDriver(first, options),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** One connection, which Kysely gives to one caller at a time (the adapter says so): transactions need no lock. */
function createDriver(first: Engine, options: EngineOptions): Driver {
  const engines = replacing(first, options);
  /** The worker that the open transaction began in. */
  let pinned: Engine | undefined;

  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      const engine = pinned ?? (await engines.alive());
      const { rows, affectedRows } = await engine.query<R>(sql, parameters);
      return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
    },
    streamQuery() {
      throw new Error('PGlite does not stream');
    },
  };

  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: () => Promise.resolve(),
    async beginTransaction() {
      const engine = await engines.alive();
      await engine.query('begin');
      pinned = engine;
    },
    async commitTransaction() {
      await pinned?.query('commit');
      pinned = undefined;
    },
    async rollbackTransaction() {
      const engine = pinned;
      pinned = undefined;
      // The error that led here is the one that counts; a dead worker has rolled back by dying.
      if (engine?.dead === false) await engine.query('rollback').catch(() => undefined);
    },
    destroy: () => engines.close(),
  };
}

/** A worker that failed to start is not tried again for this long: an attempt costs 0.3 s of a core. */
const RESTART_PAUSE_MS = 1000;

/** Hands out a living engine, starting another when the last one died. */
function replacing(first: Engine, options: EngineOptions) {
  const { clock } = options;
  let engine = first;
  let restarting: Promise<Engine> | undefined;
  let failed: { atMs: number; error: unknown } | undefined;
  let closed = false;

  async function restart(): Promise<Engine> {
    try {
      engine = await startEngine(options);
      failed = undefined;
      return engine;
    } catch (error) {
      failed = { atMs: clock.monotonicMs(), error };
      throw error;
    } finally {
      restarting = undefined;
    }
  }

  return {
    async alive(): Promise<Engine> {
      if (closed) throw away(new Error('closed'));
      if (!engine.dead) return engine;
      if (failed !== undefined && clock.monotonicMs() - failed.atMs < RESTART_PAUSE_MS) throw failed.error;
      restarting ??= restart();
      return restarting;
    },
    async close(): Promise<void> {
      closed = true;
      await restarting?.catch(() => undefined);
      await engine.close();
    },
  };
}
