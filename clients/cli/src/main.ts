#!/usr/bin/env node
import { EXIT, HELP, parseOptions } from './options.ts';
import { talk } from './talk.ts';

const parsed = parseOptions(process.argv.slice(2));
if (parsed.ok === 'help') process.stdout.write(HELP);
else if (!parsed.ok) {
  process.stderr.write(`${parsed.problem} (--help tells more.)\n`);
  process.exitCode = EXIT.usage;
} else {
  process.exitCode = await talk(parsed.options, {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt(fn) {
      process.on('SIGINT', fn);
      return () => process.off('SIGINT', fn);
    },
    path: process.env['PATH'] ?? '',
    token: process.env['KUKU_TOKEN'] || undefined,
    password: process.env['KUKU_PASSWORD'] || undefined,
  });
  // An input that is still open would keep the process alive.
  process.stdin.destroy();
}
