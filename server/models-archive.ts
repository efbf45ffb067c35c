/** Takes the wanted files out of a `.tar.bz2`. Nothing else of it reaches the disk. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import unbzip2 from 'unbzip2-stream';
import { KukuError } from './errors.ts';

export interface WantedEntry {
  /** Path in the archive. */
  entry: string;
  /** Where it is written. The archive has no say in this, so that none of its paths can lead out of our folder. */
  path: string;
  maxBytes: number;
}

/**
 * Writes each wanted entry to its `path`. Rejects with a `KukuError` `archive_damaged` when the archive can't be read, or
 * does not have one of them as a plain file of at most `maxBytes`.
 */
export async function unpack(
  archive: string,
  wanted: readonly WantedEntry[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const missing = new Map(wanted.map((each) => [each.entry, each]));
  const entries = extract();
  const done = (async () => {
    for await (const entry of entries) {
      const name = entry.header.name.replace(/^(?:\.\/)+/, '');
      const target = entry.header.type === 'file' ? missing.get(name) : undefined;
      if (target === undefined || (entry.header.size ?? 0) > target.maxBytes) {
        entry.resume();
        continue;
      }
      await pipeline(entry, createWriteStream(target.path), { signal });
      missing.delete(name);
    }
  })();
  try {
    await Promise.all([pipeline(createReadStream(archive), unbzip2(), entries, { signal }), done]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw error;
    throw new KukuError(`${archive} can't be unpacked: ${String(error)}`, { code: 'archive_damaged', cause: error });
  }
  if (missing.size === 0) return;
  throw new KukuError(`${archive} lacks ${[...missing.keys()].join(', ')}.`, { code: 'archive_damaged' });
}
