import { statfs } from 'node:fs/promises';
import { KukuError } from '../errors.ts';

/** What the file system said about a data folder, as a sentence that names the folder. */
export function folderError(folder: string, error: unknown): KukuError {
  if (error instanceof KukuError) return error;
  return isNoSpace(error) ? diskFull(error, folder) : notWritable(folder, error);
}

export function notWritable(folder: string, cause: unknown): KukuError {
  return new KukuError(
    `The data folder ${folder} can't be written to. Make it writable for this user, or set DATA_DIR to another folder.`,
    { code: 'data_dir_not_writable', cause },
  );
}

export function diskFull(cause: unknown, folder?: string): KukuError {
  const where = folder === undefined ? 'the database' : `the data folder ${folder}`;
  return new KukuError(`There is no space left for ${where}.`, {
    code: 'disk_full',
    retryable: true,
    status: 507,
    cause,
  });
}

/** In an error of Node's, or in the output of a process that ran out of space. */
export function isNoSpace(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return true;
  return /ENOSPC|EDQUOT|no space left|disk quota/i.test(error instanceof Error ? error.message : String(error));
}

/** Whether at least `bytes` are free for this user where `folder` is. */
export async function hasSpace(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= bytes;
}
