/**
 * Redis answers 200 ms late for 10 s; then, for another 10 s, several times a second an answer is thrown away and the
 * connection cut after the command was carried out. `npm run faults -- redis-slow`
 */
import { pause, runFault } from '../support/fault-run.ts';

const ONE_WAY_MS = 100;
const LASTS_MS = 10_000;
const CUT_EVERY_MS = 300;

await runFault({
  name: 'redis-slow',
  people: 60,
  sessionSeconds: 60,
  spoil: ['redis'],
  async strike({ cluster, strikesNow }) {
    const { redisWay } = cluster;
    if (!redisWay) throw new Error('there is no proxy before Redis');
    strikesNow();
    redisWay.delay(ONE_WAY_MS);
    await pause(LASTS_MS);
    redisWay.delay(0);
    for (const until = performance.now() + LASTS_MS; performance.now() < until; await pause(CUT_EVERY_MS)) {
      redisWay.cutNextAnswer();
    }
    return { answersCut: redisWay.cuts };
  },
});
