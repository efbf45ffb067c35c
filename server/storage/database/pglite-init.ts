/**
 * Makes a new database in the folder named by the first argument, then ends. A process of its own: `initdb` takes
 * about 850 MB that a WebAssembly memory never gives back.
 */
import { PGlite } from '@electric-sql/pglite';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: pglite-init FOLDER');
// The server that asked is gone: nobody would rename the folder.
process.on('disconnect', () => process.exit(1));
const pglite = await PGlite.create(folder);
await pglite.close();
process.exit(0);
