import { sql } from 'kysely';
import { databaseError } from './errors.ts';
import { openPostgres } from './postgres.ts';

const TIMEOUT_MS = 3000;

/** Asks a Postgres server for its version, such as "16.4"; changes nothing there. Rejects with a `KukuError`. */
export async function postgresVersion(url: string): Promise<string> {
  const db = openPostgres<object>({ url, statementTimeoutMs: TIMEOUT_MS, poolSize: 1, onLost() {} });
  try {
    const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
    return rows[0]?.server_version ?? 'of unknown version';
  } catch (error) {
    throw databaseError(error);
  } finally {
    await db.destroy();
  }
}
