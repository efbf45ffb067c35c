/**
 * Makes a new database in the folder named by the first argument, then ends. A process of its own: `initdb` takes
 * about 850 MB that a WebAssembly memory never gives back. The work is done in a thread, so that the process hears at
 * once when the server that asked is gone: nobody would rename the folder then, and the next server removes it.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';

if (isMainThread) {
  process.on('disconnect', () => process.exit(1));
  const worker = new Worker(new URL(import.meta.url), { workerData: { folder: process.argv[2] } });
  worker.on('error', (error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
  worker.on('exit', (code) => process.exit(code));
} else {
  const { folder } = z.object({ folder: z.string() }).parse(workerData);
  const pglite = await PGlite.create(folder);
  await pglite.close();
}
