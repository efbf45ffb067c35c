/** Which keys what Redis holds is sealed with: an old one is needed until the sessions that began under it have gone. */
import type { Redis } from 'ioredis';
import { keyOf, SEALED } from '../sealing.ts';
import type { RedisConnection } from './connection.ts';
import { EVERYTHING } from './keys.ts';

const BATCH = 500;

/** Ids of keys. Rejects as `storeError` says. */
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
