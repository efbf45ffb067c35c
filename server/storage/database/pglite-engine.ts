import { Worker } from 'node:worker_threads';
import { KukuError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { diskFull, hasSpace, isNoSpace } from '../folder-errors.ts';
import { databaseError } from './errors.ts';
import type { FromWorker, Response, ToWorker } from './pglite-worker.ts';

export interface EngineOptions {
  /** The database's own folder. */
  folder: string;
  clock: Clock;
  /** Called when the worker died without being asked to. */
  onLost(error: Error): void;
}

export interface EngineResult<T> {
  rows: T[];
  affectedRows: number | undefined;
}

/** One worker and what it was asked. */
export interface Engine {
  readonly dead: boolean;
  /** Rejects with what Postgres said, or with a `KukuError` when the worker is gone. */
  query<T>(sql: string, parameters?: readonly unknown[]): Promise<EngineResult<T>>;
  close(): Promise<void>;
}

/** Room for two segments of the write-ahead log. */
const NEEDED_BYTES = 32 * 1024 * 1024;
/** Without an answer for this long, the disk is looked at: a log that can't be written makes PGlite spin for ever. */
const LOOK_MS = 2000;
/** Without an answer for this long, the worker is given up. PGlite knows no statement timeout. */
const GIVE_UP_MS = 20_000;

interface Waiting {
  resolve(response: Extract<Response, { rows: unknown[] }>): void;
  reject(error: Error): void;
}

/** Resolves when the database is open. Rejects with `disk_full` or `data_dir_unusable`. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (!(await hasSpace(options.folder, NEEDED_BYTES))) throw diskFull(undefined, options.folder);
  return new WorkerEngine(options).started;
}

class WorkerEngine implements Engine {
  readonly started: Promise<Engine>;
  readonly #options: EngineOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opening = Promise.withResolvers<Engine>();
  #state: 'starting' | 'open' | 'closing' | 'dead' = 'starting';
  #nextId = 1;
  #reason: Error = new Error('the database worker ended');
  /** When it last answered, or was first asked. */
  #progressMs = 0;
  #cancelWatch: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.started = this.#opening.promise;
    this.#worker = new Worker(new URL('pglite-worker.ts', import.meta.url), {
      workerData: { dataDir: options.folder },
    });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => {
      this.#reason = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', () => this.#ended());
    this.#watch();
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  query<T>(sql: string, parameters: readonly unknown[] = []): Promise<EngineResult<T>> {
    if (this.#state !== 'open') return Promise.reject(away(this.#reason));
    const id = this.#nextId++;
    const answer = new Promise<EngineResult<T>>((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: ({ rows, affectedRows }) => resolve({ rows: rows as T[], affectedRows }),
        reject,
      });
    });
    this.#post({ type: 'query', request: { id, sql, parameters } });
    this.#watch();
    return answer;
  }

  async close(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#post({ type: 'close' });
    this.#watch();
    await exited;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    this.#progressMs = this.#options.clock.monotonicMs();
    if (message.type === 'ready') {
      this.#state = 'open';
      this.#opening.resolve(this);
    } else if (message.type === 'failed') this.#opening.reject(unusable(this.#options.folder, message.message));
    else this.#settle(message.of);
  }

  #settle(response: Response): void {
    const asked = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if (!('error' in response)) return asked?.resolve(response);
    const error = Object.assign(new Error(response.error.message), { code: response.error.code });
    if (response.error.fatal) this.#reason = error;
    asked?.reject(response.error.fatal ? brokenBy(error) : error);
  }

  #ended(): void {
    const { folder, onLost } = this.#options;
    const was = this.#state;
    this.#state = 'dead';
    this.#cancelWatch?.();
    for (const asked of this.#waiting.values()) asked.reject(brokenBy(this.#reason));
    this.#waiting.clear();
    if (was === 'starting') this.#opening.reject(unusable(folder, this.#reason.message));
    else if (was === 'open') onLost(this.#reason);
  }

  get #busy(): boolean {
    return this.#state === 'starting' || this.#state === 'closing' || this.#waiting.size > 0;
  }

  /** Looks after the worker while it has something to do. */
  #watch(): void {
    if (this.#cancelWatch !== undefined || !this.#busy) return;
    const { clock } = this.#options;
    this.#progressMs = clock.monotonicMs();
    const look = async (): Promise<void> => {
      this.#cancelWatch = undefined;
      if (!this.#busy || this.dead) return;
      const stalledMs = clock.monotonicMs() - this.#progressMs;
      if (stalledMs >= GIVE_UP_MS) return this.#giveUp(new Error('the database worker did not answer'));
      if (stalledMs >= LOOK_MS && !(await hasSpace(this.#options.folder, NEEDED_BYTES))) {
        return this.#giveUp(diskFull(undefined, this.#options.folder));
      }
      this.#cancelWatch ??= clock.after(LOOK_MS, () => void look());
    };
    this.#cancelWatch = clock.after(LOOK_MS, () => void look());
  }

  #giveUp(reason: Error): void {
    this.#reason = reason;
    if (reason instanceof KukuError && this.#state === 'starting') this.#opening.reject(reason);
    void this.#worker.terminate();
  }
}

export function away(cause: unknown): KukuError {
  return new KukuError('The database is away. Please try again.', {
    code: 'database_away',
    retryable: true,
    status: 503,
    cause,
  });
}

/** PGlite broke: on a full disk that is what is said, else that it is away for a moment. */
function brokenBy(error: Error): KukuError {
  const meant = databaseError(error);
  return meant.code === 'database_failed' ? away(error) : meant;
}

function unusable(folder: string, message: string): KukuError {
  if (isNoSpace(message)) return diskFull(new Error(message), folder);
  return new KukuError(
    `The database in ${folder} can't be opened. It may be damaged, or written by another version; ` +
      'restore a backup, or move the folder away to start with an empty one.',
    { code: 'data_dir_unusable', cause: new Error(message) },
  );
}
