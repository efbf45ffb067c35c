/** Who runs which session of the memory store, and whose deadline has come. */
import type { Clock } from '../ports/clock.ts';
import type { ClaimOptions, DueSession, HeldLease, LostLease } from '../ports/session-store.ts';

export interface Leased {
  session: { readonly id: string; readonly epoch: number };
  /** When the session is given to somebody next, ms since 1970. */
  dueAt: number | null;
  lease: { ownerId: string; untilMs: number; orphanDueAt: number } | undefined;
}

export interface MemoryLeases {
  take(entry: Leased, instanceId: string): void;
  renew(instanceId: string, held: readonly HeldLease[]): LostLease[];
  release(sessionId: string, epoch: number): void;
  ownerOf(sessionId: string): string | undefined;
  claimDue(options: ClaimOptions): DueSession[];
}

interface MemoryLeasesOptions {
  entries: ReadonlyMap<string, Leased>;
  clock: Clock;
  leaseMs: number;
}

export function createMemoryLeases({ entries, clock, leaseMs }: MemoryLeasesOptions): MemoryLeases {
  let askedAtMs = clock.now();
  /** Until then a lease that ran out counts as valid: its owner may not have had the chance to renew it. */
  let graceUntilMs = 0;

  const take = (entry: Leased, ownerId: string) => {
    const untilMs = clock.now() + leaseMs;
    entry.lease = { ownerId, untilMs, orphanDueAt: untilMs };
  };

  /** A process that was stopped for a while finds all its leases run out: it renews before it takes itself for dead. */
  const noticeSilence = (now: number) => {
    if (now - askedAtMs >= leaseMs / 2) graceUntilMs = now + leaseMs;
    askedAtMs = now;
  };

  return {
    take,
    renew(instanceId, held) {
      return held.flatMap(({ sessionId, epoch }) => {
        const entry = entries.get(sessionId);
        if (entry?.session.epoch === epoch && entry.lease?.ownerId === instanceId) {
          take(entry, instanceId);
          return [];
        }
        return [{ sessionId, ownerId: entry?.lease?.ownerId }];
      });
    },
    release(sessionId, epoch) {
      const entry = entries.get(sessionId);
      if (entry?.session.epoch === epoch) entry.lease = undefined;
    },
    ownerOf(sessionId) {
      const lease = entries.get(sessionId)?.lease;
      return lease && lease.untilMs + leaseMs > clock.now() ? lease.ownerId : undefined;
    },
    claimDue({ instanceId, limit, visibilityMs }) {
      const now = clock.now();
      noticeSilence(now);
      const found = [...entries.values()].flatMap((entry) => {
        const reason = whyGiven(entry, instanceId, { now, inGrace: now < graceUntilMs });
        return reason ? [{ entry, ...reason }] : [];
      });
      const given = found.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit);
      return given.map(({ entry, orphaned }) => {
        if (!orphaned) entry.dueAt = now + visibilityMs;
        else if (entry.lease) entry.lease.orphanDueAt = now + visibilityMs;
        return { sessionId: entry.session.id, orphaned };
      });
    },
  };
}

function whyGiven({ lease, dueAt }: Leased, instanceId: string, { now, inGrace }: { now: number; inGrace: boolean }) {
  const valid = lease !== undefined && (lease.untilMs > now || inGrace);
  if (lease && !valid && lease.orphanDueAt <= now) return { orphaned: true, dueAt: lease.orphanDueAt };
  if (dueAt === null || dueAt > now || (valid && lease.ownerId !== instanceId)) return undefined;
  return { orphaned: false, dueAt };
}
