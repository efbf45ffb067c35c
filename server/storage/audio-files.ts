import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KukuError } from '../errors.ts';
import type { AudioStore, ByteRange } from '../ports/audio-store.ts';
import type { Clock } from '../ports/clock.ts';
import { digest, nameText, newName, parseName, pathOf } from './audio-names.ts';
import { folderError } from './folder-errors.ts';
import { HEADER_BYTES, sealedHeader, type Sealing } from './sealing.ts';

export interface AudioFilesOptions {
  /** Where the files live; made when the first comes. */
  folder: string;
  clock: Clock;
  /** Absent: replies are kept as they are. */
  sealing?: Sealing | undefined;
}

/** What an interrupted `put` left goes after this, however long audio is kept. */
const UNFINISHED_MS = 3_600_000;

/** Spoken replies in a local folder, one folder a session; sealed, each is bound to its name. */
export function createAudioFiles({ folder, clock, sealing }: AudioFilesOptions): AudioStore {
  return {
    name: 'files',
    async put(audio, { signal }) {
      signal.throwIfAborted();
      const name = newName(audio);
      try {
        const bytes = sealing?.sealBytes(audio.bytes, audioPlace(nameText(name))) ?? audio.bytes;
        await writeWhole(pathOf(folder, name), { bytes, atMs: clock.now() });
      } catch (error) {
        throw folderError(folder, error);
      }
      return nameText(name);
    },
    async find(text) {
      const name = parseName(text);
      if (name === undefined) return undefined;
      const path = pathOf(folder, name);
      const found = await statOrNothing(path);
      if (!found?.isFile()) return undefined;
      const sizeBytes = found.size - (sealing ? await overheadOf(path) : 0);
      return { sizeBytes, contentType: name.contentType, createdAt: Math.round(found.mtimeMs) };
    },
    read(text, { range, signal }) {
      const name = parseName(text);
      const open = (bytes: Buffer) => sealing?.openBytes(bytes, audioPlace(text)) ?? bytes;
      return readFile(name && pathOf(folder, name), { range, signal, open: sealing && open });
    },
    async deleteSession(sessionId) {
      await rm(join(folder, digest(sessionId)), { recursive: true, force: true });
    },
    sweep: (maxAgeMs, { signal }) => sweep({ folder, nowMs: clock.now(), maxAgeMs, signal }),
  };
}

export function audioPlace(name: string): string {
  return `audio/${name}`;
}

/** Bytes by which the file is longer than the reply in it; 0 too for one that has just gone. */
async function overheadOf(path: string): Promise<number> {
  const file = await open(path).catch(() => undefined);
  try {
    const beginning = await file?.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return (beginning && sealedHeader(beginning.buffer)?.overhead) ?? 0;
  } finally {
    await file?.close();
  }
}

interface Written {
  bytes: Uint8Array;
  /** The clock's, so that retention can be tested. */
  atMs: number;
  /** Takes the place of the file that is there; when that has gone meanwhile, nothing comes back. */
  replaces?: boolean;
}

/** Under its name a file is whole. */
export async function writeWhole(path: string, { bytes, atMs, replaces = false }: Written): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  const file = await openNew(temporary);
  try {
    await file.writeFile(bytes);
    await file.utimes(atMs / 1000, atMs / 1000);
    await file.close();
    if (replaces && !(await statOrNothing(path))) await rm(temporary, { force: true });
    else await rename(temporary, path);
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A sweep may remove the session's empty folder just before the file is made in it: once more then. */
async function openNew(path: string) {
  const make = async () => {
    await mkdir(join(path, '..'), { recursive: true });
    return open(path, 'wx', 0o600);
  };
  try {
    return await make();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return make();
    throw error;
  }
}

interface Reading {
  range: ByteRange | undefined;
  signal: AbortSignal;
  /** What is sealed is opened whole: the tag at its end vouches for all of it. */
  open: ((bytes: Buffer) => Buffer) | undefined;
}

async function* readFile(path: string | undefined, reading: Reading): AsyncIterable<Uint8Array> {
  const { signal } = reading;
  signal.throwIfAborted();
  if (path === undefined) throw notFound();
  const file = await open(path).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? notFound() : error;
  });
  try {
    yield* reading.open ? opened(file, reading.open, reading) : streamed(file, reading);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await file.close();
  }
}

async function* streamed(file: FileHandle, { range, signal }: Reading): AsyncIterable<Uint8Array> {
  const { start, end } = within((await file.stat()).size, range);
  if (end < start) return;
  for await (const chunk of file.createReadStream({ start, end, signal })) yield chunk as Uint8Array;
}

async function* opened(
  file: FileHandle,
  openBytes: (bytes: Buffer) => Buffer,
  { range, signal }: Reading,
): AsyncIterable<Uint8Array> {
  const bytes = openBytes(await file.readFile({ signal }));
  const { start, end } = within(bytes.length, range);
  if (end >= start) yield bytes.subarray(start, end + 1);
  signal.throwIfAborted();
}

function within(size: number, range: ByteRange | undefined): ByteRange {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== undefined && !(start >= 0 && start <= end && start < size)) throw notSatisfiable();
  return { start, end: Math.min(end, size - 1) };
}

interface Sweep {
  folder: string;
  nowMs: number;
  maxAgeMs: number;
  signal: AbortSignal;
}

async function sweep({ folder, nowMs, maxAgeMs, signal }: Sweep): Promise<number> {
  let removed = 0;
  for (const session of await namesIn(folder)) {
    for (const file of await namesIn(join(folder, session))) {
      signal.throwIfAborted();
      const path = join(folder, session, file);
      const found = await statOrNothing(path);
      const keptMs = file.endsWith('.part') ? Math.min(maxAgeMs, UNFINISHED_MS) : maxAgeMs;
      if (found === undefined || nowMs - found.mtimeMs <= keptMs) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    // Stays where it isn't empty.
    await rmdir(join(folder, session)).catch(() => undefined);
  }
  return removed;
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}

export async function statOrNothing(path: string) {
  return stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function notFound(): KukuError {
  return new KukuError('Audio not found', { code: 'audio_not_found', status: 404 });
}

function notSatisfiable(): KukuError {
  return new KukuError('The range lies outside the audio', { code: 'range_not_satisfiable', status: 416 });
}
