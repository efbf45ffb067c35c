/**
 * Three instances under load are restarted one after the other, as a new release is rolled out: SIGTERM, drained, gone
 * within 10 s, started again. No turn may be lost. `npm run faults -- rolling-restart`
 */
import { pause, runFault } from '../support/fault-run.ts';

const SERVICE_RESTART = 1012;

await runFault({
  name: 'rolling-restart',
  people: 150,
  async strike({ cluster, people, strikesNow }) {
    const drainMs: number[] = [];
    strikesNow();
    for (const instance of cluster.instances) {
      const startMs = performance.now();
      const exitCode = await instance.terminate();
      drainMs.push(performance.now() - startMs);
      if (exitCode !== 0) throw new Error(`an instance that was asked to end exited with ${exitCode}`);
      await instance.start();
      await cluster.balancer.untilReady(cluster.instances.length, 10_000);
      await pause(1000);
    }
    const codes = (await people.records()).flatMap(({ closeCodes }) => closeCodes);
    return {
      longestDrainMs: Math.max(...drainMs),
      sentOn1012: codes.filter((code) => code === SERVICE_RESTART).length,
      otherCloses: codes.filter((code) => code !== SERVICE_RESTART).length,
    };
  },
});
