/** Who runs which session, and whose deadline has come. */
import type { DueSession, LostLease, SessionStore } from '../../ports/session-store.ts';
import type { RedisConnection } from './connection.ts';
import { partitions, PULSE, sessionKeys } from './keys.ts';

type Leases = Pick<SessionStore<unknown>, 'renew' | 'release' | 'ownerOf' | 'claimDue'>;

/** Leases that one script renews: it keeps Redis for about 0.2 ms. */
const RENEWED_AT_ONCE = 100;

export function createRedisLeases({ connection, leaseMs }: { connection: RedisConnection; leaseMs: number }): Leases {
  const looked = [PULSE, ...partitions.flatMap(({ due, leases }) => [due, leases])];
  return {
    async renew(instanceId, held) {
      const lost: LostLease[] = [];
      for (let from = 0; from < held.length; from += RENEWED_AT_ONCE) {
        const some = held.slice(from, from + RENEWED_AT_ONCE);
        const keys = some.flatMap(({ sessionId }) => {
          const { session, leases } = sessionKeys(sessionId);
          return [session, leases];
        });
        const pairs = some.flatMap(({ sessionId, epoch }) => [sessionId, epoch]);
        const { rest } = await connection.run('renew', keys, [instanceId, leaseMs, ...pairs]);
        for (const [place, owner] of inPairs(rest[0])) {
          const { sessionId } = some[Number(place)] ?? {};
          if (sessionId !== undefined) lost.push({ sessionId, ownerId: owner === '' ? undefined : String(owner) });
        }
      }
      return lost;
    },
    async release(sessionId, epoch) {
      const { session, leases } = sessionKeys(sessionId);
      await connection.run('release', [session, leases], [sessionId, epoch]);
    },
    async ownerOf(sessionId) {
      const { rest } = await connection.run('owner', [sessionKeys(sessionId).session], [leaseMs]);
      return rest[0] === '' ? undefined : String(rest[0]);
    },
    async claimDue({ instanceId, limit, visibilityMs }) {
      const { rest } = await connection.run('claim', looked, [instanceId, limit, visibilityMs, leaseMs]);
      return inPairs(rest[0]).map(([id, orphaned]): DueSession => ({
        sessionId: String(id),
        orphaned: orphaned === 1,
      }));
    },
  };
}

function inPairs(reply: unknown): [string | number, string | number][] {
  const list = reply as (string | number)[];
  return list.flatMap((first, i) =>
    i % 2 === 0 ? [[first, list[i + 1] ?? ''] as [string | number, string | number]] : [],
  );
}
