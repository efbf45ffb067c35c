/** Redis ends with kill -9 and is back after a second, with what it kept. `npm run faults -- redis-restart` */
import { pause, runFault } from '../support/fault-run.ts';

await runFault({
  name: 'redis-restart',
  people: 150,
  sessionSeconds: 40,
  async strike({ cluster, strikesNow }) {
    strikesNow();
    await cluster.redis.kill();
    await pause(1000);
    await cluster.redis.start();
  },
});
