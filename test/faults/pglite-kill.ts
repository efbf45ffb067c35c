/**
 * Ends a process that writes to the embedded database with kill -9, again and again, and looks for what it had been
 * told was stored. Prints its figures; fails when an acknowledged message is missing.
 *
 *     npm run faults:pglite -- [cycles, 25 unless said]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../server/ports/clock.ts';
import { createArchive } from '../../server/storage/archive.ts';
import { openDatabase } from '../../server/storage/database/open.ts';
import { WRITER_SESSION } from '../support/archive-writer.ts';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/databases.ts';

const WRITER = new URL('../support/archive-writer.ts', import.meta.url);
const cycles = Number(process.argv[2] ?? 25);
/** Where in the writing the kill falls is left to chance, within this. */
const LONGEST_MS = 600;

const folder = await temporaryFolder();
const acknowledged = new Set<number>();
const reopenedMs: number[] = [];
let lost = 0;
let unacknowledged = 0;
try {
  const startedMs = performance.now();
  await (await openDatabase({ dataDir: folder.path, clock: systemClock })).close();
  process.stdout.write(`first start ${Math.round(performance.now() - startedMs)} ms\n`);
  for (let cycle = 1; cycle <= cycles; cycle++) await runCycle(cycle);
} finally {
  await folder.remove();
}

const sorted = reopenedMs.toSorted((a, b) => a - b);
const median = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
process.stdout.write(
  `${cycles} kills, ${acknowledged.size} messages acknowledged, ${lost} lost, ` +
    `${unacknowledged} stored without an acknowledgement; reopened in ${median} ms (median), ` +
    `${Math.round(sorted.at(-1) ?? 0)} ms (longest)\n`,
);
process.exitCode = lost > 0 || acknowledged.size < cycles ? 1 : 0;

async function runCycle(cycle: number): Promise<void> {
  const first = acknowledged.size === 0 ? 0 : Math.max(...acknowledged) + 1;
  const writer = startChild(WRITER, [folder.path, String(first)]);
  const said = await writer.until((line) => /^\d+$/.test(line));
  await wait(Math.random() * LONGEST_MS);
  await writer.kill();
  for (const line of [...said, ...writer.rest()]) if (/^\d+$/.test(line)) acknowledged.add(Number(line));

  const startedMs = performance.now();
  const database = await openDatabase({ dataDir: folder.path, clock: systemClock });
  reopenedMs.push(performance.now() - startedMs);
  const stored = new Set((await createArchive(database).messages(WRITER_SESSION)).map((message) => message.seq));
  await database.close();
  const missing = [...acknowledged].filter((n) => !stored.has(n));
  lost += missing.length;
  unacknowledged += stored.size - (acknowledged.size - missing.length);
  for (const n of stored) acknowledged.add(n);
  process.stdout.write(`kill ${cycle}: ${stored.size} stored, ${missing.length} lost\n`);
}
