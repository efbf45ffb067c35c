/** How late deadlines are with 100,000 pending ones on the real store, polled as the server polls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../../server/ports/log.ts';
import { runTimers } from '../../server/session/timers.ts';
import { startRedis } from '../support/redis.ts';
import { commitOf, memoryArchive, openStore } from '../support/redis-sessions.ts';
import { report, type Row } from './report.ts';
import { quantile } from './statistics.ts';

const PENDING = 100_000;
const INSTANCES = 3;
const AT_ONCE = 500;
const MEASURE_MS = 20_000;
/** Deadlines a second: about what 100,000 sessions have that store something every few minutes. */
const RATES = [100, 500];

async function measure(perSecond: number): Promise<Row> {
  const redis = await startRedis();
  const instances = Array.from({ length: INSTANCES }, () => openStore(redis.url, memoryArchive()));
  const [maker] = instances;
  if (!maker) throw new Error('no instance');
  await maker.store.ping();
  const { clock } = maker.connection;
  const firstAt = clock.now() + 40_000;
  const dueAt = new Map<string, number>();
  const makeSome = async (from: number) => {
    for (let i = from; i < PENDING; i += AT_ONCE) {
      const id = `timer-${i}`;
      dueAt.set(id, Math.round(firstAt + (i * 1000) / perSecond));
      await maker.store.create({ id, userId: null, createdAt: firstAt, state: { n: 0 }, dueAt: dueAt.get(id) ?? 0 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => makeSome(i)));
  if (clock.now() > firstAt) throw new Error('making them took too long');

  const lateMs: number[] = [];
  const stops = instances.map(({ store, connection }, i) =>
    runTimers({
      store,
      instanceId: `instance-${i}`,
      clock: connection.clock,
      log: silentLog,
      async onDue({ sessionId }) {
        lateMs.push(connection.clock.now() - (dueAt.get(sessionId) ?? 0));
        await store.commit(commitOf({ id: sessionId, epoch: 0, version: 0 }));
      },
    }),
  );
  await sleep(firstAt - clock.now() + MEASURE_MS);
  await Promise.all(stops.map((stop) => stop()));
  for (const { store } of instances) await store.close();
  await redis.remove();
  const expected = (MEASURE_MS / 1000) * perSecond;
  if (lateMs.length < 0.95 * expected) throw new Error(`only ${lateMs.length} of ${expected} came`);
  if (Math.min(...lateMs) < 0) throw new Error('one came early');
  return {
    perSecond,
    fired: lateMs.length,
    lateP50Ms: quantile(lateMs, 0.5),
    lateP99Ms: quantile(lateMs, 0.99),
    lateMaxMs: Math.max(...lateMs),
  };
}

const rows: Row[] = [];
for (const rate of RATES) rows.push(await measure(rate));
report({ name: 'timers', parameters: { pending: PENDING, instances: INSTANCES, pollMs: 50 }, rows });
