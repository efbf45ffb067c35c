/**
 * A fuzz of REST and the socket, for as long as one likes: `npm run fuzz -- --inputs 1000000`, `--minutes 10`, with
 * `--seed 7` the same inputs again (what they meet depends on how they overlap). Says at each round what it did, and
 * ends with 1 when anything was found: a crash, an answer of 500 or more, one that is not as documented, a close with
 * a code that is not, an error in the log, memory that grows. `--again KIND:PATH` with the seed of a failure runs that
 * input and what is like it, alone.
 */
import { parseArgs } from 'node:util';
import { table } from '../bench/report.ts';
import { type FuzzResult, fuzz, isLeak, KINDS, type Look, riseBytes } from '../support/fuzz/run.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    again: { type: 'string' },
  },
});
const seed = Number(values.seed);
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

console.log(`seed ${seed}`);
const result = await fuzz({
  seed,
  ...(values.inputs !== undefined && { inputs: Number(values.inputs) }),
  ...(values.minutes !== undefined && { minutes: Number(values.minutes) }),
  ...(values.inputs === undefined && values.minutes === undefined && { minutes: 1 }),
  ...(values.again !== undefined && { again: counterexample(values.again) }),
  onRound: ({ inputs, atMs, heldBytes, residentBytes }: Look) =>
    console.log(
      `${inputs} inputs · ${Math.round(atMs / 1000)} s · held ${megabytes(heldBytes)} · resident ${megabytes(residentBytes)}`,
    ),
});
tell(result);

function counterexample(text: string) {
  const [name = '', ...path] = text.split(':');
  const kind = KINDS.find((each) => each === name);
  if (!kind) throw new Error(`--again takes KIND or KIND:PATH; a kind is ${KINDS.join(', ')}`);
  return { kind, ...(path.length > 0 && { path: path.join(':') }) };
}

function tell({ tally, looks, failures, warnings, operations, ms }: FuzzResult): void {
  console.log(`\n${tally.total} inputs in ${(ms / 60_000).toFixed(1)} minutes\n`);
  for (const [title, counts] of [
    ['input', tally.inputs],
    ['outcome', tally.outcomes],
    ['refused for now', tally.busy],
    ['warning in the log', warnings],
  ] as const) {
    const rows = [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => ({ [title]: what, count }));
    if (rows.length > 0) console.log(`${table(rows)}\n`);
  }
  const never = operations.filter((operation) => !tally.good.has(operation) && !operation.endsWith('/socket'));
  console.log(`operations that answered well: all${never.length > 0 ? ` but ${never.join(', ')}` : ''}`);
  const perInput = (riseBytes(looks) / Math.max(1, (looks.at(-1)?.inputs ?? 0) / 2)).toFixed(1);
  if (looks.length > 3)
    console.log(`held memory over the later half: ${megabytes(riseBytes(looks))}, ${perInput} bytes an input`);
  for (const { problem, input, command } of failures)
    console.log(`\nFOUND ${problem}\n  input: ${input}\n  again: ${command}`);
  const leaks = isLeak(looks);
  if (leaks) console.log('\nFOUND memory that grows');
  if (failures.length > 0 || leaks) process.exitCode = 1;
  else console.log('nothing was found');
}
