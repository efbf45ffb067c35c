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
import { keysInRedis, type ResealedRefused, resealRefused } from './storage/redis/resealing.ts';
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
    const redis = await resealRedis(redisUrl, sealing);
    const neededElsewhere = new Set([...redis.keys, ...audio.keys]);
    const onProgress = (table: string, rows: number) => console.log(`${table}: ${rows} sealed anew`);
    const rows = await reseal({ db: database.db, sealing, signal, neededElsewhere, onProgress });
    tell({ rows, audio, folder, redis, keyId: sealing.keyId });
  } finally {
    await database.close();
  }
}

interface InRedis extends ResealedRefused {
  /** That something there is sealed with. */
  keys: ReadonlySet<string>;
}

async function resealRedis(url: string | undefined, sealing: Sealing): Promise<InRedis> {
  if (url === undefined) return { resealed: 0, unopened: [], keys: new Set() };
  const connection = openRedis({ url, clock: systemClock, log: silentLog });
  try {
    const refused = await resealRefused(connection, sealing);
    return { ...refused, keys: await keysInRedis(connection) };
  } finally {
    connection.close();
  }
}

interface Done {
  rows: Resealed;
  audio: ResealedAudio;
  folder: string;
  redis: InRedis;
  keyId: string;
}

function tell({ rows, audio, folder, redis, keyId }: Done): void {
  const { looked, resealed, unused } = rows;
  const unopened = [...rows.unopened, ...audio.unopened, ...redis.unopened];
  console.log(`\nSealed with "${keyId}":`);
  for (const [table, count] of Object.entries(looked)) {
    console.log(`  ${table}: ${count} rows looked at, ${resealed[table] ?? 0} sealed anew`);
  }
  console.log(`  audio in ${folder}: ${audio.looked} files looked at, ${audio.resealed} sealed anew`);
  if (redis.resealed > 0) console.log(`  refused by the archive, in Redis: ${redis.resealed} sealed anew`);
  for (const id of redis.keys) {
    if (id === keyId) continue;
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
