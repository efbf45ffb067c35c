/**
 * `npm run faults:providers [words]`: each fault, each provider, each stage of a turn, through the whole server and real
 * sockets. Prints what the person heard and when, what was stored, and whether the next turn worked. Exits with 1 when
 * anybody had to wait in silence for more than 4 s, heard two voices at once, or a message was stored twice or by half.
 * Words on the command line choose the cases whose line has them all.
 */
import { FAULTS, type FaultCase, strike } from '../support/provider-faults.ts';
import { startScene } from '../support/provider-scene.ts';
import { unplug } from '../support/provider-unplugged.ts';

const lineOf = ({ stage, vendor, fault }: FaultCase) => `${stage} ${vendor} ${fault}`;
const wanted = process.argv.slice(2);
const cases = FAULTS.filter((each) => wanted.every((word) => lineOf(each).includes(word)));
if (cases.length === 0) throw new Error(`no case has the words ${wanted.join(', ')}`);

const scene = await startScene();
let failed = 0;
try {
  console.log(
    '| stage | provider | fault | heard: who, and when after the turn | longest silence | stored | next turn |',
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const each of cases) {
    const { heard, longestSilenceMs, stored, nextTurn, problems } = await strike(scene, each);
    const cells = [
      each.stage,
      each.vendor,
      each.fault,
      heard,
      `${(longestSilenceMs / 1000).toFixed(1)} s`,
      stored,
      nextTurn,
    ];
    console.log(`| ${cells.join(' | ')} |`);
    for (const problem of problems) console.log(`    WRONG: ${problem}`);
    if (problems.length > 0) failed += 1;
  }
  if (wanted.length === 0) {
    for (const vendor of ['openai', 'elevenlabs'] as const) {
      const { turns, breakers, problems } = await unplug(scene, vendor, { openMs: 15_000 });
      console.log(`\nThe network to OpenAI and ${vendor} unplugged, and plugged in again:`);
      for (const { when, heard, longestSilenceMs } of turns) {
        console.log(`  ${when.padEnd(10)}  ${heard}; longest silence ${(longestSilenceMs / 1000).toFixed(1)} s`);
      }
      console.log(`  breakers: ${breakers.join(', ')}`);
      for (const problem of problems) console.log(`    WRONG: ${problem}`);
      if (problems.length > 0) failed += 1;
    }
  }
} finally {
  await scene.close();
}
console.log(`\n${cases.length} cases, ${failed} with something wrong`);
process.exitCode = failed > 0 ? 1 : 0;
