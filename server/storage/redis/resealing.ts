/**
 * Sealed texts in Redis when the keys change. What belongs to a session goes an hour after it and is left as it is; what
 * the archive refused stays, and is sealed anew.
 */
import type { Redis } from 'ioredis';
import { keyOf, SEALED, type Sealing } from '../sealing.ts';
import type { RedisConnection } from './connection.ts';
import { EVERYTHING, partitions } from './keys.ts';
import { fieldsOf } from './replies.ts';
import { createTexts } from './texts.ts';

const BATCH = 500;

/** Resolves with how many were sealed anew. Rejects as `storeError` says, and with what `Sealer.open` throws. */
export async function resealRefused(connection: RedisConnection, sealing: Sealing): Promise<number> {
  const texts = createTexts(sealing);
  let resealed = 0;
  for (const { refused } of partitions) {
    for (const [id, list] of await connection.send((redis) => redis.xrange(refused, '-', '+'))) {
      const { s: sessionId = '', reason = '', entry = '' } = fieldsOf(list);
      if (keyOf(entry) === sealing.keyId) continue;
      const again = texts.write(texts.read(entry, 'refused', sessionId), 'refused', sessionId);
      const fields = ['s', sessionId, 'reason', reason, 'entry', again];
      await connection.send((redis) =>
        redis
          .multi()
          .xadd(refused, '*', ...fields)
          .xdel(refused, id)
          .exec(),
      );
      resealed += 1;
    }
  }
  return resealed;
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
