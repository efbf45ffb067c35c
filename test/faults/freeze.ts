/**
 * One of three instances stands still for 6 s (SIGSTOP), longer than its leases, and wakes up believing that it owns
 * its sessions. Half of the people find out after a second that their line is dead and go elsewhere; the others hear of
 * it from the instance itself when it wakes. `npm run faults -- freeze`
 */
import { pause, runFault } from '../support/fault-run.ts';

/** 4009, with which an instance closes what it finds taken from it. */
const REPLACED = 4009;

await runFault({
  name: 'freeze',
  people: 300,
  sessionSeconds: 45,
  async strike({ cluster, people, strikesNow }) {
    const [victim] = cluster.instances;
    if (!victim) throw new Error('there is no instance to freeze');
    strikesNow();
    victim.freeze();
    await pause(1000);
    await people.probe(0.5);
    await pause(5000);
    victim.thaw();
    await pause(3000);
    return { fenced: victim.log.filter(({ close }) => close === REPLACED).length };
  },
});
