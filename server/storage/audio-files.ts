import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KukuError } from '../errors.ts';
import type { AudioStore, ByteRange } from '../ports/audio-store.ts';
import type { Clock } from '../ports/clock.ts';
import { digest, nameText, newName, parseName, pathOf } from './audio-names.ts';
import { folderError } from './folder-errors.ts';
import { HEADER_BYTES, type SealedHeader, sealedHeader, type Sealer, unsealed } from './sealing.ts';

export interface AudioFilesOptions {
  /** Where the files live; made when the first comes. */
  folder: string;
  clock: Clock;
  /** Absent: replies are kept as they are. */
  sealing?: Sealer | undefined;
}

/** What an interrupted `put` left goes after this, however long audio is kept. */
const UNFINISHED_MS = 3_600_000;

/** Spoken replies in a local folder, one folder a session; sealed, each is bound to its name. */
export function createAudioFiles({ folder, clock, sealing = unsealed }: AudioFilesOptions): AudioStore {
  return {
    name: 'files',
    async put(audio, { signal }) {
      signal.throwIfAborted();
      const name = newName(audio);
      try {
        const bytes = sealing.sealBytes(audio.bytes, audioPlace(nameText(name)));
        await writeWhole(pathOf(folder, name), { bytes, atMs: clock.now() });
      } catch (error) {
        throw folderError(folder, error);
      }
      return nameText(name);
    },
    async find(text) {
      const name = parseName(text);
      if (name === undefined) return undefined;
      const found = await lookInto(pathOf(folder, name));
      if (!found) return undefined;
      const { header, size, mtimeMs } = found;
      // Refused before anybody is promised that it comes.
      if (header) sealing.mustHave(header.keyId);
      const sizeBytes = size - (header?.overhead ?? 0);
      return { sizeBytes, contentType: name.contentType, createdAt: Math.round(mtimeMs) };
    },
    read(text, { range, signal }) {
      const name = parseName(text);
      const open = (bytes: Buffer) => sealing.openBytes(bytes, audioPlace(text));
      return readReply(name && pathOf(folder, name), { range, signal, open });
    },
    async deleteSession(sessionId) {
      // Something may just be written into it.
      await rm(join(folder, digest(sessionId)), { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    },
    sweep: (maxAgeMs, { signal }) => sweep({ folder, nowMs: clock.now(), maxAgeMs, signal }),
  };
}

export function audioPlace(name: string): string {
  return `audio/${name}`;
}

interface Found {
  size: number;
  mtimeMs: number;
  /** Absent: it is not sealed. */
  header: SealedHeader | undefined;
}

/** Of one and the same file, even while another takes its place. */
async function lookInto(path: string): Promise<Found | undefined> {
  const file = await orNothing(open(path));
  try {
    const found = await file?.stat();
    if (!file || !found?.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { size: found.size, mtimeMs: found.mtimeMs, header: sealedHeader(buffer.subarray(0, bytesRead)) };
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
    // The whole session was deleted meanwhile.
    if (!(replaces && codeOf(error) === 'ENOENT')) throw error;
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
  open: (bytes: Buffer) => Buffer;
}

/** A reply is some seconds of speech. It is read whole: the tag at the end of what is sealed vouches for all of it. */
async function* readReply(
  path: string | undefined,
  { range, signal, open: unseal }: Reading,
): AsyncIterable<Uint8Array> {
  signal.throwIfAborted();
  const sealed = path === undefined ? undefined : await readOrNothing(path, signal);
  if (!sealed) throw notFound();
  const bytes = unseal(sealed);
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

export function statOrNothing(path: string) {
  return orNothing(stat(path));
}

/** Rejects with the signal's reason. */
export async function readOrNothing(path: string, signal?: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await orNothing(readFile(path, { ...(signal && { signal }) }));
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
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
