import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KukuError } from '../../errors.ts';
import { folderError, notWritable } from '../folder-errors.ts';

/**
 * One server a data folder: PGlite takes no lock of its own, and two processes on one folder corrupt it.
 *
 * Node has no flock, but the SQLite it ships locks its file with the system's own locks (fcntl, LockFileEx): the kernel
 * releases them whatever ends the process, kill -9 included, and they hold between containers that share the folder,
 * where a pid in a file would say nothing. `server.pid` is there for the error's sentence alone.
 *
 * Throws a `KukuError`: `data_dir_in_use`, `data_dir_not_writable`, `disk_full`.
 */
export function lockDirectory(folder: string): { release(): void } {
  makeWritable(folder);
  const pidFile = join(folder, 'server.pid');
  const lock = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw isLocked(error) ? inUse(folder, pidFile, error) : notWritable(folder, error);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

/** Asks the file system itself: its errno says more than SQLite's "unable to open database file". */
function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
  } catch (error) {
    throw folderError(folder, error);
  }
}

function inUse(folder: string, pidFile: string, cause: unknown): KukuError {
  return new KukuError(
    `The data folder ${folder} is in use by another server (pid ${readPid(pidFile)}). ` +
      'Stop that one, set DATA_DIR to another folder, or set DATABASE_URL to share a database.',
    { code: 'data_dir_in_use', cause },
  );
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** SQLITE_BUSY is 5; the low byte is the primary code (https://sqlite.org/rescode.html). */
function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5;
}
