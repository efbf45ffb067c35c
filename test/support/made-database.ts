/**
 * The embedded database, made once a run. To make one takes `initdb` and every migration, seconds of a core; a copy
 * takes a tenth of one. Vitest calls the default export before the tests; without it nothing is copied, and servers
 * make their own. That a server does so on its first start is `test/server/storage/pglite.test.ts`.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../server/ports/clock.ts';
import { openDatabase } from '../../server/storage/database/open.ts';

const VARIABLE = 'KUKU_TEST_MADE_DATABASE';

export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[VARIABLE] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'kuku-made-'));
  await (await openDatabase({ dataDir: folder, clock: systemClock })).close();
  process.env[VARIABLE] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/** Puts an empty database of the newest schema into a data folder that has none yet. */
export async function copyMadeDatabase(dataDir: string): Promise<void> {
  const made = process.env[VARIABLE];
  if (made !== undefined) await cp(join(made, 'pglite'), join(dataDir, 'pglite'), { recursive: true });
}
