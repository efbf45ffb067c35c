/**
 * A whole server in this process, composed as configured, with engines of the test: on memory and PGlite, or on Redis,
 * the outbox and Postgres. What is stored can be read as text.
 */
import { readdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { sql } from 'kysely';
import type { CreatedSessionBody } from '../../protocol/rest.ts';
import { buildApp } from '../../server/app.ts';
import { compose, type Composition, type GivenEngines } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { openDatabase } from '../../server/storage/database/open.ts';
import { createLogger } from '../../server/telemetry/logger.ts';
import { postgresServer, temporaryFolder, temporaryPostgres } from './databases.ts';
import { copyMadeDatabase } from './made-database.ts';
import { startRedis } from './redis.ts';
import { call } from './rest.ts';
import { scriptedEngine, scriptedTts } from './scripted.ts';

export interface ComposedServer {
  url: string;
  composition: Composition;
  /** Everything in the Redis of the server, as text; empty where there is none. */
  dumpRedis(): Promise<string>;
  /** All bytes of all audio files. */
  audioFiles(): Promise<Buffer[]>;
  /** Lets the server write what waits and ends it. */
  stop(): Promise<void>;
  /** Every row of every table, as text. After `stop` only: the embedded database has one user. */
  dumpDatabase(): Promise<string>;
  remove(): Promise<void>;
}

export interface ComposedOptions {
  /** A Postgres server to make a database on: then sessions live in Redis. */
  postgres?: string;
  env?: Record<string, string>;
  engines?: GivenEngines;
}

/** Both kinds of storage that a server may have; the second where there is a Postgres server, which CI must have. */
export async function composedStorages(): Promise<readonly { name: string; storage: ComposedOptions }[]> {
  const postgres = await postgresServer();
  return [
    { name: 'memory and PGlite', storage: {} },
    ...(postgres === undefined ? [] : [{ name: 'Redis, the outbox and Postgres', storage: { postgres } }]),
  ];
}

/** A browser that comes with a new session: it keeps its cookie. */
export async function arriveAt({ url }: Pick<ComposedServer, 'url'>, wishes?: object) {
  const headers: Record<string, string> = { origin: url };
  const body = wishes ? { json: wishes } : {};
  const answer = await call<CreatedSessionBody>(`${url}/api/sessions`, { method: 'POST', headers, ...body });
  headers['cookie'] = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { ...answer.body.data, headers };
}

export async function startComposedServer(options: ComposedOptions = {}): Promise<ComposedServer> {
  const { postgres, env = {}, engines = {} } = options;
  const folder = await temporaryFolder();
  if (postgres === undefined) await copyMadeDatabase(folder.path);
  const many =
    postgres === undefined ? undefined : { redis: await startRedis(), db: await temporaryPostgres(postgres) };
  const places = many ? { REDIS_URL: many.redis.url, DATABASE_URL: many.db.url } : {};
  const config = loadConfig({ LOG_LEVEL: 'silent', DATA_DIR: folder.path, ...places, ...env });
  const log = createLogger(config.logLevel);
  const echo = scriptedEngine({ clock, answer: ({ conversation }) => `You said ${conversation.at(-1)?.text ?? ''}.` });
  const composition = await compose(config, log, { engine: echo, tts: scriptedTts({ clock, charMs: 5 }), ...engines });
  const app = await buildApp({ config, ...composition, logger: log, pageDir: undefined });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.close().then(() => composition.close()));
  return {
    url: `http://127.0.0.1:${port}`,
    composition,
    stop,
    dumpRedis: async () => (many ? dumpRedis(many.redis.url) : ''),
    async audioFiles() {
      const audio = join(folder.path, 'audio');
      const names = await readdir(audio, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = names.filter((name) => name.isFile());
      return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
    },
    dumpDatabase: () => (many ? dumpPostgres(many.db.url) : dumpPglite(folder.path)),
    async remove() {
      await stop();
      await many?.db.remove();
      await many?.redis.remove();
      await folder.remove();
    },
  };
}

const TABLES = "select table_name from information_schema.tables where table_schema = 'public' order by 1";
const rowsOf = (table: string) => `select row_to_json(t)::text as row from "${table}" t`;

/** As the statements that would make it again. */
const asSql = (table: string, rows: readonly string[]) => rows.map((row) => `insert into ${table} ${row};\n`).join('');

async function dumpPostgres(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let text = '';
    for (const { table_name: table } of (await client.query<{ table_name: string }>(TABLES)).rows) {
      const { rows } = await client.query<{ row: string }>(rowsOf(table));
      text += asSql(
        table,
        rows.map(({ row }) => row),
      );
    }
    return text;
  } finally {
    await client.end();
  }
}

async function dumpPglite(dataDir: string): Promise<string> {
  const database = await openDatabase({ dataDir, clock });
  try {
    let text = '';
    const tables = await sql.raw<{ table_name: string }>(TABLES).execute(database.db);
    for (const { table_name: table } of tables.rows) {
      const { rows } = await sql.raw<{ row: string }>(rowsOf(table)).execute(database.db);
      text += asSql(
        table,
        rows.map(({ row }) => row),
      );
    }
    return text;
  } finally {
    await database.close();
  }
}

/** Values are read by their type: what DUMP gives is compressed. */
async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const parts: unknown[] = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      parts.push(key);
      if (type === 'string') parts.push(await redis.get(key));
      if (type === 'hash') parts.push(await redis.hgetall(key));
      if (type === 'stream') parts.push(await redis.xrange(key, '-', '+'));
      if (type === 'zset') parts.push(await redis.zrange(key, '0', '-1'));
      if (type === 'set') parts.push(await redis.smembers(key));
      if (type === 'list') parts.push(await redis.lrange(key, 0, -1));
    }
    return JSON.stringify(parts);
  } finally {
    redis.disconnect();
  }
}
