/**
 * Names of everything in Redis. A session, its deadline and its outbox carry the tag of one partition, so that one
 * script may touch them all, on a Redis Cluster too. Only the scripts that look over all partitions (claims, renewals,
 * the outbox's) name keys of several; a Cluster would want those called once a partition.
 */
import { createHash } from 'node:crypto';

const PARTITIONS = 64;

const PREFIX = 'kuku:';

/** A pattern for all that is ours. */
export const EVERYTHING = `${PREFIX}*`;

export const partitions = Array.from({ length: PARTITIONS }, (_, partition) =>
  partitionKeys(`${PREFIX}{p${partition}}`),
);

/** When the store was last asked for what is due. */
export const PULSE = `${PREFIX}{p0}:pulse`;

export type PartitionKeys = ReturnType<typeof partitionKeys>;

function partitionKeys(tag: string) {
  return {
    tag,
    /** Sorted set: session ids by the time at which they are given to somebody. */
    due: `${tag}:due`,
    /** Sorted set: sessions that are held, by the end of their lease. */
    leases: `${tag}:leases`,
    /** Stream: what the archive is to be told. */
    outbox: `${tag}:outbox`,
    /** Stream: what the archive refused, for people to look at. */
    refused: `${tag}:refused`,
  };
}

export function sessionKeys(sessionId: string) {
  const { tag, due, leases, outbox, refused } = partitionOf(sessionId);
  return {
    due,
    leases,
    outbox,
    refused,
    /** Hash. `claim.lua` builds this name, too. */
    session: `${tag}:s:${sessionId}`,
    /** Stream; the number of an event is its id. */
    events: `${tag}:e:${sessionId}`,
    /** Hash: message id to `place:JSON`. */
    messages: `${tag}:m:${sessionId}`,
    /** Hash: operation id to its answer. */
    operations: `${tag}:o:${sessionId}`,
  };
}

export function ticketKey(ticketHash: string): string {
  return `${partitionOf(ticketHash).tag}:t:${ticketHash}`;
}

/** A number: what the user has spent on that day. */
export function spendingKey(userId: string, day: string): string {
  return `${partitionOf(userId).tag}:spent:${day}:${userId}`;
}

/** Sorted set: who is seated under a key, by the end of the lease. */
export function seatsKey(name: string, keyHash: string): string {
  return `${partitionOf(keyHash).tag}:seats:${name}:${keyHash}`;
}

function partitionOf(id: string): PartitionKeys {
  const number = createHash('sha1').update(id).digest().readUInt16BE(0) % PARTITIONS;
  return partitions[number] as PartitionKeys;
}
