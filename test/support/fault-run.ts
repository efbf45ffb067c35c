/**
 * The frame of a fault script: a cluster, people in it, the fault in the middle of their talk, and then the verdict.
 * Prints its figures, writes them to `test/bench/results/`, and sets the exit code: 1 when anything was lost, came
 * twice, or is missing. Times are printed and never judged.
 */
import { report } from '../bench/report.ts';
import { quantile } from '../bench/statistics.ts';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
import { postgresServer } from './databases.ts';
import { type People, startPeople } from './people.ts';
import type { PersonRecord } from './person.ts';
import { judge, type Verdict } from './verdict.ts';
import { WITHOUT_RATES } from './without-rates.ts';

export interface Fault extends Pick<ClusterOptions, 'instances' | 'spoil'> {
  /** Of the report; `kill` is written to `fault-kill.json`. */
  name: string;
  /** Unless the command line names another number. */
  people: number;
  thinkMs?: number;
  arriveMs?: number;
  /** How long a session lasts with a client present; all are to end by themselves. Absent: they are left. */
  sessionSeconds?: number;
  env?: Readonly<Record<string, string>>;
  /** What befalls the cluster. Figures that it answers are added to the report's row. */
  strike(scene: Scene): Promise<Readonly<Record<string, number>> | void>;
}

export interface Scene {
  cluster: Cluster;
  people: People;
  count: number;
  /** Marks the moment from which outages are measured: now. */
  strikesNow(): void;
}

const ARRIVE_MS = 10_000;
const TALK_MS = 5000;
const RECOVER_MS = 60_000;
/** pino's. */
const WARN = 40;
const SCRIPTED = new URL('./scripted-main.ts', import.meta.url);
/** Time left at which a session of these tests warns. */
const WARNINGS_SECONDS = [16, 8];

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function runFault(fault: Fault): Promise<void> {
  const postgres = await postgresServer();
  if (postgres === undefined) throw new Error('a cluster needs Postgres: name one in TEST_DATABASE_URL');
  const count = Number(process.argv[2] ?? fault.people);
  const { instances = 3, spoil = [], env = {} } = fault;
  const program = SCRIPTED;
  const cluster = await startCluster({ postgres, instances, spoil, program, env: { ...settings(fault), ...env } });
  try {
    await play(fault, cluster, count);
  } finally {
    await cluster.stop();
  }
}

async function play(fault: Fault, cluster: Cluster, count: number): Promise<void> {
  const { url } = cluster;
  const { name, thinkMs = 3000, arriveMs = ARRIVE_MS, sessionSeconds } = fault;
  const people = await startPeople({ url, count, thinkMs, arriveMs });
  let struckAtMs = 0;
  const strikesNow = () => void (struckAtMs = performance.timeOrigin + performance.now());
  await people.until(({ live }) => live === count, RECOVER_MS);
  await pause(TALK_MS);
  const figures = await fault.strike({ cluster, people, count, strikesNow });
  const stuck = await settle(fault, people, count).then(
    () => undefined,
    (error: unknown) => `everybody: not all went on: ${String(error)}`,
  );
  const records = await people.records();
  await people.leave();
  const warningsMs = sessionSeconds === undefined ? [] : WARNINGS_SECONDS.map((seconds) => seconds * 1000);
  const verdict = await judge(records, { url, warningsMs, ended: sessionSeconds !== undefined });
  if (stuck !== undefined) verdict.problems.push(stuck);
  tell(fault, { records, verdict, struckAtMs, figures: figures ?? {} });
  for (const [kind, problems] of Map.groupBy(verdict.problems, kindOf)) {
    console.log(`VIOLATED ${problems.length} times: ${kind}; as in ${problems.slice(0, 3).join(' · ')}`);
  }
  const violated = records.filter((record) =>
    verdict.problems.some((problem) => problem.startsWith(`${record.name} `)),
  );
  for (const record of violated.slice(0, 5)) console.log(story(record));
  if (violated.length > 0) console.log(complaints(cluster));
  console.log(verdict.problems.length === 0 ? `${name}: right` : `${name}: ${verdict.problems.length} violations`);
  if (verdict.problems.length > 0) process.exitCode = 1;
}

