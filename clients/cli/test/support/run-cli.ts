/** One run of the command line client against a server, without a process of its own. */
import { Readable } from 'node:stream';
import { parseOptions } from '../../src/options.ts';
import { talk, type Terminal } from '../../src/talk.ts';

export interface CliRun {
  code: number;
  printed: string;
  /** What was complained of before there was a session. */
  errors: string;
}

export async function runCli(args: readonly string[], given: Partial<Terminal> = {}): Promise<CliRun> {
  const printed: string[] = [];
  const errors: string[] = [];
  const parsed = parseOptions(args);
  if (parsed.ok !== true) throw new Error(JSON.stringify(parsed));
  const code = await talk(parsed.options, {
    input: Readable.from([]),
    output: { write: (text) => void printed.push(text) },
    errors: { write: (text) => void errors.push(text) },
    onInterrupt: () => () => {},
    path: '',
    token: undefined,
    password: undefined,
    ...given,
  });
  return { code, printed: printed.join(''), errors: errors.join('') };
}
