/** What is older than it is to be goes, by the hand of one instance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive, MessageRecord, SessionRecord } from '../../../server/ports/archive.ts';
import type { Clock } from '../../../server/ports/clock.ts';
import { silentLog } from '../../../server/ports/log.ts';
import type { JobLeases } from '../../../server/ports/retention.ts';
import { createArchive } from '../../../server/storage/archive.ts';
import { createJobLeases } from '../../../server/storage/jobs.ts';
import { type Kept, runRetention } from '../../../server/storage/retention-job.ts';
import { createRetention } from '../../../server/storage/retention.ts';
import { pgliteForTest, postgresForTest, postgresServer, type TestDatabase } from '../../support/databases.ts';

const DAY = 86_400_000;
/** Of a machine that does much else. */
const PATIENCE = { timeout: 60_000 };

/** Stands until it jumps; what waits for it runs then, however little was left. */
function jumpingClock(startMs: number): Clock & { jump(ms: number): Promise<void> } {
  let now = startMs;
  let waiting: (() => void) | undefined;
  return {
    now: () => now,
    monotonicMs: () => now,
    after(_ms, run) {
      waiting = run;
      return () => void (waiting = undefined);
    },
    async jump(ms) {
      // The round before is over: nothing of it happens at the new time.
      await expect.poll(() => waiting !== undefined, PATIENCE).toBe(true);
      now += ms;
      const run = waiting;
      waiting = undefined;
      run?.();
    },
  };
}

const FOR_EVER: Kept = { transcriptsMs: undefined, recapsMs: undefined, audioMs: undefined };
const server = await postgresServer();
const databases: [string, () => Promise<TestDatabase>][] = [['PGlite', pgliteForTest]];
if (server !== undefined) databases.push(['Postgres', () => postgresForTest(server)]);

