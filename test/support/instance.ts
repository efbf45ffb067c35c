/** One server process of a cluster: started, killed, frozen, asked to end, and started again on the same port. */
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';

/** A line of the server's log. */
export interface LogLine {
  level?: number;
  msg?: string;
  [field: string]: unknown;
}

export interface Instance {
  readonly url: string;
  readonly pid: number;
  /** Everything it logged, in all its lives. */
  readonly log: readonly LogLine[];
  /** Resolves when it says that it is ready; rejects when it ends instead. */
  start(): Promise<void>;
  /** As `kill -9` does; nothing when it does not run. */
  kill(): Promise<void>;
  /** SIGTERM: resolves with the exit code, once it has drained. */
  terminate(): Promise<number | null>;
  /** SIGSTOP: alive, but nothing of it moves; its connections stay open. */
  freeze(): void;
  thaw(): void;
}

export interface InstanceOptions {
  program: URL;
  env: Readonly<Record<string, string>>;
}

export async function createInstance({ program, env }: InstanceOptions): Promise<Instance> {
  const port = await freePort();
  const log: LogLine[] = [];
  let child: Child | undefined;
  let isRunning = false;

  // A script that breaks off must not leave servers behind.
  process.on('exit', () => {
    if (isRunning && child) process.kill(child.pid, 'SIGKILL');
  });
  const keep = (lines: readonly string[]) => {
    for (const line of lines.map(parsed)) if (line) log.push(line);
  };
  const running = () => {
    if (!child) throw new Error('the instance was not started');
    return child;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return running().pid;
    },
    get log() {
      if (child) keep(child.rest());
      return log;
    },
    async start() {
      const started = startChild(program, [], { env: { ...env, HOST: '127.0.0.1', PORT: String(port) } });
      child = started;
      isRunning = true;
      void started.ended().then(() => (isRunning &&= child !== started));
      keep(await started.until((line) => parsed(line)?.msg === 'ready'));
    },
    kill: async () => child?.kill(),
    terminate() {
      process.kill(running().pid, 'SIGTERM');
      return running().ended();
    },
    freeze: () => void process.kill(running().pid, 'SIGSTOP'),
    thaw: () => void process.kill(running().pid, 'SIGCONT'),
  };
}

function parsed(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
