/**
 * Runs an engine in a supervised worker, so that its synchronous calls never hold up the server's event loop and its
 * crashes cost one request: WebAssembly in a thread, native addons in a process of their own (see `worker-vessel.ts`).
 *
 * The worker's file calls `serveWorker` of `worker-serve.ts`.
 */
import type { Transferable } from 'node:worker_threads';
import { KukuError } from '../../errors.ts';
import { createInbox } from './worker-inbox.ts';
import type { FromWorker } from './worker-serve.ts';
import { superviseWorker } from './worker-supervisor.ts';
import type { Supervisor, SupervisorOptions, WorkerState } from './worker-supervisor.ts';

export interface WorkerHostOptions extends SupervisorOptions {
  /** Requests that the worker may have at the same time; the rest wait here, in order. Default 1. */
  concurrency?: number | undefined;
  /** Requests that may wait; one more is refused as `engine_busy` (retryable). Default 1,000. */
  maxWaiting?: number | undefined;
  /** Default for each request: sent → answered, or for a stream each part. Default 10,000. */
  deadlineMs?: number | undefined;
}

export interface RequestOptions {
  /** Rejects with the signal's reason at once; the worker is told, and its place is free when it has stopped. */
  signal?: AbortSignal | undefined;
  transfer?: readonly Transferable[] | undefined;
  deadlineMs?: number | undefined;
}

/**
 * Requests are sent in order. A worker that misses a deadline is replaced. When a worker dies, what was sent to it
 * rejects with `engine_died` (retryable) and what was waiting goes to the next worker; when no other is coming
 * (`broken`), that rejects too, as does every request until the cool-off is over (`engine_broken`, retryable).
 */
export interface WorkerHost<Request, Reply> {
  readonly state: WorkerState;
  /** Resolves when a worker is ready; rejects when the engine is broken or closed. */
  ready(): Promise<void>;
  request(message: Request, options?: RequestOptions): Promise<Reply>;
  /**
   * The parts of a streamed reply, in order. What came before a failure is yielded before it throws; an abort throws at
   * once. Held unread at most: the parts of one request.
   */
  stream(message: Request, options?: RequestOptions): AsyncGenerator<Reply, void, undefined>;
  /** Ends the worker as a crash would: another one starts. */
  terminate(): void;
  /** Rejects everything with `engine_closed`. */
  close(): Promise<void>;
}

interface Job<Request, Reply> {
  message: Request;
  transfer: readonly Transferable[];
  deadlineMs: number;
  part(message: Reply): void;
  /** Settles the caller's side, once. `reply` is absent at the end of a stream. */
  done(reply?: Reply): void;
  failed(error: unknown): void;
}

interface SentJob<Request, Reply> {
  job: Job<Request, Reply>;
  cancelDeadline: () => void;
}

/** Starts the worker; requests wait until it is ready. */
export function createWorkerHost<Request, Reply>(options: WorkerHostOptions): WorkerHost<Request, Reply> {
  return new SupervisedWorker(options);
}

