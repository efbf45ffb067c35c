import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Kysely } from 'kysely';
import { KukuError } from '../../errors.ts';
import { diskFull, folderError, hasSpace, isNoSpace } from '../folder-errors.ts';
import { pgliteDialect } from './pglite-dialect.ts';
import { startEngine, type EngineOptions } from './pglite-engine.ts';

/**
 * Opens the embedded database, making it first where there is none. The caller holds the lock of the folder above.
 * Throws a `KukuError` that names the folder.
 */
export async function openPglite<Schema>(options: EngineOptions): Promise<Kysely<Schema>> {
  await removeUnfinished(options.folder);
  if (!existsSync(options.folder)) await initialise(options.folder);
  const engine = await startEngine(options);
  return new Kysely<Schema>({ dialect: pgliteDialect(engine, options) });
}

const temporaryPrefix = (folder: string) => `${basename(folder)}.new-`;

/** A first start that was killed leaves its temporary folder; the lock says that nobody works in it any more. */
async function removeUnfinished(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(temporaryPrefix(folder))) continue;
    // Its process may still be on its way out, and write.
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** An empty database takes 39 MB; the rest is for what it does while it is made. */
const NEW_DATABASE_BYTES = 128 * 1024 * 1024;

/** The database appears under its name only when it is whole: a start that dies half-way leaves nothing to trip over. */
async function initialise(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (!(await hasSpace(parent, NEW_DATABASE_BYTES))) throw diskFull(undefined, parent);
  let temporary: string | undefined;
  try {
    temporary = await mkdtemp(join(parent, temporaryPrefix(folder)));
    await runInit(temporary);
    await rename(temporary, folder);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    // `initdb` says only that it failed.
    throw (await hasSpace(parent, NEW_DATABASE_BYTES)) ? folderError(parent, error) : diskFull(error, parent);
  }
}

function runInit(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('pglite-init.ts', import.meta.url), [folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8000);
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(initError(dirname(folder), stderr))));
  });
}

function initError(folder: string, output: string): KukuError {
  if (isNoSpace(output)) return diskFull(new Error(output), folder);
  return new KukuError(`A database could not be made in the data folder ${folder}.`, {
    code: 'data_dir_unusable',
    cause: new Error(output),
  });
}
