/** Downloads one file: resumable, checked, and in its place only when it is whole. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Clock } from './ports/clock.ts';
import { sleep } from './ports/clock.ts';
import { KukuError } from './errors.ts';
import { checkFile } from './providers/local/models.ts';
import type { ModelFile } from './providers/local/models.ts';

export interface DownloadOptions {
  url: string;
  /** Where the file goes; until it is whole it is `path` + `.part`. */
  path: string;
  /** What it has to be. */
  known: ModelFile['known'];
  clock: Clock;
  signal: AbortSignal;
  /** Bytes that are here, resumed ones included; falls back when the server does not resume. */
  onProgress: (bytes: number) => void;
}

/** A server that sends nothing for this long is given up, for this attempt. */
const STALL_MS = 30_000;
/** Attempts that bring not a byte; one that brings some starts the count again. */
const MAX_FRUITLESS = 4;
const BACKOFF_BASE_MS = 500;

/**
 * Fetches `url` to `path`, going on from a `.part` that an earlier run left. Lost connections, stalls, 429 and 5xx are
 * tried again. Rejects with a `KukuError` that says what went wrong, or with the signal's reason; the `.part` then stays,
 * unless it was wrong.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const part = `${options.path}.part`;
  let fruitless = 0;
  for (let resumed = true; ;) {
    const before = await sizeOf(part);
    const failure = await attempt(options, part).catch((error: unknown) => error);
    options.signal.throwIfAborted();
    if (failure === undefined) {
      const problem = await checkFile(part, { name: options.url, known: options.known });
      if (problem === undefined) return rename(part, options.path);
      await rm(part, { force: true });
      // A part of another version, or one that was damaged, spoils the whole: once more, from the start.
      if (!resumed || before === 0) throw damaged(options.url);
      resumed = false;
      continue;
    }
    if (!(failure instanceof KukuError) || !failure.retryable) throw asDownloadError(failure, options.url);
    fruitless = (await sizeOf(part)) > before ? 0 : fruitless + 1;
    if (fruitless >= MAX_FRUITLESS) throw failure;
    await sleep(options.clock, Math.random() * BACKOFF_BASE_MS * 2 ** fruitless, { signal: options.signal });
  }
}

/** One request. Resolves when the server has sent all of it. */
async function attempt(options: DownloadOptions, part: string): Promise<undefined> {
  const have = await sizeOf(part);
  if (options.known.some(({ bytes }) => bytes === have)) return;
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  let cancelStall = () => {};
  const alive = () => {
    cancelStall();
    cancelStall = options.clock.after(STALL_MS, () => stalled.abort(lost(options.url, 'sends nothing any more')));
  };
  alive();
  try {
    const response = await fetch(options.url, { signal, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
    const start = await startOf(response, have, part, options);
    await save(response, { part, start, alive, options });
  } catch (error) {
    if (stalled.signal.aborted) throw stalled.signal.reason;
    throw error instanceof TypeError ? lost(options.url, reasonOf(error), error) : error;
  } finally {
    cancelStall();
  }
}

/** At which byte the body starts, or an error when there is none that we want. */
async function startOf(
  response: Response,
  have: number,
  part: string,
  { url, known }: DownloadOptions,
): Promise<number> {
  if (response.status === 416) {
    await rm(part, { force: true });
    throw lost(url, 'does not have the rest that was asked for');
  }
  if (response.status === 429 || response.status >= 500) throw lost(url, `answers ${response.status}`);
  if (!response.ok) {
    throw new KukuError(`${url} answers ${response.status} ${response.statusText}.`, { code: 'download_refused' });
  }
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  const start = response.status === 206 ? Number(range?.[1] ?? Number.NaN) : 0;
  if (start !== 0 && start !== have) throw lost(url, 'sends another part than was asked for');
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const encoded = response.headers.has('content-encoding');
  if (!encoded && Number.isFinite(length) && !known.some(({ bytes }) => bytes === start + length)) throw damaged(url);
  return start;
}

async function save(
  response: Response,
  { part, start, alive, options }: { part: string; start: number; alive: () => void; options: DownloadOptions },
): Promise<void> {
  const limit = Math.max(...options.known.map(({ bytes }) => bytes));
  const file = createWriteStream(part, start > 0 ? { flags: 'r+', start } : { flags: 'w' });
  const failed = new Promise<never>((_, reject) => file.once('error', reject));
  failed.catch(() => {});
  let bytes = start;
  try {
    for await (const chunk of response.body ?? []) {
      alive();
      bytes += chunk.length;
      if (bytes > limit) throw damaged(options.url);
      if (!file.write(chunk)) await Promise.race([once(file, 'drain'), failed]);
      options.onProgress(bytes);
    }
  } finally {
    // What came is kept on disk, also of an attempt that failed: the next one goes on from there.
    file.end();
    await Promise.race([once(file, 'close'), failed]);
  }
  if (!options.known.some((known) => known.bytes === bytes)) throw lost(options.url, 'ended early');
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function lost(url: string, what: string, cause?: unknown): KukuError {
  return new KukuError(`${new URL(url).host} ${what} (${url}).`, { code: 'download_lost', retryable: true, cause });
}

function damaged(url: string): KukuError {
  return new KukuError(`${url} is not the file that is expected: its size or checksum differs.`, {
    code: 'download_damaged',
  });
}

/** `fetch` hides the reason in `cause`. */
function reasonOf(error: TypeError): string {
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'is not known: is there a network?';
  if (code === 'ECONNREFUSED') return 'refuses the connection';
  return code === '' ? 'broke off the connection' : `could not be reached or broke off (${code})`;
}

function asDownloadError(error: unknown, url: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') return new KukuError(`The disk is full (${url}).`, { code: 'disk_full', cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    const text = error instanceof Error ? error.message : '';
    return new KukuError(`The models folder can't be written to: ${text}`, { code: 'not_writable', cause: error });
  }
  return error;
}
