/** How every benchmark reports: a table for people, JSON for comparisons, and always the machine it ran on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { resolve } from 'node:path';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGB: number;
  system: string;
  node: string;
}

/** One line of the table. Units stand in the names: `encodeUs`, `p95Ms`. Every row has the same names. */
export type Row = Readonly<Record<string, string | number>>;

export interface Report {
  /** Name of the file: `frames` is written to `test/bench/results/frames.json`. */
  name: string;
  /** What the numbers depend on: sessions, seconds, providers' delays. */
  parameters?: Readonly<Record<string, string | number>>;
  rows: readonly Row[];
}

export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

/** Prints the table and writes the JSON file; answers its path. Throws when there is nothing to report. */
export function report({ name, parameters = {}, rows }: Report, folder = resultsFolder): string {
  if (rows.length === 0) throw new Error(`the benchmark ${name} measured nothing`);
  const host = machine();
  const given = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  console.log([name, ...given].join(' · '));
  console.log(`${host.cpu} · ${host.cores} cores · ${host.memoryGB} GB · ${host.system} · Node ${host.node}\n`);
  console.log(`${table(rows)}\n`);
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, `${name}.json`);
  const result = { name, at: new Date().toISOString(), machine: host, parameters, rows };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

const resultsFolder = resolve(import.meta.dirname, 'results');

/** Columns as wide as their widest cell; numbers stand right, with as many digits as they deserve. */
export function table(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = names.map((name) => typeof rows[0]?.[name] === 'number');
  const padded = lines.map((line) =>
    line.map((text, i) => (isNumber[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))).join('  '),
  );
  return padded.map((line) => line.trimEnd()).join('\n');
}

function cell(value: string | number | undefined): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value ?? '');
  return value.toFixed(Math.abs(value) < 1 ? 3 : Math.abs(value) < 100 ? 2 : 1);
}
