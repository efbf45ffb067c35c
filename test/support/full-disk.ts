/**
 * Loaded before a program (`node --import`): while the file named by `FULL_DISK` exists, nothing more can be written
 * through `fs.writeSync` and `statfs` finds no space, as on a full disk.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const flag = process.env['FULL_DISK'];
if (flag === undefined) throw new Error('FULL_DISK names no file');
const { writeSync, existsSync } = fs;
const { statfs } = fs.promises;
const isFull = (): boolean => existsSync(flag);

fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
  // Standard output is no disk.
  if (args[0] > 2 && isFull()) {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
  }
  return writeSync(...args);
}) as typeof writeSync;
fs.promises.statfs = (async (path: fs.PathLike) => {
  const found = await statfs(path);
  return isFull() ? Object.assign(found, { bavail: 0, bfree: 0 }) : found;
}) as typeof statfs;
syncBuiltinESMExports();
