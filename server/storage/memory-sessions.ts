/** The session store of a single process: nothing survives it, but the contract is the same. */
import type { Message } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import {
  type Commit,
  type CommitResult,
  LEASE_MS,
  type NewSession,
  type SessionStore,
  type StoredEvent,
  type StoredSession,
  type Ticket,
} from '../ports/session-store.ts';
import { createMemoryLeases, type Leased } from './memory-leases.ts';

/** Events kept a session, for resume. */
const MAX_EVENTS = 256;
/** Operations whose answers are remembered, a session. */
const MAX_OPERATIONS = 64;

interface Entry<State> extends Leased {
  session: StoredSession<State>;
  messages: Map<string, Message>;
  events: StoredEvent[];
  operations: Map<string, CommitResult<State>>;
}

export interface MemorySessions<State> extends SessionStore<State> {
  /** Puts in a session of an earlier process as it stood; its events are gone. */
  restore(kept: { session: StoredSession<State>; dueAt: number | null; messages: readonly Message[] }): void;
  /** Lets go of a session; it may be restored. */
  forget(sessionId: string): void;
}

export function createMemorySessions<State>({
  clock,
  leaseMs = LEASE_MS,
}: {
  clock: Clock;
  leaseMs?: number;
}): MemorySessions<State> {
  const entries = new Map<string, Entry<State>>();
  const leases = createMemoryLeases({ entries, clock, leaseMs });
  const tickets = new Map<string, { ticket: Ticket; cancelExpiry: () => void }>();

  return {
    name: 'memory',
    async create({ dueAt, ...session }: NewSession<State>) {
      const stored = { ...structuredClone(session), updatedAt: session.createdAt, version: 0, epoch: 0, seq: 0 };
      entries.set(session.id, newEntry(stored, dueAt));
    },
    async read(sessionId) {
      return structuredClone(entries.get(sessionId)?.session);
    },
    async acquire(sessionId, instanceId) {
      const entry = entries.get(sessionId);
      if (!entry) return undefined;
      entry.session.epoch += 1;
      leases.take(entry, instanceId);
      return structuredClone(entry.session);
    },
    renew: async (instanceId, held) => leases.renew(instanceId, held),
    release: async (sessionId, epoch) => leases.release(sessionId, epoch),
    ownerOf: async (sessionId) => leases.ownerOf(sessionId),
    claimDue: async (options) => leases.claimDue(options),
    async commit(commit) {
      const entry = entries.get(commit.sessionId);
      if (!entry) return { ok: false, reason: 'missing' };
      const known = entry.operations.get(commit.operationId);
      if (known) return structuredClone(known);
      const result = applyCommit(entry, structuredClone(commit), clock.now());
      if (result.ok) {
        entry.operations.set(commit.operationId, result);
        for (const oldest of entry.operations.keys()) {
          if (entry.operations.size <= MAX_OPERATIONS) break;
          entry.operations.delete(oldest);
        }
      }
      return structuredClone(result);
    },
    async eventsAfter(sessionId, seq) {
      const entry = entries.get(sessionId);
      if (!entry || seq > entry.session.seq) return undefined;
      if (seq === entry.session.seq) return [];
      const kept = entry.events.filter((event) => event.seq > seq);
      return kept[0]?.seq === seq + 1 ? structuredClone(kept) : undefined;
    },
    async messages(sessionId) {
      return structuredClone([...(entries.get(sessionId)?.messages.values() ?? [])]);
    },
    async safeMessages(sessionId) {
      return structuredClone([...(entries.get(sessionId)?.messages.values() ?? [])]);
    },
    async putTicket(ticketHash, ticket, ttlMs) {
      const cancelExpiry = clock.after(ttlMs, () => tickets.delete(ticketHash));
      tickets.set(ticketHash, { ticket: { ...ticket }, cancelExpiry });
    },
    async takeTicket(ticketHash) {
      const found = tickets.get(ticketHash);
      found?.cancelExpiry();
      tickets.delete(ticketHash);
      return found?.ticket;
    },
    restore({ session, dueAt, messages }) {
      const entry = newEntry(structuredClone(session), dueAt);
      for (const message of messages) entry.messages.set(message.id, { ...message });
      entries.set(session.id, entry);
    },
    forget: (sessionId) => void entries.delete(sessionId),
    async remove(sessionId) {
      entries.delete(sessionId);
    },
    async ping() {},
    async close() {
      for (const { cancelExpiry } of tickets.values()) cancelExpiry();
      tickets.clear();
      entries.clear();
    },
  };
}

function newEntry<State>(session: StoredSession<State>, dueAt: number | null): Entry<State> {
  return { session, dueAt, lease: undefined, messages: new Map(), events: [], operations: new Map() };
}

function applyCommit<State>(entry: Entry<State>, commit: Commit<State>, now: number): CommitResult<State> {
  const { session } = entry;
  if (commit.epoch !== null && commit.epoch !== session.epoch) return { ok: false, reason: 'fenced' };
  if (commit.expectedVersion !== session.version) return { ok: false, reason: 'conflict', current: session };
  const events = commit.events.map((event, index): StoredEvent => ({ ...event, seq: session.seq + 1 + index }));
  session.state = commit.state;
  entry.dueAt = commit.dueAt;
  session.version += 1;
  session.updatedAt = now;
  session.seq += events.length;
  for (const message of commit.messages) {
    if (!entry.messages.has(message.id)) entry.messages.set(message.id, message);
  }
  entry.events.push(...events);
  entry.events.splice(0, Math.max(0, entry.events.length - MAX_EVENTS));
  return { ok: true, version: session.version, updatedAt: now, events };
}
