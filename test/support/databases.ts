/** Databases for tests: PGlite in a temporary folder, and a database of its own on a real Postgres server. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { systemClock } from '../../server/ports/clock.ts';
import { openDatabase, type Database } from '../../server/storage/database/open.ts';
import { copyMadeDatabase } from './made-database.ts';

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'kuku-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * The Postgres server that tests may make databases on: `TEST_DATABASE_URL`, else one on this machine. Undefined when
 * there is none, which a test must say aloud; with `CI=true` that is an error.
 */
export async function postgresServer(): Promise<string | undefined> {
  const named = process.env['TEST_DATABASE_URL'];
  if (named !== undefined) return named;
  if (await listens('127.0.0.1', 5432)) return 'postgres://postgres@127.0.0.1:5432/postgres';
  const problem = 'no Postgres on 127.0.0.1:5432 and no TEST_DATABASE_URL';
  if (process.env['CI'] === 'true') throw new Error(`${problem}: the database suite must run on a real server`);
  process.stderr.write(`\nSKIPPED on Postgres: ${problem}\n`);
  return undefined;
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
}

/** A new, empty database on that server. */
export async function temporaryPostgres(server: string): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `kuku_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(server, `drop database ${name} with (force)`) };
}

/** Runs one statement on a connection of its own, past any pool. */
export async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDatabase extends Database {
  /** Closes it and removes what it stored. */
  remove(): Promise<void>;
}

export async function pgliteForTest(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  await copyMadeDatabase(folder.path);
  const database = await openDatabase({ dataDir: folder.path, clock: systemClock });
  return { ...database, remove: () => closeAndRemove(database, folder) };
}

export async function postgresForTest(server: string): Promise<TestDatabase> {
  const temporary = await temporaryPostgres(server);
  const database = await openDatabase({ databaseUrl: temporary.url, dataDir: '/nowhere', clock: systemClock });
  return { ...database, remove: () => closeAndRemove(database, temporary) };
}

async function closeAndRemove(database: Database, stored: { remove(): Promise<void> }): Promise<void> {
  await database.close();
  await stored.remove();
}
