/** Puts a model into its folder, from the first of its sources that works. */
import { copyFile, mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KukuError } from './errors.ts';
import { unpack } from './models-archive.ts';
import { download } from './models-download.ts';
import type { Clock } from './ports/clock.ts';
import { checkFile, checkFiles } from './providers/local/models.ts';
import type { Model, ModelFile, ModelSource } from './providers/local/models.ts';

export interface InstallOptions {
  modelsDir: string;
  /** The model's folder in there. */
  name: string;
  model: Model;
  /** A models folder of this machine, to be used instead of the model's own sources. */
  from?: string | undefined;
  clock: Clock;
  signal: AbortSignal;
  progress: InstallProgress;
}

/** Told what is going on; a progress bar fits. */
export interface InstallProgress {
  /** A file begins. */
  begin: (file: string, totalBytes: number) => void;
  /** Bytes of it that are here. */
  advance: (bytes: number) => void;
  /** It is here, or was given up. */
  end: () => void;
  /** A sentence: a source failed and the next one is tried. */
  note: (text: string) => void;
}

interface Job extends InstallOptions {
  dir: string;
  /** The files that are missing or wrong. */
  files: readonly ModelFile[];
}

/**
 * Resolves to whether anything had to be done. Rejects with a `KukuError` that says what each source said. Files appear
 * one by one, each whole; what was downloaded in part is gone on with the next time.
 */
export async function installModel(options: InstallOptions): Promise<'present' | 'installed'> {
  const { modelsDir, name, model, from, signal, progress } = options;
  const dir = join(modelsDir, name);
  if ((await checkFiles(dir, model)).ok) return 'present';
  await mkdir(dir, { recursive: true }).catch((error: unknown) => {
    throw new KukuError(`The folder ${dir} can't be made: ${String(error)}`, { code: 'not_writable', cause: error });
  });
  const sources: readonly ModelSource[] =
    from === undefined ? model.sources : [{ type: 'folder', dir: () => join(from, name) }];
  const problems: string[] = [];
  for (const source of sources) {
    try {
      await installFrom(source, { ...options, dir, files: await wrongFiles(dir, model) });
      return 'installed';
    } catch (error) {
      signal.throwIfAborted();
      problems.push(sentence(error));
      if (problems.length < sources.length) progress.note(sentence(error));
    } finally {
      progress.end();
    }
  }
  throw new KukuError(`${name} could not be installed. ${problems.join(' ')}`, { code: 'model_not_installed' });
}

async function wrongFiles(dir: string, model: Model): Promise<ModelFile[]> {
  const checked = await Promise.all(
    model.files.map(async (file) => ((await checkFile(join(dir, file.name), file)) === undefined ? [] : [file])),
  );
  return checked.flat();
}

async function installFrom(source: ModelSource, job: Job): Promise<void> {
  await checkSpace(source, job);
  switch (source.type) {
    case 'files':
      return downloadFiles(source, job);
    case 'archive':
      return unpackArchive(source, job);
    case 'folder':
      return copyFiles(source.dir(), job);
  }
}

async function downloadFiles(source: Extract<ModelSource, { type: 'files' }>, job: Job): Promise<void> {
  const { dir, files, clock, signal, progress } = job;
  for (const file of files) {
    const url = source.base + (source.names[file.name] ?? file.name);
    progress.begin(file.name, bytesOf(file));
    await download({ url, path: join(dir, file.name), known: file.known, clock, signal, onProgress: progress.advance });
    progress.end();
  }
}

async function unpackArchive(source: Extract<ModelSource, { type: 'archive' }>, job: Job): Promise<void> {
  const { dir, files, clock, signal, progress } = job;
  const archive = join(dir, basename(new URL(source.url).pathname));
  progress.begin(basename(archive), source.bytes);
  if ((await checkFile(archive, { name: archive, known: [source] })) !== undefined) {
    await download({ url: source.url, path: archive, known: [source], clock, signal, onProgress: progress.advance });
  }
  progress.end();
  const wanted = files.map((file) => ({
    entry: source.names[file.name] ?? file.name,
    path: join(dir, `${file.name}.new`),
    maxBytes: Math.max(...file.known.map(({ bytes }) => bytes)),
  }));
  try {
    await unpack(archive, wanted, { signal });
    for (const file of files) await accept(file, join(dir, `${file.name}.new`), dir);
  } finally {
    await Promise.all(wanted.map(({ path }) => rm(path, { force: true })));
  }
  await rm(archive, { force: true });
}

async function copyFiles(from: string, { dir, files }: Job): Promise<void> {
  for (const file of files) {
    const source = join(from, file.name);
    const problem = await checkFile(source, file);
    if (problem !== undefined) throw new KukuError(problem, { code: 'model_not_whole' });
    const copy = join(dir, `${file.name}.new`);
    try {
      await copyFile(source, copy);
      await accept(file, copy, dir);
    } finally {
      await rm(copy, { force: true });
    }
  }
}

/** Moves a file to its place, if it is what it should be. */
async function accept(file: ModelFile, path: string, dir: string): Promise<void> {
  const problem = await checkFile(path, file);
  if (problem !== undefined) throw new KukuError(problem, { code: 'model_not_whole' });
  await rename(path, join(dir, file.name));
}

async function checkSpace(source: ModelSource, { dir, files }: Job): Promise<void> {
  const unpacked = files.reduce((sum, file) => sum + bytesOf(file), 0);
  const archive = source.type === 'archive' ? source.bytes : 0;
  const have = source.type === 'archive' ? await partBytes(join(dir, basename(new URL(source.url).pathname))) : 0;
  const needed = unpacked + archive - have;
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize >= needed) return;
  throw new KukuError(
    `${dir} has ${megabytes(bavail * bsize)} free, and ${megabytes(needed)} are needed: make room, or choose another ` +
      'folder with --dir.',
    { code: 'disk_full' },
  );
}

async function partBytes(path: string): Promise<number> {
  for (const candidate of [path, `${path}.part`]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found) return found.size;
  }
  return 0;
}

/** 12345678 → "12.3 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Bytes of a file as the sources have it. */
export function bytesOf(file: ModelFile): number {
  return file.known[0]?.bytes ?? 0;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
