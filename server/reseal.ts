/** `npm run reseal`: seals anew what is stored, with the first of ENCRYPTION_KEYS. */
import { forgetSecrets, loadConfig, readEnvironment } from './config.ts';
import { KukuError } from './errors.ts';
import { systemClock } from './ports/clock.ts';
import { openDatabase } from './storage/database/open.ts';
import { reseal, type Resealed } from './storage/resealing.ts';
import { checkSealingKeys } from './storage/sealing-keys.ts';
import { createSealing } from './storage/sealing.ts';

async function main(): Promise<void> {
  const { encryptionKeys, databaseUrl, dataDir } = loadConfig(readEnvironment());
  forgetSecrets();
  const [first, ...rest] = encryptionKeys ?? [];
  if (!first) throw new KukuError('ENCRYPTION_KEYS is not set: there is no key to seal with.', { code: 'no_key' });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new KukuError('Stopped. Run it again to go on.', { code: 'stopped' })));
  const database = await openDatabase({
    dataDir,
    clock: systemClock,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  try {
    await checkSealingKeys(database.db, [first, ...rest]);
    const onProgress = (table: string, rows: number) => console.log(`${table}: ${rows} sealed anew`);
    const sealing = createSealing([first, ...rest]);
    tell(await reseal({ db: database.db, sealing, signal: stop.signal, onProgress }), first.id);
  } finally {
    await database.close();
  }
}

function tell({ looked, resealed, unopened, unused }: Resealed, keyId: string): void {
  console.log(`\nSealed with "${keyId}":`);
  for (const [table, rows] of Object.entries(looked)) {
    console.log(`  ${table}: ${rows} rows looked at, ${resealed[table] ?? 0} sealed anew`);
  }
  for (const id of unused)
    console.log(`Nothing is sealed with "${id}" any more: it can be taken out of ENCRYPTION_KEYS.`);
  if (unopened.length === 0) return;
  const some = unopened.slice(0, 10).join('\n  ');
  throw new KukuError(`${unopened.length} rows could not be opened and were left as they are:\n  ${some}`, {
    code: 'not_opened',
  });
}

try {
  await main();
} catch (error) {
  // Ours say what to do; of the rest somebody must see where it came from.
  console.error(error instanceof KukuError ? error.message : error);
  process.exitCode = 1;
}
