/** A program of ours in a process of its own, read line by line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** The next line it says; rejects when it ends instead. */
  line(): Promise<string>;
  /** Lines until it says one that fits; that one last. */
  until(fits: (line: string) => boolean): Promise<string[]>;
  /** Everything it said so far that `line` has not given. */
  rest(): string[];
  /** Ends it at once, as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits until it ended by itself. */
  ended(): Promise<number | null>;
}

/** `program` as `new URL('./x.ts', import.meta.url)`. */
export function startChild(
  program: URL,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; nodeArgs?: readonly string[] } = {},
): Child {
  const { env = {}, nodeArgs = [] } = options;
  const child = spawn(process.execPath, [...nodeArgs, fileURLToPath(program), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let wake = (): void => {};
  let over = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      wake();
      resolve(code);
    });
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const next = lines.shift();
      if (next !== undefined) return next;
      if (over) throw new Error('the program ended');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    pid: child.pid ?? -1,
    line,
    async until(fits) {
      const said: string[] = [];
      for (;;) {
        said.push(await line());
        if (fits(said.at(-1) ?? '')) return said;
      }
    },
    rest: () => lines.splice(0),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    ended: () => ended,
  };
}
