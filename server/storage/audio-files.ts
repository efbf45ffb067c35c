import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KukuError } from '../errors.ts';
import {
  AUDIO_EXTENSIONS,
  type AudioContentType,
  type AudioStore,
  type ByteRange,
  type NewAudio,
} from '../ports/audio-store.ts';
import type { Clock } from '../ports/clock.ts';
import { folderError } from './folder-errors.ts';

export interface AudioFilesOptions {
  /** Where the files live; made when the first comes. */
  folder: string;
  clock: Clock;
}

/** What an interrupted `put` left goes after this, however long audio is kept. */
const UNFINISHED_MS = 3_600_000;

/**
 * Spoken replies in a local folder, one folder a session: `<session's digest>/<random>.mp3`. The name is both, joined
 * by a dot: 128 random bits that nobody guesses, and no path of any kind.
 */
export function createAudioFiles({ folder, clock }: AudioFilesOptions): AudioStore {
  const pathOf = (name: Name) => join(folder, name.session, `${name.random}.${name.extension}`);

  return {
    name: 'files',
    async put(audio, { signal }) {
      signal.throwIfAborted();
      const name = newName(audio);
      try {
        await write(pathOf(name), audio.bytes, clock.now());
      } catch (error) {
        throw folderError(folder, error);
      }
      return `${name.session}.${name.random}.${name.extension}`;
    },
    async find(text) {
      const name = parseName(text);
      if (name === undefined) return undefined;
      const found = await statOrNothing(pathOf(name));
      if (!found?.isFile()) return undefined;
      return { sizeBytes: found.size, contentType: name.contentType, createdAt: Math.round(found.mtimeMs) };
    },
    read(text, { range, signal }) {
      const name = parseName(text);
      return readFile(name && pathOf(name), range, signal);
    },
    async deleteSession(sessionId) {
      await rm(join(folder, digest(sessionId)), { recursive: true, force: true });
    },
    sweep: (maxAgeMs, { signal }) => sweep({ folder, nowMs: clock.now(), maxAgeMs, signal }),
  };
}

interface Name {
  session: string;
  random: string;
  extension: string;
  contentType: AudioContentType;
}

function newName({ sessionId, contentType }: NewAudio): Name {
  const random = randomBytes(16).toString('base64url');
  return { session: digest(sessionId), random, extension: AUDIO_EXTENSIONS[contentType], contentType };
}

/** 128 bits: the folder says nothing of the session's id, which is a key to the session. */
function digest(sessionId: string): string {
  return createHash('sha256').update(`audio of ${sessionId}`).digest('base64url').slice(0, 22);
}

function parseName(text: string): Name | undefined {
  const [, session, random, extension] = /^([\w-]{22})\.([\w-]{22})\.([a-z0-9]+)$/.exec(text) ?? [];
  const types = Object.keys(AUDIO_EXTENSIONS) as AudioContentType[];
  const contentType = types.find((type) => AUDIO_EXTENSIONS[type] === extension);
  if (session === undefined || random === undefined || contentType === undefined) return undefined;
  return { session, random, extension: AUDIO_EXTENSIONS[contentType], contentType };
}

/** Under its name a file is whole. Its age is the clock's, so that retention can be tested. */
async function write(path: string, bytes: Uint8Array, nowMs: number): Promise<void> {
  const temporary = `${path}.part`;
  const file = await openNew(temporary);
  try {
    await file.writeFile(bytes);
    await file.utimes(nowMs / 1000, nowMs / 1000);
    await file.close();
    await rename(temporary, path);
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

async function* readFile(
  path: string | undefined,
  range: ByteRange | undefined,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  signal.throwIfAborted();
  if (path === undefined) throw notFound();
  const file = await open(path).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? notFound() : error;
  });
  try {
    const { size } = await file.stat();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    if (range !== undefined && !(start >= 0 && start <= end && start < size)) throw notSatisfiable();
    if (size === 0) return;
    const stream = file.createReadStream({ start, end: Math.min(end, size - 1), signal });
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await file.close();
  }
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

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}

async function statOrNothing(path: string) {
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
