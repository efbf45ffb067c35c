/** The balancer drops the connections of 1,000 clients at once, and all come back. `npm run faults -- reconnect-storm` */
import { runFault } from '../support/fault-run.ts';

await runFault({
  name: 'reconnect-storm',
  people: 1000,
  thinkMs: 0,
  arriveMs: 30_000,
  async strike({ cluster, people, count, strikesNow }) {
    strikesNow();
    const cut = cluster.balancer.cutAll();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const allBackMs = 200 + (await people.until(({ live }) => live === count, 60_000));
    return { cut, allBackMs };
  },
});
