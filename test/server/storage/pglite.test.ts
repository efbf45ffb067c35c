import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/ports/clock.ts';
import { createArchive } from '../../../server/storage/archive.ts';
import { openDatabase } from '../../../server/storage/database/open.ts';
import { WRITER_SESSION } from '../../support/archive-writer.ts';
import { startChild, type Child } from '../../support/child.ts';
import { temporaryFolder } from '../../support/databases.ts';
import { copyMadeDatabase } from '../../support/made-database.ts';

const WRITER = new URL('../../support/archive-writer.ts', import.meta.url);
const FULL_DISK = new URL('../../support/full-disk.ts', import.meta.url);
const isNumber = (line: string) => /^\d+$/.test(line);

// A first start takes 3 s of a core, and other test files run beside it.
describe('the embedded database', { timeout: 60_000 }, () => {
  let folder: string;
  let remove: () => Promise<void>;
  const children: Child[] = [];

  // A first start takes seconds; what doesn't test it starts from a copy.
  const prepare = () => copyMadeDatabase(folder);

  beforeEach(async () => {
    const temporary = await temporaryFolder();
    folder = join(temporary.path, 'data');
    remove = () => temporary.remove();
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    await remove();
  });

  const open = () => openDatabase({ dataDir: folder, clock: systemClock });
  const startWriter = (...args: string[]) => {
    const child = startChild(WRITER, [folder, ...args]);
    children.push(child);
    return child;
  };

  it('makes its folder on the first start and finds everything on the next', async () => {
    const first = await open();
    await createArchive(first).ensureUser({ issuer: 'guest', subject: 'a' }, 1000);
    await first.close();
    const second = await open();
    const user = await createArchive(second).ensureUser({ issuer: 'guest', subject: 'a' }, 2000);
    await second.close();
    expect(user.createdAt).toBe(1000);
  });

  it('is refused to a second server, which says where and who', async () => {
    await prepare();
    const writer = startWriter('0', '1000000');
    await writer.until(isNumber);
    await expect(open()).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringMatching(new RegExp(`${folder} is in use .*pid ${writer.pid}\\)`)),
    });
    // The one that has it is not disturbed.
    writer.rest();
    expect(await writer.line()).toMatch(/^\d+$/);
  });

  it('is refused to a second opening in the same process, and free once it was closed', async () => {
    await prepare();
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'data_dir_in_use' });
    await first.close();
    await first.close();
    await (await open()).close();
  });

  it('has every acknowledged message after kill -9, and opens at once', async () => {
    await prepare();
    const writer = startWriter();
    const acknowledged = (await writer.until((line) => line === '40')).filter(isNumber);
    await writer.kill();
    acknowledged.push(...writer.rest().filter(isNumber));

    const database = await open();
    const stored = (await createArchive(database).messages(WRITER_SESSION)).map((message) => String(message.seq));
    await database.close();
    expect(stored).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThan(40);
  });

  it('starts anew when a first start was killed half-way, and leaves nothing of it', async () => {
    const writer = startWriter();
    const unfinished = async () => (await readdir(folder).catch(() => [])).filter((name) => name.includes('.new-'));
    while ((await unfinished()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await writer.kill();
    const database = await open();
    await database.close();
    expect(await readdir(folder)).toEqual(['pglite', 'server.lock']);
  });

  it('says so when the folder is read-only', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o555);
    await asNobody(join(folder, '..'), async () => {
      await expect(open()).rejects.toMatchObject({
        code: 'data_dir_not_writable',
        message: expect.stringContaining(folder),
      });
    });
  });

  it('says so when what it finds is no database', async () => {
    await mkdir(join(folder, 'pglite'), { recursive: true });
    await writeFile(join(folder, 'pglite', 'PG_VERSION'), '9.6\n');
    await expect(open()).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining(folder),
    });
    // The lock went with the failure.
    await rm(join(folder, 'pglite'), { recursive: true });
    await (await open()).close();
  });

  it('says that the disk is full, goes on once it is not, and loses nothing', async () => {
    await prepare();
    const flag = join(folder, '..', 'full');
    const writer = startChild(WRITER, [folder], {
      env: { FULL_DISK: flag },
      nodeArgs: ['--import', FULL_DISK.href],
    });
    children.push(writer);
    const acknowledged = (await writer.until((line) => line === '10')).filter(isNumber);
    await writeFile(flag, '');
    const [failure = ''] = (await writer.until((line) => line.startsWith('error'))).slice(-1);
    expect(failure).toMatch(/^error disk_full There is no space left for the /);
    await rm(flag);
    // What was under way may fail once more; then it is as before.
    const after = (await writer.until((line) => isNumber(line) && Number(line) > 10)).filter(isNumber);
    await writer.kill();

    const database = await open();
    const stored = (await createArchive(database).messages(WRITER_SESSION)).map((message) => String(message.seq));
    await database.close();
    expect(stored).toEqual(expect.arrayContaining([...acknowledged, ...after]));
  });

  it('says that the disk is full when there is no room for a new database', async () => {
    const flag = join(folder, '..', 'full');
    await writeFile(flag, '');
    const writer = startChild(WRITER, [folder], { env: { FULL_DISK: flag }, nodeArgs: ['--import', FULL_DISK.href] });
    children.push(writer);
    expect(await writer.line()).toMatch(new RegExp(`^error disk_full .*${folder}`));
    expect(await writer.ended()).toBe(1);
  });

  it('leaves the event loop free while it works', async () => {
    await prepare();
    const database = await open();
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await sql`select count(*) from generate_series(1, 3000000)`.execute(database.db);
    clearInterval(timer);
    await database.close();
    expect(ticks).toBeGreaterThan(5);
  });

  it('rolls a failed transaction back and serves the next', async () => {
    await prepare();
    const database = await open();
    const archive = createArchive(database);
    const failing = database.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('users')
        .values({ id: 'x', issuer: 'i', subject: 's', created_at: new Date(5) })
        .execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await archive.ensureUser({ issuer: 'i', subject: 's' }, 9)).createdAt).toBe(9);
    await database.close();
  });
});

/** Root may write anywhere, so a root's test run becomes another user for a moment. */
async function asNobody(parent: string, run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return run();
  await chmod(parent, 0o755);
  process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}
