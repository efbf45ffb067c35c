/**
 * `npm run reseal`: seals anew what is in the database and the audio folder, with the first of ENCRYPTION_KEYS, and in Redis
 * what the archive refused; the rest there goes an hour after its session.
 */
import { join } from 'node:path';
import { forgetSecrets, loadConfig, readEnvironment } from './config.ts';
import { KukuError } from './errors.ts';
import { systemClock } from './ports/clock.ts';
import { silentLog } from './ports/log.ts';
import { openDatabase } from './storage/database/open.ts';
import { openRedis } from './storage/redis/connection.ts';
import { keysInRedis, resealRefused } from './storage/redis/resealing.ts';
import { resealAudio, type ResealedAudio } from './storage/resealing-audio.ts';
import { reseal, type Resealed } from './storage/resealing.ts';
import { checkSealingKeys } from './storage/sealing-keys.ts';
import { type Sealing, sealingWith } from './storage/sealing.ts';

async function main(): Promise<void> {
  const { encryptionKeys, databaseUrl, redisUrl, dataDir } = loadConfig(readEnvironment());
  forgetSecrets();
  const sealing = sealingWith(encryptionKeys);
  if (!sealing) throw new KukuError('ENCRYPTION_KEYS is not set: there is no key to seal with.', { code: 'no_key' });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new KukuError('Stopped. Run it again to go on.', { code: 'stopped' })));
  const database = await openDatabase({
    dataDir,
    clock: systemClock,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  try {
    await checkSealingKeys(database.db, encryptionKeys ?? []);
    const { signal } = stop;
    const folder = join(dataDir, 'audio');
    const audio = await resealAudio({ folder, sealing, signal });
    const inRedis = await redisKeys(redisUrl, sealing);
    const neededElsewhere = new Set([...inRedis, ...audio.keys]);
    const onProgress = (table: string, rows: number) => console.log(`${table}: ${rows} sealed anew`);
    const rows = await reseal({ db: database.db, sealing, signal, neededElsewhere, onProgress });
    inRedis.delete(sealing.keyId);
    tell({ rows, audio, folder, inRedis, keyId: sealing.keyId });
  } finally {
    await database.close();
  }
}

async function redisKeys(url: string | undefined, sealing: Sealing): Promise<Set<string>> {
  if (url === undefined) return new Set();
  const connection = openRedis({ url, clock: systemClock, log: silentLog });
  try {
    const refused = await resealRefused(connection, sealing);
    if (refused > 0) console.log(`refused by the archive, in Redis: ${refused} sealed anew`);
    return new Set(await keysInRedis(connection));
  } finally {
    connection.close();
  }
}

interface Done {
  rows: Resealed;
  audio: ResealedAudio;
  folder: string;
  /** Keys other than the first. */
  inRedis: ReadonlySet<string>;
  keyId: string;
}

function tell({ rows, audio, folder, inRedis, keyId }: Done): void {
  const { looked, resealed, unused } = rows;
  const unopened = [...rows.unopened, ...audio.unopened];
  console.log(`\nSealed with "${keyId}":`);
  for (const [table, count] of Object.entries(looked)) {
    console.log(`  ${table}: ${count} rows looked at, ${resealed[table] ?? 0} sealed anew`);
  }
  console.log(`  audio in ${folder}: ${audio.looked} files looked at, ${audio.resealed} sealed anew`);
  for (const id of inRedis) {
    const wait = 'What is in Redis goes an hour after its session: run this again then.';
    console.log(`"${id}" is still needed for sessions in Redis. ${wait}`);
  }
  for (const id of unused)
    console.log(`Nothing is sealed with "${id}" any more: it can be taken out of ENCRYPTION_KEYS.`);
  if (unopened.length === 0) return;
  const some = unopened.slice(0, 10).join('\n  ');
  throw new KukuError(`${unopened.length} could not be opened and were left as they are:\n  ${some}`, {
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