describe.each(databases)('on %s', { timeout: 180_000 }, (_name, open) => {
  let database: TestDatabase;
  let archive: Archive;
  let jobs: JobLeases;
  let sessions = 0;
  beforeAll(async () => {
    database = await open();
    archive = createArchive(database);
    jobs = createJobLeases(database.db);
  }, 60_000);
  afterAll(() => database.remove(), 60_000);

  /** A session that ended then, with a message, a recap, a name, and a rating. */
  const sessionOf = async (endedAt: number, more: Partial<SessionRecord> = {}) => {
    const id = `session-${++sessions}`;
    const times = { startedAt: endedAt - 1000, endedAt, updatedAt: endedAt, elapsedMs: 1000 };
    const facts = {
      id,
      userId: null,
      title: 'a topic',
      endReason: 'confirmed',
      messageCount: 1,
      state: null,
      usage: {},
    } as const;
    await archive.saveSession({ status: 'ended', stage: 'goal', version: 1, ...facts, ...times, ...more });
    const message: MessageRecord = {
      id: 'm',
      seq: 0,
      sender: 'ai',
      text: 'What was said.',
      audioFile: `${id}.mp3`,
      interrupted: false,
      createdAt: endedAt - 500,
      version: 1,
    };
    await archive.appendMessages(id, [message]);
    const recap = { topic: 'a topic', goal: '', insights: [], commitments: [], summary: 'So it was.' };
    await archive.saveRecap(id, { ...recap, createdAt: endedAt, version: 1 });
    await archive.rename(id, 'my name for it');
    await archive.rate(id, { score: 4, feedback: 'nice', ratedAt: endedAt });
    return id;
  };
  const left = async (id: string) => ({
    messages: (await archive.messages(id)).length,
    audio: (await archive.messages(id))[0]?.audioFile ?? null,
    recap: (await archive.recap(id))?.summary,
    title: (await archive.session(id))?.title,
    rating: await archive.rating(id).then((rating) => rating && [rating.score, rating.feedback]),
  });

  /** Instances with clocks of their own, which stand where they are told. */
  const instances = (count: number, kept: Kept, startMs: number) => {
    let swept = 0;
    const real = createRetention(database.db);
    const retention: typeof real = {
      async sweep(cutoffs, options) {
        swept += 1;
        return real.sweep(cutoffs, options);
      },
    };
    const running = Array.from({ length: count }, (_, n) => {
      const clock = jumpingClock(startMs);
      const done = { count: 0 };
      const counted: JobLeases = {
        take: (name, lease) => jobs.take(name, lease).finally(() => done.count++),
        done: (name, holder, now) => jobs.done(name, holder, now),
      };
      const options = { jobs: counted, retention, kept, instanceId: `i${n}`, clock, log: silentLog };
      return { clock, done, stop: runRetention(options) };
    });
    return {
      get swept() {
        return swept;
      },
      /** Until each instance has asked that often. */
      asked: (times: number) =>
        expect.poll(() => running.every(({ done }) => done.count >= times), PATIENCE).toBe(true),
      swepts: (times: number) => expect.poll(() => swept, PATIENCE).toBe(times),
      advance: (ms: number) => Promise.all(running.map(({ clock }) => clock.jump(ms))),
      stop: () => running.forEach(({ stop }) => stop()),
    };
  };
  const freeJob = () => database.db.deleteFrom('jobs').execute();

  it('each kind goes when its own time has come, and what is kept for ever stays', async () => {
    const startMs = Date.UTC(2026, 0, 1);
    await freeJob();
    const id = await sessionOf(startMs);
    const kept = { transcriptsMs: 30 * DAY, recapsMs: 90 * DAY, audioMs: 7 * DAY };
    const one = instances(1, kept, startMs + 6 * DAY);
    const all = { messages: 1, audio: `${id}.mp3`, recap: 'So it was.', title: 'my name for it', rating: [4, 'nice'] };
    await one.swepts(1);
    expect(await left(id)).toEqual(all);
    await one.advance(2 * DAY);
    await expect.poll(() => left(id), PATIENCE).toEqual({ ...all, audio: null });
    await one.advance(23 * DAY);
    const words = { ...all, audio: null, messages: 0, rating: [4, null] };
    await expect.poll(() => left(id), PATIENCE).toEqual(words);
    await one.advance(60 * DAY);
    await expect.poll(() => left(id), PATIENCE).toEqual({ ...words, recap: undefined, title: null });
    one.stop();
    expect(await archive.session(id)).toMatchObject({ status: 'ended', messageCount: 1 });
    const young = await sessionOf(startMs);
    const other = instances(1, FOR_EVER, startMs + 9000 * DAY);
    await other.swepts(1);
    other.stop();
    expect(await left(young)).toMatchObject({ messages: 1, recap: 'So it was.', title: 'my name for it' });
  });

  it('of many instances one does it, and each hour one again', async () => {
    await freeJob();
    const all = instances(5, FOR_EVER, Date.UTC(2026, 3, 1));
    await all.asked(1);
    await all.swepts(1);
    await all.advance(60 * 60_000);
    await all.asked(2);
    await all.swepts(2);
    all.stop();
    expect(all.swept).toBe(2);
  });

  it('a job whose holder died is free when its lease has run out', async () => {
    const lease = { holder: 'dead', now: 1000, leaseMs: 500, everyMs: 100 };
    expect(await jobs.take('a job', lease)).toBe(true);
    expect(await jobs.take('a job', { ...lease, holder: 'next', now: 1499 })).toBe(false);
    expect(await jobs.take('a job', { ...lease, holder: 'next', now: 1500 })).toBe(true);
    // The one that was taken for dead comes back: it has nothing to give back.
    await jobs.done('a job', 'dead', 1600);
    expect(await jobs.take('a job', { ...lease, holder: 'third', now: 1700 })).toBe(false);
    await jobs.done('a job', 'next', 1700);
    expect(await jobs.take('a job', { ...lease, holder: 'third', now: 1799 })).toBe(false);
    expect(await jobs.take('a job', { ...lease, holder: 'third', now: 1800 })).toBe(true);
  });

  it('a private session that was lost with its server ends', async () => {
    await freeJob();
    const at = Date.UTC(2026, 5, 1);
    const lost = { status: 'active', endedAt: null, endReason: null, ephemeral: true } as const;
    const id = await sessionOf(at, { ...lost, title: null });
    const all = instances(1, FOR_EVER, at + 3 * DAY);
    await all.swepts(1);
    all.stop();
    await expect
      .poll(() => archive.session(id), PATIENCE)
      .toMatchObject({ status: 'ended', endedAt: at, endReason: 'abandoned' });
  });
});
