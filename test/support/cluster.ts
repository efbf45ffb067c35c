/**
 * The topology of docker-compose.yml as plain processes on loopback: instances of the server, Redis with an append-only
 * file, a Postgres database of its own, a balancer in front. On request Redis and Postgres are reached through proxies
 * that spoil the connection.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Balancer, startBalancer } from './balancer.ts';
import { temporaryPostgres } from './databases.ts';
import { createInstance, type Instance } from './instance.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface Cluster {
  /** The balancer's. */
  readonly url: string;
  readonly balancer: Balancer;
  readonly instances: readonly Instance[];
  readonly redis: TestRedis;
  /** The way to Redis and to Postgres, where `spoil` asked for it. */
  readonly redisWay: TcpProxy | undefined;
  readonly postgresWay: TcpProxy | undefined;
  readonly databaseUrl: string;
  /** Kills what still runs and removes what it stored. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** A Postgres server on which a database is created and dropped again. */
  postgres: string;
  instances?: number;
  /** The server's program; by default `server/main.ts`. */
  program?: URL;
  env?: Readonly<Record<string, string>>;
  /** The balancer's; 0 picks a free one. */
  port?: number;
  spoil?: readonly ('redis' | 'postgres')[];
}

const MAIN = new URL('../../server/main.ts', import.meta.url);
const READY_MS = 60_000;

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  // Undone in reverse, whether the cluster stood or fell over while it was put up.
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    const failures: unknown[] = [];
    for (const step of undo.splice(0).reverse()) {
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the cluster could not be removed whole');
  };
  try {
    return { ...(await putUp(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function putUp(options: ClusterOptions, undo: (() => unknown)[]): Promise<Omit<Cluster, 'stop'>> {
  const { instances: count = 3, program = MAIN, env = {}, port = 0, spoil = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'kuku-cluster-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis({ persistent: true });
  undo.push(() => redis.remove());
  const database = await temporaryPostgres(options.postgres);
  undo.push(() => database.remove());

  const proxied = async (name: 'redis' | 'postgres', targetPort: number) => {
    if (!spoil.includes(name)) return undefined;
    const way = await startTcpProxy(targetPort);
    undo.push(() => way.close());
    return way;
  };
  const postgresPort = Number(new URL(database.url).port || 5432);
  const redisWay = await proxied('redis', redis.port);
  const postgresWay = await proxied('postgres', postgresPort);
  const shared = {
    LOG_LEVEL: 'info',
    ...env,
    DATA_DIR: folder,
    REDIS_URL: `redis://127.0.0.1:${redisWay?.port ?? redis.port}`,
    DATABASE_URL: withPort(database.url, postgresWay?.port ?? postgresPort),
    // All clients come by way of the balancer.
    TRUSTED_PROXIES: 'loopback',
  };
  const instances = await Promise.all(Array.from({ length: count }, () => createInstance({ program, env: shared })));
  for (const instance of instances) undo.push(() => instance.kill());
  // The first one alone: it makes the tables, and the others find them.
  for (const some of [instances.slice(0, 1), instances.slice(1)]) await Promise.all(some.map((each) => each.start()));
  const balancer = await startBalancer({ instances: instances.map(({ url }) => url), port });
  undo.push(() => balancer.close());
  await balancer.untilReady(count, READY_MS);
  return { url: balancer.url, balancer, instances, redis, redisWay, postgresWay, databaseUrl: database.url };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
