/**
 * What a live session costs Redis: commands and time of a commit, memory, and commands a second when three instances
 * poll for deadlines, renew leases, commit, and bring all of it to an archive.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../server/ports/clock.ts';
import { silentLog } from '../../server/ports/log.ts';
import type { NewEvent, StoredSession } from '../../server/ports/session-store.ts';
import { runTimers } from '../../server/session/timers.ts';
import { createArchivedSessions } from '../../server/storage/archived-sessions.ts';
import { runOutbox } from '../../server/storage/outbox.ts';
import { createOutboxStream } from '../../server/storage/redis/outbox-stream.ts';
import type { TestState } from '../contracts/session-store.ts';
import { startRedis } from '../support/redis.ts';
import { memoryArchive, newSession, openStore, type OpenedStore, summarize } from '../support/redis-sessions.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

const SESSIONS = 300;
const INSTANCES = 3;
const STATE_BYTES = 4000;
const TEXT_CHARS = 120;
/** Of a session that was long: 25 exchanges, and as many events as are kept. */
const LONG = { messages: 50, events: 256 };
const BURST_COMMITS = 20_000;
const WRITERS = 32;
const LIVE_SECONDS = 20;
/** A person and a coach who talk store something about this often. */
const COMMIT_EVERY_MS = 2500;

let commands = 0;
tracingChannel('ioredis:command').start.subscribe(() => (commands += 1));

const redis = await startRedis({ persistent: true });
const archive = memoryArchive();
const instances = Array.from({ length: INSTANCES }, () => openStore(redis.url, archive));
const [first] = instances as [OpenedStore];
const state = { n: 1, list: ['x'.repeat(STATE_BYTES)] };

const message = () => ({
  id: randomUUID(),
  timestamp: new Date().toISOString(),
  sender: 'ai' as const,
  text: 'w'.repeat(TEXT_CHARS),
});
const event = (): NewEvent => ({ type: 'transcript.coach', turn: 3, text: 'w'.repeat(TEXT_CHARS) });

async function commit(
  { store }: OpenedStore,
  session: StoredSession<TestState>,
  counts: { messages: number; events: number },
) {
  const result = await store.commit({
    sessionId: session.id,
    epoch: session.epoch,
    expectedVersion: session.version,
    operationId: randomUUID(),
    state,
    dueAt: Date.now() + 600_000,
    messages: Array.from({ length: counts.messages }, message),
    events: Array.from({ length: counts.events }, event),
  });
  if (!result.ok) throw new Error(`a commit failed: ${result.reason}`);
  session.version = result.version;
}

async function memoryBytes(): Promise<number> {
  const info = await first.connection.send((client) => client.info('memory'));
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

async function measureMemory() {
  const before = await memoryBytes();
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => newSession(first.store)));
  const idle = await memoryBytes();
  for (const session of sessions) await commit(first, session, LONG);
  // What waits for the archive is no part of a session.
  const outboxes = await first.connection.send((client) => client.keys('*:outbox'));
  await first.connection.send((client) => client.del(...outboxes));
  const long = await memoryBytes();
  return { sessions, newBytes: (idle - before) / SESSIONS, longBytes: (long - before) / SESSIONS };
}

async function measureBurst(sessions: StoredSession<TestState>[]) {
  const times: number[] = [];
  commands = 0;
  const started = performance.now();
  await Promise.all(
    sessions.slice(0, WRITERS).map(async (session) => {
      for (let i = 0; i < BURST_COMMITS / WRITERS; i++) {
        const at = performance.now();
        await commit(first, session, { messages: i % 2, events: 2 });
        times.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return { commitsPerSecond: times.length / seconds, commandsPerCommit: commands / times.length, times };
}

/** As in a deployment: each instance has its share of the sessions. */
async function measureLive() {
  const stops: (() => Promise<void>)[] = [];
  const over = new AbortController();
  const working: Promise<void>[] = [];
  for (const [i, opened] of instances.entries()) {
    const instanceId = `instance-${i}`;
    const { store, connection } = opened;
    const source = createOutboxStream<TestState>({ connection, instanceId });
    const archived = createArchivedSessions<TestState>({ archive, summarize });
    const outbox = runOutbox({ source, archived, summarize, clock: systemClock, log: silentLog });
    stops.push(() => outbox.drain({ signal: AbortSignal.timeout(5000) }));
    const onDue = async () => {};
    stops.push(runTimers({ store, instanceId, clock: systemClock, log: silentLog, onDue }));
    const mine = await Promise.all(Array.from({ length: SESSIONS / INSTANCES }, () => newSession(store, instanceId)));
    working.push(
      renewing(opened, instanceId, mine, over.signal),
      ...mine.map((one) => talking(opened, one, over.signal)),
    );
  }
  await sleep(2000);
  commands = 0;
  await sleep(LIVE_SECONDS * 1000);
  const sent = commands;
  over.abort();
  await Promise.all(working);
  await Promise.all(stops.map((stop) => stop()));
  return { commandsPerSessionSecond: sent / LIVE_SECONDS / SESSIONS };
}

async function renewing(
  { store }: OpenedStore,
  instanceId: string,
  mine: StoredSession<TestState>[],
  signal: AbortSignal,
) {
  for (; !signal.aborted; await sleep(1000)) {
    const lost = await store.renew(
      instanceId,
      mine.map(({ id: sessionId, epoch }) => ({ sessionId, epoch })),
    );
    if (lost.length > 0) throw new Error(`${lost.length} leases were lost`);
  }
}

async function talking(opened: OpenedStore, session: StoredSession<TestState>, signal: AbortSignal) {
  await sleep(Math.random() * COMMIT_EVERY_MS);
  for (; !signal.aborted; await sleep(COMMIT_EVERY_MS)) await commit(opened, session, { messages: 1, events: 2 });
}

const { sessions, newBytes, longBytes } = await measureMemory();
const { commitsPerSecond, commandsPerCommit, times } = await measureBurst(sessions);
const { commandsPerSessionSecond } = await measureLive();
report({
  name: 'redis',
  parameters: {
    sessions: SESSIONS,
    instances: INSTANCES,
    stateBytes: STATE_BYTES,
    longMessages: LONG.messages,
    longEvents: LONG.events,
    writers: WRITERS,
    commitEveryMs: COMMIT_EVERY_MS,
    redis: 'one server, AOF everysec',
  },
  rows: [
    { what: 'commands a commit', value: commandsPerCommit },
    { what: 'commits a second, one client', value: Math.round(commitsPerSecond) },
    { what: 'a commit, p50 ms', value: quantile(times, 0.5) },
    { what: 'a commit, p99 ms', value: quantile(times, 0.99) },
    { what: 'bytes of a new session', value: Math.round(newBytes) },
    { what: 'bytes of a long session', value: Math.round(longBytes) },
    { what: 'commands a live session a second, outbox, leases and polling included', value: commandsPerSessionSecond },
  ],
});
for (const { store } of instances) await store.close();
await redis.remove();
