/**
 * What is open at all instances, in Redis: each seat is a lease that its instance renews, so that those of one that died
 * go by themselves. While Redis is away, each instance counts what is open at it.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Seats } from '../../ports/seats.ts';
import { createSeatTable } from '../memory-seats.ts';
import type { RedisConnection } from './connection.ts';
import { seatsKey } from './keys.ts';

const LEASE_MS = 60_000;

export interface RedisSeatsOptions {
  connection: RedisConnection;
  instanceId: string;
  clock: Clock;
  log: Log;
  /** Default a minute; renewed three times within it. */
  leaseMs?: number;
}

export function createRedisSeats({ connection, instanceId, clock, log, leaseMs = LEASE_MS }: RedisSeatsOptions): Seats {
  const table = createSeatTable();
  /** What to renew: the key in Redis and the entry, by both. */
  const leases = new Map<string, readonly [key: string, entry: string]>();
  let cancel: (() => void) | undefined;
  let away = false;

  const renewLater = () => (cancel ??= clock.after(leaseMs / 3, () => void renew()));
  const renew = async () => {
    cancel = undefined;
    const until = connection.clock.now() + leaseMs;
    await connection
      .send((redis) => {
        const pipeline = redis.pipeline();
        for (const [key, entry] of leases.values()) pipeline.zadd(key, until, entry).pexpire(key, leaseMs);
        return pipeline.exec();
      })
      .catch((error: unknown) => log.debug({ err: error }, 'seats could not be renewed'));
    if (leases.size > 0) renewLater();
  };
  const leave = (id: string, key: string, entry: string) => {
    if (!leases.delete(id)) return;
    if (leases.size === 0) {
      cancel?.();
      cancel = undefined;
    }
    // Left behind, it ends with its lease.
    connection.send((redis) => redis.zrem(key, entry)).catch(() => undefined);
  };

  return {
    async take(rule, key, member) {
      const place = seatsKey(rule.name, createHash('sha256').update(key).digest('base64url').slice(0, 22));
      const entry = `${member}|${instanceId}`;
      const id = `${place} ${entry}`;
      try {
        const { word } = await connection.run('seat', [place], [member, instanceId, rule.max, leaseMs]);
        away = false;
        if (word === 'full') return undefined;
      } catch (error) {
        if (!away) log.warn({ err: error }, 'open sockets are counted by this instance alone: Redis is away');
        away = true;
        if (!table.hasRoom(rule, key, member)) return undefined;
      }
      leases.set(id, [place, entry]);
      renewLater();
      return table.sit(rule, key, member, () => leave(id, place, entry));
    },
  };
}
