/**
 * PGlite in a thread of its own, because its queries run synchronously. Takes `Request`s, answers each once with a
 * `Response`, in order. Ends itself when PGlite broke (a Postgres PANIC, as on a full disk, leaves a dead instance):
 * the main thread starts another, which recovers from the write-ahead log.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';

export interface Request {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}

export type Response =
  | { id: number; rows: unknown[]; affectedRows: number | undefined }
  | { id: number; error: { message: string; code: string; fatal: boolean } };

export type FromWorker = { type: 'ready' } | { type: 'failed'; message: string } | { type: 'response'; of: Response };
export type ToWorker = { type: 'query'; request: Request } | { type: 'close' };

const port = parentPort;
if (port === null) throw new Error('runs in a worker thread only');

const post = (message: FromWorker): void => port.postMessage(message);
const { dataDir } = z.object({ dataDir: z.string() }).parse(workerData);

let pglite: PGlite;
try {
  pglite = await PGlite.create(dataDir);
} catch (error) {
  post({ type: 'failed', message: textOf(error) });
  process.exit(1);
}

let tail: Promise<void> = Promise.resolve();
port.on('message', (message: ToWorker) => {
  tail = tail.then(() => (message.type === 'query' ? run(message.request) : close()));
});
post({ type: 'ready' });

async function run({ id, sql, parameters }: Request): Promise<void> {
  try {
    const { rows, affectedRows } = await pglite.query(sql, [...parameters]);
    post({ type: 'response', of: { id, rows, affectedRows } });
  } catch (error) {
    // A refused query has an SQLSTATE; anything else means that the instance itself broke.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fatal = !/^[0-9A-Z]{5}$/.test(code) || severityOf(error) === 'PANIC' || severityOf(error) === 'FATAL';
    post({ type: 'response', of: { id, error: { message: textOf(error), code, fatal } } });
    if (fatal) process.exit(1);
  }
}

async function close(): Promise<void> {
  await pglite.close();
  port?.close();
}

function severityOf(error: unknown): string {
  return error instanceof Error && 'severity' in error ? String(error.severity) : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
