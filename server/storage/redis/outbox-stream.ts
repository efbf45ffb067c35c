/** The outbox in Redis: a stream in each partition, one consumer group for the archive, a consumer an instance. */
import { z } from 'zod';
import { KukuError } from '../../errors.ts';
import type { TurnRecord } from '../../ports/archive.ts';
import type { StoredSession } from '../../ports/session-store.ts';
import { recordMessage } from '../archived-sessions.ts';
import type { OutboxEntry, OutboxSource } from '../outbox.ts';
import type { Sealing } from '../sealing.ts';
import type { RedisConnection } from './connection.ts';
import { storeError } from './errors.ts';
import { partitions, sessionKeys } from './keys.ts';
import { fieldsOf, messagesOf, storedSession } from './replies.ts';
import { createTexts, type Texts } from './texts.ts';

const GROUP = 'archive';
const WAIT_MS = 500;
/** Entries of one partition that one read takes. */
const MOST_ENTRIES = 20;
const CONSUMER_FORGOTTEN_MS = 60 * 60_000;
/** Entries that the archive refused, kept for people to look at. */
const MAX_REFUSED = 1000;
/** An ended session stays at hand this long, for clients that come back to see how it ended. */
const KEEP_ENDED_MS = 60 * 60_000;
/** What was not to be kept goes as soon as those who were in the session have seen how it ended. */
const GOES_SOON_MS = 60_000;

export interface OutboxStreamOptions {
  connection: RedisConnection;
  instanceId: string;
  /** As the session store has it. */
  sealing?: Sealing;
  keepEndedMs?: number;
}

type RawEntry = [id: string, fields: string[]];

const streams = partitions.map(({ outbox }) => outbox);

export function createOutboxStream<State>(options: OutboxStreamOptions): OutboxSource<State> {
  const { connection, instanceId, sealing, keepEndedMs = KEEP_ENDED_MS } = options;
  const texts = createTexts(sealing);
  // Reads that wait would hold up everything else on a connection.
  const reader = connection.open({ commandTimeout: WAIT_MS + 1000 });

  return {
    async open() {
      await connection.run('outbox-open', streams, [GROUP, CONSUMER_FORGOTTEN_MS]);
    },
    async next() {
      const news = streams.map(() => '>');
      const reply = await reader
        .xreadgroup('GROUP', GROUP, instanceId, 'COUNT', MOST_ENTRIES, 'BLOCK', WAIT_MS, 'STREAMS', ...streams, ...news)
        .catch((error: unknown) => Promise.reject(storeError(error)));
      const read = (reply ?? []) as [string, RawEntry[]][];
      return read.flatMap(([stream, entries]) => entries.map((entry) => outboxEntry(stream, entry, texts)));
    },
    async reclaim(idleMs) {
      const { rest } = await connection.run('outbox-reclaim', streams, [GROUP, instanceId, idleMs, MOST_ENTRIES]);
      const taken = rest[0] as [number, RawEntry[]][];
      return taken.flatMap(([place, entries]) =>
        entries.map((entry) => outboxEntry(streams[place] ?? '', entry, texts)),
      );
    },
    async sessions(sessionIds) {
      const keys = sessionIds.map((sessionId) => sessionKeys(sessionId).session);
      const { rest } = await connection.run('read', keys, []);
      const found = rest[0] as string[][];
      const sessions = new Map<string, StoredSession<State> | KukuError>();
      for (const [i, sessionId] of sessionIds.entries()) {
        const session = orWhyNot(() => storedSession<State>(sessionId, fieldsOf(found[i] ?? []), texts));
        if (session) sessions.set(sessionId, session);
      }
      return sessions;
    },
    settle: (entries) => settle(connection, entries),
    async refuse(entries, reason) {
      for (const entry of entries) {
        const { refused } = sessionKeys(entry.sessionId);
        const text = texts.write(entry, 'refused', entry.sessionId);
        await connection.send((redis) =>
          redis.xadd(refused, 'MAXLEN', '~', MAX_REFUSED, '*', 's', entry.sessionId, 'reason', reason, 'entry', text),
        );
      }
    },
    async expire(sessionId, { goesSoon }) {
      const { session, events, messages, operations, due } = sessionKeys(sessionId);
      await connection.run(
        'expire',
        [session, events, messages, operations, due],
        [sessionId, goesSoon ? Math.min(GOES_SOON_MS, keepEndedMs) : keepEndedMs],
      );
    },
    async lag() {
      const { rest } = await connection.run('outbox-lag', streams, []);
      return { entries: Number(rest[0]), oldestMs: Math.max(0, Number(rest[1])) };
    },
  };
}

async function settle(connection: RedisConnection, entries: readonly OutboxEntry[]): Promise<void> {
  const places = entries.map(({ id }) => id.split(' ') as [string, string]);
  const keys = places.map(([stream]) => stream);
  await connection.run('outbox-settle', keys, [GROUP, ...places.map(([, entryId]) => entryId)]);
}

const Turns = z.array(z.custom<TurnRecord>((turn) => typeof turn === 'object' && turn !== null));

/** As `commit.lua` and `create.lua` write it: s, session id; v, version; t, turns as JSON; m, a message, any number. */
function outboxEntry(stream: string, [entryId, fields]: RawEntry, texts: Texts): OutboxEntry {
  const { s: sessionId = '', v: version = '0', t: turns = '' } = fieldsOf(fields);
  const said = fields.filter((_, i) => i % 2 === 1 && fields[i - 1] === 'm');
  const messages = orWhyNot(() => messagesOf(sessionId, said, texts));
  const entry = { id: `${stream} ${entryId}`, sessionId, turns: turns === '' ? [] : Turns.parse(JSON.parse(turns)) };
  if (messages instanceof KukuError) return { ...entry, messages: [], unreadable: messages };
  const records = messages.map(({ place, message }) =>
    recordMessage(message, { seq: place, version: Number(version) }),
  );
  return { ...entry, messages: records };
}

/** What can't be opened is one session's trouble, and must not hold up the others'. */
function orWhyNot<T>(read: () => T): T | KukuError {
  try {
    return read();
  } catch (error) {
    if (error instanceof KukuError) return error;
    throw error;
  }
}
