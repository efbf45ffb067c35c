/**
 * Redis is gone for 40 s: sessions apologise and are closed with 1013. When it is back, everybody goes on where they
 * were. `npm run faults -- redis-gone`
 */
import { pause, runFault } from '../support/fault-run.ts';

const TRY_AGAIN_LATER = 1013;
const GONE_MS = 40_000;

await runFault({
  name: 'redis-gone',
  people: 60,
  async strike({ cluster, people, strikesNow }) {
    strikesNow();
    await cluster.redis.kill();
    await pause(GONE_MS);
    const closed = (await people.records()).filter(({ closeCodes }) => closeCodes.includes(TRY_AGAIN_LATER)).length;
    await cluster.redis.start();
    return { closed1013: closed };
  },
});
