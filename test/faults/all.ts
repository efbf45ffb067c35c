/**
 * All fault scripts, or those that are named, one after the other: `npm run faults [-- NAME…]`. Each is a process of
 * its own and says whether all was right; the exit code is 1 when one of them did not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

const known = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'all')
  .sort();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no fault ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}

const results: [string, string][] = [];
for (const name of named.length > 0 ? named : known) {
  console.log(`== ${name}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  results.push([name, exitCode === 0 ? 'right' : `exit code ${exitCode}`]);
}
for (const [name, result] of results) console.log(`${name.padEnd(20)}${result}`);
if (results.some(([, result]) => result !== 'right')) process.exitCode = 1;
