/** Postgres can't be reached for 3 s; talk goes on, and the archive gets everything later. `npm run faults -- postgres-down` */
import { pause, runFault } from '../support/fault-run.ts';

await runFault({
  name: 'postgres-down',
  people: 150,
  sessionSeconds: 40,
  spoil: ['postgres'],
  async strike({ cluster, strikesNow }) {
    strikesNow();
    cluster.postgresWay?.cut({ refuse: true });
    await pause(3000);
    cluster.postgresWay?.cut();
  },
});
