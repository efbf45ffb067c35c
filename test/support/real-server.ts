/** The server as a person starts it: `node server/main.ts` in a process of its own, with the engines of its models. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { copyMadeDatabase } from './made-database.ts';
import { WITHOUT_RATES } from './without-rates.ts';

export interface RealServer {
  url: string;
  pid: number;
  child: Child;
  /** The names of the engines, as the server says them at its start. */
  dependencies: readonly string[];
  /** Asks it to end, as a terminal does. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface RealServerOptions {
  env?: Record<string, string>;
  nodeArgs?: readonly string[];
}

interface LogLine {
  msg?: string;
  address?: string;
  dependencies?: string[];
}

/**
 * For the hook that starts a server. The first start makes a database: 4 s alone, 18 s when three files do it at once on
 * two busy cores.
 */
export const STARTS_MS = 90_000;

/** Resolves when the server says that it is ready; rejects when it ends instead. */
export async function startRealServer({ env = {}, nodeArgs = [] }: RealServerOptions = {}): Promise<RealServer> {
  const main = new URL('../../server/main.ts', import.meta.url);
  const dataDir = env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'kuku-data-'));
  if (!env['DATA_DIR'] && !env['DATABASE_URL']) await copyMadeDatabase(dataDir);
  const own = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
  const child = startChild(main, [], { env: { LOG_LEVEL: 'info', ...WITHOUT_RATES, ...env, ...own }, nodeArgs });
  // A folder that the test named is the test's to remove: another server may go on with it.
  if (!env['DATA_DIR']) void child.ended().then(() => rmSync(dataDir, { recursive: true, force: true }));
  const said = await child.until((line) => logged(line)?.msg === 'ready');
  const { address, dependencies = [] } = logged(said.at(-1) ?? '') ?? {};
  if (address === undefined) throw new Error('the server is ready, but does not say where');
  return {
    url: address,
    pid: child.pid,
    child,
    dependencies,
    stop() {
      process.kill(child.pid, 'SIGTERM');
      return child.ended();
    },
  };
}

/** Undefined for what is no line of the log. */
function logged(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