class SupervisedWorker<Request, Reply> implements WorkerHost<Request, Reply> {
  readonly #options: WorkerHostOptions;
  readonly #supervisor: Supervisor<Request>;
  readonly #sent = new Map<number, SentJob<Request, Reply>>();
  #waiting: Job<Request, Reply>[] = [];
  #readyWaiters: PromiseWithResolvers<void>[] = [];
  #nextId = 0;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
    this.#supervisor = superviseWorker<Request, Reply>(options, {
      ready: () => {
        for (const waiter of this.#readyWaiters.splice(0)) waiter.resolve();
        this.#pump();
      },
      message: (message) => this.#receive(message),
      died: (error, broken) => this.#fail(error, broken),
    });
  }

  get state(): WorkerState {
    return this.#supervisor.state;
  }

  async ready(): Promise<void> {
    if (this.state === 'ready') return;
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    const waiter = Promise.withResolvers<void>();
    this.#readyWaiters.push(waiter);
    await waiter.promise;
  }

  async request(message: Request, options: RequestOptions = {}): Promise<Reply> {
    const { signal } = options;
    signal?.throwIfAborted();
    const result = Promise.withResolvers<Reply>();
    const withdraw = this.#submit({
      ...this.#job(message, options),
      part() {},
      done: (reply) => result.resolve(reply as Reply),
      failed: (error) => result.reject(error),
    });
    const onAbort = (): void => {
      withdraw();
      result.reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await result.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async *stream(message: Request, options: RequestOptions = {}): AsyncGenerator<Reply, void, undefined> {
    const { signal } = options;
    signal?.throwIfAborted();
    const inbox = createInbox<Reply>();
    const withdraw = this.#submit({ ...this.#job(message, options), ...inbox });
    signal?.addEventListener('abort', inbox.wake, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const next = inbox.take();
        if (next === 'nothing yet') await inbox.news();
        else if (next === 'over') return;
        else yield next.part;
      }
    } finally {
      signal?.removeEventListener('abort', inbox.wake);
      withdraw();
    }
  }

  terminate(): void {
    this.#supervisor.kill('was terminated');
  }

  async close(): Promise<void> {
    const closing = this.#supervisor.close();
    this.#fail(new KukuError(`The ${this.#options.name} engine is closed.`, { code: 'engine_closed' }), true);
    await closing;
  }

  #job(message: Request, { transfer = [], deadlineMs }: RequestOptions) {
    return { message, transfer, deadlineMs: deadlineMs ?? this.#options.deadlineMs ?? 10_000 };
  }

  /** Queues a job; the result withdraws it, as far as that is still possible. */
  #submit(job: Job<Request, Reply>): () => void {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      job.failed(refusal);
      return () => {};
    }
    this.#waiting.push(job);
    this.#pump();
    return () => {
      const place = this.#waiting.indexOf(job);
      if (place >= 0) this.#waiting.splice(place, 1);
      for (const [id, entry] of this.#sent) if (entry.job === job) this.#supervisor.post({ kind: 'cancel', id });
    };
  }

  #refusal(): KukuError | undefined {
    const { name, maxWaiting = 1000 } = this.#options;
    const retryable = { retryable: true, status: 503 };
    if (this.state === 'closed') return new KukuError(`The ${name} engine is closed.`, { code: 'engine_closed' });
    if (this.state === 'broken') {
      return new KukuError(`The ${name} engine is out of order.`, { code: 'engine_broken', ...retryable });
    }
    if (this.#waiting.length < maxWaiting) return undefined;
    return new KukuError(`The ${name} engine has too much to do.`, { code: 'engine_busy', ...retryable });
  }

  #pump(): void {
    while (this.#sent.size < (this.#options.concurrency ?? 1) && this.state === 'ready') {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const id = this.#nextId++;
      const entry = { job, cancelDeadline: () => {} };
      this.#sent.set(id, entry);
      this.#startDeadline(entry);
      try {
        this.#supervisor.post({ kind: 'request', id, message: job.message }, job.transfer);
      } catch (error) {
        // What can't be cloned fails its own request only.
        entry.cancelDeadline();
        this.#sent.delete(id);
        job.failed(error);
      }
    }
  }

  #startDeadline(entry: SentJob<Request, Reply>): void {
    entry.cancelDeadline();
    entry.cancelDeadline = this.#options.clock.after(entry.job.deadlineMs, () =>
      this.#supervisor.kill('missed a deadline'),
    );
  }

  #receive(message: FromWorker<Reply>): void {
    if (message.kind === 'ready' || message.kind === 'start_failed') return;
    const entry = this.#sent.get(message.id);
    if (entry === undefined) return;
    if (message.kind === 'part') {
      this.#startDeadline(entry);
      entry.job.part(message.message);
      return;
    }
    entry.cancelDeadline();
    this.#sent.delete(message.id);
    if (message.kind === 'failed') {
      const { code, message: text, retryable } = message.error;
      entry.job.failed(new KukuError(text, { code, retryable, status: 503 }));
    } else if (message.kind === 'reply') entry.job.done(message.message);
    else entry.job.done();
    this.#pump();
  }

  /** Fails what the dead worker had; with `all`, also what waits for one. */
  #fail(error: KukuError, all: boolean): void {
    const sent = [...this.#sent.values()];
    this.#sent.clear();
    for (const { job, cancelDeadline } of sent) {
      cancelDeadline();
      job.failed(error);
    }
    if (!all) return;
    for (const job of this.#waiting.splice(0)) job.failed(error);
    for (const waiter of this.#readyWaiters.splice(0)) waiter.reject(error);
  }
}
