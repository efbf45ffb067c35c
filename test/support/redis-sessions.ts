/** Session stores on a Redis of the test's own, and an archive that keeps what it is told in memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive, MessageRecord, RecapRecord, SessionRecord, TurnRecord } from '../../server/ports/archive.ts';
import { systemClock } from '../../server/ports/clock.ts';
import { silentLog } from '../../server/ports/log.ts';
import type { Commit, StoredSession } from '../../server/ports/session-store.ts';
import type { SessionSummary } from '../../server/storage/archived-sessions.ts';
import type { Sealing } from '../../server/storage/sealing.ts';
import { openRedis, type RedisConnection } from '../../server/storage/redis/connection.ts';
import { createRedisSessions, type RedisSessions } from '../../server/storage/redis/sessions.ts';
import type { TestState } from '../contracts/session-store.ts';

/** Sessions end at 100. */
export function summarize({ n }: TestState): SessionSummary {
  return {
    kept: { n },
    status: n < 100 ? 'active' : 'ended',
    endedAt: n < 100 ? null : 5000,
    endReason: n < 100 ? null : 'confirmed',
    elapsedMs: n,
    messageCount: n,
    stage: 'goal',
    title: null,
    usage: {},
    recap: n < 100 ? undefined : { topic: 'rest', goal: '', insights: [], commitments: [], summary: 'All said.' },
    cares: [],
    dueAt: null,
  };
}

export const providers = { transcription: 'ears', model: 'mind', speech: null };

export interface OpenedStore {
  store: RedisSessions<TestState>;
  connection: RedisConnection;
}

export function openStore(
  url: string,
  archive: Archive,
  options: { leaseMs?: number; sealing?: Sealing } = {},
): OpenedStore {
  const connection = openRedis({ url, clock: systemClock, log: silentLog });
  const store = createRedisSessions<TestState>({
    connection,
    archive,
    summarize,
    providers,
    log: silentLog,
    ...options,
  });
  return { store, connection };
}

let operations = 0;

export function commitOf(
  { id, epoch, version }: Pick<StoredSession<TestState>, 'id' | 'epoch' | 'version'>,
  more: Partial<Commit<TestState>> = {},
): Commit<TestState> {
  return {
    sessionId: id,
    epoch,
    expectedVersion: version,
    operationId: `operation-${operations++}`,
    state: { n: version + 1 },
    dueAt: null,
    events: [],
    messages: [],
    ...more,
  };
}

export function messageOf(id: string) {
  return { id, timestamp: '2026-01-05T09:00:00.000Z', sender: 'user' as const, text: `text of ${id}` };
}

let sessions = 0;

export async function newSession(store: RedisSessions<TestState>, instanceId = 'a'): Promise<StoredSession<TestState>> {
  const id = `session-${sessions++}`;
  await store.create({ id, userId: null, createdAt: Date.now(), state: { n: 0 }, dueAt: null });
  return (await store.acquire(id, instanceId)) as StoredSession<TestState>;
}

/** Waits until it holds; fails with what was last seen. */
export async function eventually<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, ms = 10_000): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > until) throw new Error(`after ${ms} ms it is still ${JSON.stringify(seen)}`);
    await sleep(20);
  }
}

export interface MemoryArchive extends Archive {
  readonly kept: ReadonlyMap<string, { session: SessionRecord; messages: Map<string, MessageRecord> }>;
  /** How often each message was written, by its id. */
  readonly writes: ReadonlyMap<string, number>;
  /** Called before each write; what it throws, the write throws. */
  beforeWrite: (sessionId: string) => Promise<void> | void;
}

/** The rules of the archive, kept in memory, so that a test can make it fail and count its writes. */
export function memoryArchive(): MemoryArchive {
  const kept = new Map<string, { session: SessionRecord; messages: Map<string, MessageRecord> }>();
  const recaps = new Map<string, RecapRecord>();
  const turns = new Map<string, TurnRecord>();
  const writes = new Map<string, number>();
  const unused = () => Promise.reject(new Error('not part of this test'));
  const archive: MemoryArchive = {
    name: 'memory',
    kept,
    writes,
    beforeWrite: () => {},
    async saveSession(session) {
      await archive.beforeWrite(session.id);
      const before = kept.get(session.id);
      if (before && before.session.version >= session.version) return;
      const state: unknown = session.status === 'active' ? structuredClone(session.state) : null;
      kept.set(session.id, { session: { ...session, state }, messages: before?.messages ?? new Map() });
    },
    async appendMessages(sessionId, messages) {
      await archive.beforeWrite(sessionId);
      const entry = kept.get(sessionId);
      if (!entry) throw new Error('the session was not saved first');
      for (const message of messages) {
        writes.set(message.id, (writes.get(message.id) ?? 0) + 1);
        entry.messages.set(message.id, message);
      }
    },
    saveCares: async () => {},
    cares: unused,
    saveRecap: async (sessionId, recap) => void recaps.set(sessionId, recap),
    saveTurn: async (turn) => void turns.set(`${turn.sessionId} ${turn.turn}`, turn),
    session: async (sessionId) => kept.get(sessionId)?.session,
    messages: async (sessionId) =>
      [...(kept.get(sessionId)?.messages.values() ?? [])].toSorted((a, b) => a.seq - b.seq),
    recap: async (sessionId) => recaps.get(sessionId),
    turns: async (sessionId) => [...turns.values()].filter((turn) => turn.sessionId === sessionId),
    restorable: async () =>
      [...kept.values()].map(({ session }) => session).filter(({ status }) => status === 'active'),
    ping: async () => {},
    ensureUser: unused,
    user: unused,
    reidentifyUser: unused,
    audioOwner: unused,
    deleteUser: unused,
    rename: unused,
    openCommitments: unused,
    wasDeleted: async () => false,
    listSessions: unused,
    costSince: unused,
    rate: unused,
    rating: unused,
    deleteSession: unused,
  };
  return archive;
}
