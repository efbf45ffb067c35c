/**
 * One of three instances ends with kill -9 in the middle of everybody's talk, and comes back 5 s later; then all sessions
 * come to their end. `npm run faults -- kill`
 */
import { pause, runFault } from '../support/fault-run.ts';

await runFault({
  name: 'kill',
  people: 300,
  sessionSeconds: 40,
  async strike({ cluster, strikesNow }) {
    const [victim] = cluster.instances;
    strikesNow();
    await victim?.kill();
    await pause(5000);
    await victim?.start();
  },
});
