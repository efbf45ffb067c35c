/** The server that is fuzzed: a process of its own, whose end and whose errors are findings, and whose memory is looked at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../child.ts';
import { type Memory, PROBED } from '../probe.ts';
import { WITHOUT_RATES } from '../without-rates.ts';

export interface FuzzedServer {
  url: string;
  child: Child;
  /** What it logged at the level of an error since the last time, a line each. */
  errors(): string[];
  /** Warnings so far, by their text. */
  readonly warnings: ReadonlyMap<string, number>;
  readonly hasEnded: boolean;
  memory(): Promise<Memory>;
  /** Resolves with its exit code, or null when it had to be killed: it did not end within `ENDS_MS`. */
  stop(): Promise<number | null>;
}

/** Limits on how much one client does are out of the way: what is behind them is tried. Those on sizes are as they are. */
const ENV = {
  ...WITHOUT_RATES,
  LOG_LEVEL: 'warn',
  HOST: '127.0.0.1',
  PORT: '0',
  AUTH: 'guest',
  AUTH_SECRET: 'a secret for nobody but this fuzz, of 40 c',
  TRUSTED_PROXIES: 'loopback',
  LLM_PROVIDER: 'builtin',
  LIMIT_ADDRESS_FACTOR: '1000000',
  LIMIT_CONTROL_PER_SECOND: '1000000',
  LIMIT_AUDIO_FACTOR: '100',
  LIMIT_AUDIO_BURST_SECONDS: '86400',
  LIMIT_SOCKETS_PER_USER: '1000000',
  LIMIT_SOCKETS_PER_ADDRESS: '1000000',
  LIMIT_CONNECTIONS_PER_ADDRESS: '1000000',
  // What inputs have left behind goes soon, so that memory shows what stays.
  IDLE_PROMPT_SECONDS: '20',
  IDLE_END_SECONDS: '30',
  RESUME_WINDOW_SECONDS: '20',
};
/** A drain takes some seconds, and the database its checkpoint. */
const ENDS_MS = 60_000;
const ERROR = 50;
const WARN = 40;
const PROGRAM = new URL('./server-main.ts', import.meta.url);

export async function startFuzzedServer(env: Readonly<Record<string, string>> = {}): Promise<FuzzedServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kuku-fuzz-'));
  const child = startChild(PROGRAM, [], { env: { ...ENV, DATA_DIR: dataDir, ...env }, nodeArgs: PROBED });
  let hasEnded = false;
  void child.ended().then(() => {
    hasEnded = true;
    rmSync(dataDir, { recursive: true, force: true });
  });
  const said = await child.until((line) => line.includes('"msg":"ready"'));
  const { address } = JSON.parse(said.at(-1) ?? '') as { address: string };
  const warnings = new Map<string, number>();
  const read = (lines: readonly string[]) =>
    lines.filter((line) => {
      const { level = 0, msg = '' } = entry(line);
      if (level >= WARN && level < ERROR) warnings.set(msg, (warnings.get(msg) ?? 0) + 1);
      return level >= ERROR;
    });
  let waiting: string[] = [];
  return {
    url: address,
    child,
    warnings,
    get hasEnded() {
      return hasEnded;
    },
    errors: () => [...waiting.splice(0), ...read(child.rest())],
    async memory() {
      process.kill(child.pid, 'SIGUSR2');
      const lines = await child.until((line) => line.startsWith('{"probe"'));
      waiting = [...waiting, ...read(lines.slice(0, -1))];
      return (JSON.parse(lines.at(-1) ?? '') as { probe: { memory: Memory } }).probe.memory;
    },
    async stop() {
      if (!hasEnded) process.kill(child.pid, 'SIGTERM');
      const inTime = await Promise.race([child.ended(), sleep(ENDS_MS, 'late' as const, { ref: false })]);
      if (inTime !== 'late') return inTime;
      await child.kill();
      return null;
    },
  };
}

function entry(line: string): { level?: number; msg?: string } {
  try {
    return JSON.parse(line) as { level?: number; msg?: string };
  } catch {
    return {};
  }
}
