/**
 * `npm run cluster [-- --instances 3 --port 8080]`: the topology of docker-compose.yml as plain processes on this
 * machine: instances of the server, `redis-server` on a free port, a database of its own on a Postgres server, and a
 * small balancer in front. Ctrl-C ends it all and removes what it stored.
 *
 * The Postgres server is that of `DATABASE_URL`, else one on 127.0.0.1:5432; what is there already is left alone.
 */
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/cluster.ts';
import { postgresServer } from '../test/support/databases.ts';

const NO_POSTGRES = `A cluster needs a Postgres server: the embedded database belongs to one process.
Name one, as in  DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres npm run cluster
A database of its own is created there, and dropped at the end.`;

const { values } = parseArgs({
  options: { instances: { type: 'string', default: '3' }, port: { type: 'string', default: '8080' } },
});
const postgres = process.env['DATABASE_URL'] ?? (await postgresServer());
if (postgres === undefined) {
  console.error(NO_POSTGRES);
  process.exit(1);
}

// Listened for from the start: Ctrl-C while it is put up must not leave half of it behind. A terminal sends the signal
// to the instances, too, which drain by themselves.
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});
const { instances: count, port } = values;
const cluster = await startCluster({ postgres, instances: Number(count), port: Number(port) });
console.log(`Kuku Coach: ${cluster.url}`);
for (const { url, pid } of cluster.instances) console.log(`  instance ${url}, process ${pid}`);
console.log(`  Redis    ${cluster.redis.url}\n  Ctrl-C ends it.`);
await asked;
console.log('closing');
await Promise.all(cluster.instances.map((instance) => instance.terminate()));
await cluster.stop();
