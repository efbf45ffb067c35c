/** Redis stands still for 6 s (SIGSTOP): its connections stay open, and nothing answers. `npm run faults -- redis-stop` */
import { pause, runFault } from '../support/fault-run.ts';

await runFault({
  name: 'redis-stop',
  people: 150,
  sessionSeconds: 45,
  async strike({ cluster, strikesNow }) {
    strikesNow();
    cluster.redis.stop();
    await pause(6000);
    cluster.redis.resume();
  },
});
