/** A process with its child processes, on Linux: which they are, and what processor time they took. */
import { readdirSync, readFileSync } from 'node:fs';

/** `sysconf(_SC_CLK_TCK)` of every Linux. */
const TICKS_PER_SECOND = 100;

interface Stat {
  pid: number;
  parent: number;
  cpuMs: number;
}

/** The process first, then all that came of it. */
export function processTree(pid: number): number[] {
  const all = allStats();
  const tree = [pid];
  for (const known of tree) tree.push(...all.filter(({ parent }) => parent === known).map((child) => child.pid));
  return tree;
}

/** User and system time of the process and its children, threads included, in ms; to 10 ms. */
export function cpuMsOf(pid: number): number {
  const tree = new Set(processTree(pid));
  return allStats()
    .filter((stat) => tree.has(stat.pid))
    .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

function allStats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
}

/** Fields as in proc(5); the second is in parentheses and may hold anything. Undefined when the process has gone. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid, parent: Number(fields[1]), cpuMs: (ticks * 1000) / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}
