/**
 * The session store of any number of instances. Each transition is one script and one round trip; what the archive is
 * to keep goes into the outbox in the same step. Sessions that are not in Redis, because it lost them, are taken up from
 * the archive.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Message } from '../../../protocol/messages.ts';
import type { Archive } from '../../ports/archive.ts';
import { sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import {
  type Commit,
  type CommitResult,
  LEASE_MS,
  type NewEvent,
  type NewSession,
  type SessionStore,
  type StoredEvent,
  type StoredSession,
  type Ticket,
} from '../../ports/session-store.ts';
import {
  type ArchivedSession,
  createArchivedSessions,
  type Providers,
  recordTurns,
  type Summarize,
} from '../archived-sessions.ts';
import type { Sealing } from '../sealing.ts';
import type { RedisConnection } from './connection.ts';
import { sessionKeys, ticketKey } from './keys.ts';
import { createRedisLeases } from './leases.ts';
import { fieldsOf, messagesOf, storedSession } from './replies.ts';
import { createTexts, type Texts } from './texts.ts';

/** Events kept a session, for resume. */
const MAX_EVENTS = 256;
/** Operations whose answers are remembered, a session: many more than are ever under way. */
const MAX_OPERATIONS = 32;
/** How long a new session waits for the archive to know it, too; after that the outbox brings it there. */
const ARCHIVE_WAIT_MS = 1000;

export interface RedisSessionsOptions<State> {
  connection: RedisConnection;
  archive: Archive;
  summarize: Summarize<State>;
  providers: Providers;
  log: Log;
  /** Absent: what is said is kept as it is. */
  sealing?: Sealing;
  /** Shorter ones are for tests. */
  leaseMs?: number;
}

export interface RedisSessions<State> extends SessionStore<State> {
  /** Takes up the active sessions of the archive that Redis does not have; their ids. */
  restore(): Promise<readonly string[]>;
}

const TicketText = z.object({
  sessionId: z.string(),
  userId: z.nullable(z.string()),
  signInId: z.nullable(z.string()),
  origin: z.nullable(z.string()),
});

export function createRedisSessions<State>(options: RedisSessionsOptions<State>): RedisSessions<State> {
  const { connection, archive, summarize, providers, log, sealing, leaseMs = LEASE_MS } = options;
  const texts = createTexts(sealing);
  const archived = createArchivedSessions({ archive, summarize });

  /** True when it was not there yet. */
  const put = async ({ session, dueAt, messages }: ArchivedSession<State>): Promise<boolean> => {
    const keys = sessionKeys(session.id);
    const { id, userId, createdAt, state, epoch, version, seq, updatedAt } = session;
    const stateText = texts.write(state, 'state', id);
    const facts = [id, userId ?? '', createdAt, stateText, dueAt ?? '', epoch, version, seq, updatedAt];
    const said = messages.flatMap((message) => [message.id, texts.write(message, 'message', id)]);
    const { word } = await connection.run(
      'create',
      [keys.session, keys.due, keys.outbox, keys.messages],
      [...facts, ...said],
    );
    return word === 'ok';
  };

  const readHere = async (sessionId: string): Promise<StoredSession<State> | undefined> => {
    const fields = await connection.send((redis) => redis.hgetall(sessionKeys(sessionId).session));
    return storedSession<State>(sessionId, fields, texts);
  };

  const acquireHere = async (sessionId: string, instanceId: string): Promise<StoredSession<State> | undefined> => {
    const { session, leases } = sessionKeys(sessionId);
    // Who can't open it must not take it from somebody who can.
    await readHere(sessionId);
    const { word, rest } = await connection.run(
      'acquire',
      [session, leases],
      [sessionId, instanceId, leaseMs, randomUUID()],
    );
    return word === 'missing' ? undefined : storedSession<State>(sessionId, fieldsOf(rest[0]), texts);
  };

  /** What `ask` finds in Redis, or would once the session is taken up from the archive. */
  const orTakenUp = async <T>(sessionId: string, ask: () => Promise<T | undefined>): Promise<T | undefined> => {
    const found = await ask();
    if (found !== undefined) return found;
    const taken = await archived.takeUp(sessionId);
    if (!taken) return undefined;
    if (await put(taken)) log.info({ sessionId }, 'took a session up from the archive');
    return ask();
  };

  const messagesHere = async (sessionId: string): Promise<readonly Message[]> => {
    const { session, messages } = sessionKeys(sessionId);
    const [here, values] = await connection.send((redis) =>
      Promise.all([redis.exists(session), redis.hvals(messages)]),
    );
    if (here === 0) return archived.messages(sessionId);
    return messagesOf(sessionId, values, texts).map(({ message }) => message);
  };

  return {
    name: 'redis',
    ...createRedisLeases({ connection, leaseMs }),
    ...createTickets(connection),
    async create({ dueAt, ...session }: NewSession<State>) {
      const stored = { ...session, updatedAt: session.createdAt, version: 0, epoch: 0, seq: 0 };
      await put({ session: stored, dueAt, messages: [] });
      // The outbox will tell the archive; but whoever created it may look for it there at once.
      const saved = archived.save(stored).catch((error: unknown) => {
        log.warn({ err: error, sessionId: session.id }, 'a new session waits in the outbox');
      });
      const waited = new AbortController();
      const waiting = sleep(connection.clock, ARCHIVE_WAIT_MS, { signal: waited.signal }).catch(() => {});
      await Promise.race([saved, waiting]);
      waited.abort();
    },
    read: (sessionId) => orTakenUp(sessionId, () => readHere(sessionId)),
    acquire: (sessionId, instanceId) => orTakenUp(sessionId, () => acquireHere(sessionId, instanceId)),
    commit: (commit) => runCommit(commit, { connection, texts, providers }),
    async eventsAfter(sessionId, seq) {
      const { session, events } = sessionKeys(sessionId);
      // In this order: what is committed between the two only adds events.
      const [known, kept] = await connection.send((redis) =>
        Promise.all([redis.hget(session, 'seq'), redis.xrange(events, `(${seq}-0`, '+')]),
      );
      if (known === null || seq > Number(known)) return undefined;
      const after = kept.map(([id, [, event = '']]) =>
        numbered(texts.read(event, 'event', sessionId) as NewEvent, Number.parseInt(id, 10)),
      );
      return seq === Number(known) || after[0]?.seq === seq + 1 ? after : undefined;
    },
    async remove(sessionId) {
      const { session, events, messages, operations, due, leases, outbox, refused } = sessionKeys(sessionId);
      await connection.run(
        'remove',
        [session, events, messages, operations, due, leases, outbox, refused],
        [sessionId],
      );
    },
    messages: messagesHere,
    safeMessages: messagesHere,
    async restore() {
      const all = await archived.takeUpAll();
      const isNew = await Promise.all(all.map(put));
      return all.filter((_, i) => isNew[i]).map(({ session }) => session.id);
    },
    ping: () => connection.ping(),
    close: async () => connection.close(),
  };
}

