/**
 * The connection to Redis, and its time. A call that gets no answer in time is sent once more; what was given up for
 * good has no effect later, although Redis may find it in its buffers when it wakes up: each script is told until when.
 */
import { Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { storeError } from './errors.ts';
import { loadScripts, type ScriptName } from './scripts.ts';
import { createStoreTime } from './store-time.ts';

/** Longer than a Redis that is 200 ms away in both directions takes, shorter than people wait. */
const COMMAND_TIMEOUT_MS = 500;
/** A socket that is silent this long although an answer is due is taken for dead and replaced. */
const SILENT_SOCKET_MS = 2000;
const MAX_RECONNECT_MS = 500;
const ATTEMPTS = 2;

type Argument = string | number;
type RunScript = (keys: number, ...keysAndArguments: Argument[]) => Promise<[number, string, ...unknown[]]>;

export interface ScriptAnswer {
  word: string;
  rest: unknown[];
}

export interface RedisConnection {
  /** The caller's clock, but with the time of Redis: all instances agree on it. Never ahead of Redis. */
  readonly clock: Clock;
  /** Runs a script; sent again when its answer was lost, so scripts must bear that. Rejects as `storeError` says. */
  run(script: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<ScriptAnswer>;
  /** Sends a plain command, once. Rejects as `storeError` says. */
  send<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  /** A second connection, for blocking reads or subscriptions; closed with this one. */
  open(options: SecondOptions): Redis;
  close(): void;
}

type SecondOptions = Pick<RedisOptions, 'commandTimeout' | 'maxRetriesPerRequest'>;

export interface RedisConnectionOptions {
  url: string;
  clock: Clock;
  log: Log;
}

/** Connects in the background; until then, and whenever Redis is away, calls reject within about a second. */
export function openRedis({ url, clock, log }: RedisConnectionOptions): RedisConnection {
  const options = {
    scripts: loadScripts(),
    connectionName: 'kuku-coach',
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: 2 * COMMAND_TIMEOUT_MS,
    socketTimeout: SILENT_SOCKET_MS,
    maxRetriesPerRequest: 1,
    // Full jitter: many instances come back at the same moment.
    retryStrategy: (attempt) => 20 + Math.random() * Math.min(MAX_RECONNECT_MS, 50 * 2 ** attempt),
    // After a failover the old primary answers, but takes no writes.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
  const time = createStoreTime(clock);
  const all: Redis[] = [];
  const open = (more: SecondOptions) => {
    const redis = new Redis(url, { ...options, ...more });
    all.push(redis);
    watch(redis, log);
    return redis;
  };
  const redis = open({});
  const scripts = redis as unknown as Record<ScriptName, RunScript>;

  const learnTime = async () => {
    const sentAtMs = clock.monotonicMs();
    const [seconds, microseconds] = await redis.time();
    time.learn(Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000), sentAtMs);
  };
  const attempt = async (script: ScriptName, keys: readonly string[], args: readonly Argument[]) => {
    if (!time.known) await learnTime();
    const sentAtMs = clock.monotonicMs();
    const notAfter = time.now() + COMMAND_TIMEOUT_MS;
    const [now, word, ...rest] = await scripts[script](keys.length, ...keys, notAfter, ...args);
    time.learn(now, sentAtMs);
    if (word === 'late') throw new Error('the command came too late');
    return { word, rest };
  };

  return {
    clock: { ...clock, now: () => time.now() },
    async run(script, keys, args) {
      for (let left = ATTEMPTS - 1; ; left--) {
        try {
          return await attempt(script, keys, args);
        } catch (error) {
          const failure = storeError(error);
          if (left === 0 || !failure.retryable) throw failure;
        }
      }
    },
    async send(command) {
      return command(redis).catch((error: unknown) => Promise.reject(storeError(error)));
    },
    async ping() {
      await redis.ping().catch((error: unknown) => Promise.reject(storeError(error)));
    },
    open,
    close() {
      for (const connection of all) connection.disconnect();
    },
  };
}

/** Says once that Redis is away, and once that it is back. */
function watch(redis: Redis, log: Log): void {
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'the session store is away');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({}, 'the session store is back');
    away = false;
  });
}
