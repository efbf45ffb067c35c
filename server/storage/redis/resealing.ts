/**
 * Sealed texts in Redis when the keys change. What belongs to a session goes an hour after it and is left as it is; what
 * the archive refused stays, and is sealed anew.
 */
import type { Redis } from 'ioredis';
import { KukuError } from '../../errors.ts';
import { keyOf, SEALED, type Sealing, whyNotOpened } from '../sealing.ts';
import type { RedisConnection } from './connection.ts';
import { EVERYTHING, partitions } from './keys.ts';
import { fieldsOf } from './replies.ts';
import { createTexts } from './texts.ts';

const BATCH = 500;

export interface ResealedRefused {
  resealed: number;
  /** Entries that could not be opened, and why. */
  unopened: string[];
}

/** Rejects as `storeError` says. */
export async function resealRefused(connection: RedisConnection, sealing: Sealing): Promise<ResealedRefused> {
  const texts = createTexts(sealing);
  const done: ResealedRefused = { resealed: 0, unopened: [] };
  for (const { refused } of partitions) {
    for (const [id, list] of await connection.send((redis) => redis.xrange(refused, '-', '+'))) {
      const { s: sessionId = '', reason = '', entry = '' } = fieldsOf(list);
      if (keyOf(entry) === sealing.keyId) continue;
      let opened: unknown;
      try {
        opened = texts.read(entry, 'refused', sessionId);
      } catch (error) {
        if (!(error instanceof KukuError)) throw error;
        done.unopened.push(`refused ${refused} ${id}: ${whyNotOpened(error)}`);
        continue;
      }
      const fields = ['s', sessionId, 'reason', reason, 'entry', texts.write(opened, 'refused', sessionId)];
      await connection.send((redis) =>
        redis
          .multi()
          .xadd(refused, '*', ...fields)
          .xdel(refused, id)
          .exec(),
      );
      done.resealed += 1;
    }
  }
  return done;
}

/** Ids of the keys that something in Redis is sealed with. Rejects as `storeError` says. */
export async function keysInRedis(connection: RedisConnection): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, names] = await connection.send((redis) => redis.scan(cursor, 'MATCH', EVERYTHING, 'COUNT', BATCH));
    for (const name of names) {
      for (const text of await connection.send((redis) => textsIn(redis, name))) {
        // A message stands behind its place.
        const sealed = text.indexOf(SEALED);
        const id = sealed === -1 ? undefined : keyOf(text.slice(sealed));
        if (id !== undefined) found.add(id);
      }
    }
    cursor = next;
  } while (cursor !== '0');
  return found;
}

/** Only hashes and streams hold what was said. */
async function textsIn(redis: Redis, name: string): Promise<string[]> {
  const type = await redis.type(name);
  if (type === 'hash') return redis.hvals(name);
  return type === 'stream' ? (await redis.xrange(name, '-', '+')).flatMap(([, fields]) => fields) : [];
}