interface CommitTools {
  connection: RedisConnection;
  texts: Texts;
  providers: Providers;
}

async function runCommit<State>(
  commit: Commit<State>,
  { connection, texts, providers }: CommitTools,
): Promise<CommitResult<State>> {
  const { sessionId, epoch, expectedVersion, operationId, state, dueAt, events, messages } = commit;
  const keys = sessionKeys(sessionId);
  const turns = recordTurns(sessionId, events, { createdAt: connection.clock.now(), providers });
  const stateText = texts.write(state, 'state', sessionId);
  const change = [sessionId, epoch ?? '', expectedVersion, operationId, stateText, dueAt ?? ''];
  const bounds = [MAX_EVENTS, MAX_OPERATIONS, turns.length > 0 ? JSON.stringify(turns) : '', events.length];
  const told = events.map((event) => texts.write(event, 'event', sessionId));
  const said = messages.flatMap((message) => {
    return [message.id, texts.write(message, 'message', sessionId), message.offRecord ? '1' : ''];
  });
  const { word, rest } = await connection.run(
    'commit',
    [keys.session, keys.events, keys.messages, keys.operations, keys.due, keys.outbox],
    [...change, ...bounds, ...told, ...said],
  );
  if (word === 'missing' || word === 'fenced') return { ok: false, reason: word };
  if (word === 'conflict') {
    const current = storedSession<State>(sessionId, fieldsOf(rest[0]), texts);
    return current ? { ok: false, reason: 'conflict', current } : { ok: false, reason: 'missing' };
  }
  const [version = 0, updatedAt = 0, seq = 0] = String(rest[0]).split(':').map(Number);
  return { ok: true, version, updatedAt, events: events.map((event, i) => numbered(event, seq + 1 + i)) };
}

function numbered(event: NewEvent, seq: number): StoredEvent {
  return { ...event, seq };
}

function createTickets(connection: RedisConnection): Pick<SessionStore<unknown>, 'putTicket' | 'takeTicket'> {
  return {
    async putTicket(ticketHash, ticket, ttlMs) {
      await connection.send((redis) => redis.set(ticketKey(ticketHash), JSON.stringify(ticket), 'PX', ttlMs));
    },
    async takeTicket(ticketHash): Promise<Ticket | undefined> {
      const text = await connection.send((redis) => redis.getdel(ticketKey(ticketHash)));
      return text === null ? undefined : TicketText.parse(JSON.parse(text));
    },
  };
}