/** Until all sessions are over by themselves, or all have their answers. */
async function settle({ sessionSeconds }: Fault, people: People, count: number): Promise<void> {
  if (sessionSeconds !== undefined) {
    await people.until(({ over }) => over === count, RECOVER_MS + sessionSeconds * 1000);
    return;
  }
  await people.hush();
  await people.until(({ live, quiet }) => live === count && quiet === count, RECOVER_MS);
}

/** Limits that a crowd behind one address would meet, and sessions short enough to see their end. */
function settings({ sessionSeconds }: Fault): Record<string, string> {
  const crowd = { ...WITHOUT_RATES, LIMIT_SOCKETS_PER_ADDRESS: '100000', LOG_LEVEL: 'info' };
  if (sessionSeconds === undefined) return crowd;
  return {
    ...crowd,
    SESSION_BUDGET_SECONDS: String(sessionSeconds),
    SESSION_HARD_LIMIT_SECONDS: String(sessionSeconds),
    SESSION_WARNINGS_SECONDS: WARNINGS_SECONDS.join(','),
  };
}

/** A problem without whose it is, and which words and numbers. */
function kindOf(problem: string): string {
  return problem
    .slice(problem.indexOf(': ') + 2)
    .replace(/“[^”]*”/g, '“…”')
    .replace(/\d+/g, 'n');
}

/** The last that somebody saw, for whoever looks for the cause. */
function story({ name, state, outages, closeCodes, events }: PersonRecord): string {
  const lines = events.slice(-12).map((event) => `    ${JSON.stringify(event).slice(0, 200)}`);
  return [`  ${name}: ${state} ${JSON.stringify({ outages, closeCodes })}`, ...lines].join('\n');
}

/** What the instances warned of, how often. */
function complaints({ instances }: Cluster): string {
  const warned = instances.flatMap(({ log }) => log.filter(({ level = 0 }) => level >= WARN));
  const lines = [...Map.groupBy(warned, ({ msg }) => msg)].map(([msg, all]) => `  ${all.length} × ${msg}`);
  return ['  the instances said:', ...lines].join('\n');
}

interface Told {
  records: readonly PersonRecord[];
  verdict: Verdict;
  struckAtMs: number;
  figures: Readonly<Record<string, number>>;
}

function tell(fault: Fault, { records, verdict, struckAtMs, figures }: Told): void {
  const outages = records.map((record) => record.outages.find(({ lostAtMs }) => lostAtMs >= struckAtMs - 100));
  const struck = outages.filter((outage) => outage !== undefined);
  const all = records.flatMap((record) => record.outages);
  const midTurn = struck.filter((outage) => outage.midTurn);
  const sum = (of: (record: PersonRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const { problems, ...counts } = verdict;
  report({
    name: `fault-${fault.name}`,
    parameters: { people: records.length, instances: fault.instances ?? 3, thinkMs: fault.thinkMs ?? 3000 },
    rows: [
      {
        struck: struck.length,
        ...times(
          'outage',
          all.map(({ lostAtMs, backAtMs }) => (backAtMs ?? Number.NaN) - lostAtMs),
        ),
        ...times(
          'back',
          struck.map(({ backAtMs }) => (backAtMs ?? Number.NaN) - struckAtMs),
        ),
        midTurn: midTurn.length,
        ...times(
          'goesOn',
          midTurn.map(({ goesOnAtMs }) => (goesOnAtMs ?? Number.NaN) - struckAtMs),
        ),
        ...times(
          'turn',
          records.flatMap(({ turnsMs }) => turnsMs),
        ),
        resumed: sum(({ recovered }) => recovered),
        snapshots: sum(({ snapshots }) => snapshots),
        ...figures,
        ...counts,
        violations: problems.length,
      },
    ],
  });
}

function times(name: string, given: readonly number[]): Record<string, number | string> {
  const known = given.filter((ms) => Number.isFinite(ms));
  const of = (q: number) => (known.length > 0 ? quantile(known, q) : '-');
  return { [`${name}P50Ms`]: of(0.5), [`${name}P99Ms`]: of(0.99) };
}
