/** The worker's half of `worker-host.ts`: answers the host's requests. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { KukuError } from '../../errors.ts';

/** Host → worker. */
export type ToWorker<Request> = { kind: 'request'; id: number; message: Request } | { kind: 'cancel'; id: number };

/** Worker → host. `end` closes what `part` opened; `reply` is both at once. */
export type FromWorker<Reply> =
  | { kind: 'ready' }
  | { kind: 'start_failed'; error: WireError }
  | { kind: 'reply' | 'part'; id: number; message: Reply }
  | { kind: 'end'; id: number }
  | { kind: 'failed'; id: number; error: WireError };

/** An error as it crosses the thread: classes don't. */
export interface WireError {
  code: string;
  message: string;
  retryable: boolean;
}

export interface RequestContext {
  /** Aborted when the host no longer wants the answer. A synchronous native call can't see it: yield between calls. */
  signal: AbortSignal;
  /** What is pushed here is moved instead of copied with the next reply or part, and then forgotten. */
  transfer: Transferable[];
}

/** Answers with one reply, or with an iterable of parts. Throws a `KukuError`, or anything else as `engine_failed`. */
export type RequestHandler<Request, Reply> = (
  message: Request,
  context: RequestContext,
) => Reply | Promise<Reply> | AsyncIterable<Reply>;

/**
 * Serves requests in this worker thread. `start` loads the engine from the host's `workerData` and returns the
 * handler; requests wait until it has. Requests run at the same time as far as the host sends them at the same time.
 * Between two parts the thread goes once around its event loop, so that a cancellation is seen.
 */
export function serveWorker<Request, Reply>(
  start: (data: unknown) => RequestHandler<Request, Reply> | Promise<RequestHandler<Request, Reply>>,
): void {
  if (parentPort === null) throw new Error('serveWorker runs in a worker thread only');
  const port = parentPort;
  const underWay = new Map<number, AbortController>();
  const post = (message: FromWorker<Reply>, transfer: readonly Transferable[] = []): void =>
    port.postMessage(message, transfer);

  const started = Promise.resolve(workerData).then(start);
  started.then(
    () => post({ kind: 'ready' }),
    (error: unknown) => {
      post({ kind: 'start_failed', error: wireError(error) });
      port.close();
    },
  );

  const run = async (id: number, message: Request): Promise<void> => {
    const controller = new AbortController();
    underWay.set(id, controller);
    try {
      const handle = await started;
      await answer({ id, post, signal: controller.signal, handle, message });
    } catch (error) {
      post({ kind: 'failed', id, error: wireError(error) });
    } finally {
      underWay.delete(id);
    }
  };

  port.on('message', (envelope: ToWorker<Request>) => {
    if (envelope.kind === 'cancel') underWay.get(envelope.id)?.abort();
    else void run(envelope.id, envelope.message);
  });
}

async function answer<Request, Reply>(job: {
  id: number;
  signal: AbortSignal;
  message: Request;
  handle: RequestHandler<Request, Reply>;
  post: (message: FromWorker<Reply>, transfer: readonly Transferable[]) => void;
}): Promise<void> {
  const { id, signal, post } = job;
  const context: RequestContext = { signal, transfer: [] };
  const result = job.handle(job.message, context);
  if (!isAsyncIterable(result)) {
    post({ kind: 'reply', id, message: await result }, context.transfer);
    return;
  }
  for await (const part of result) {
    if (signal.aborted) break;
    post({ kind: 'part', id, message: part }, context.transfer.splice(0));
    await new Promise<void>((resolve) => void setImmediate(resolve));
    if (signal.aborted) break;
  }
  post({ kind: 'end', id }, []);
}

function isAsyncIterable<Reply>(value: Reply | Promise<Reply> | AsyncIterable<Reply>): value is AsyncIterable<Reply> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function wireError(error: unknown): WireError {
  if (error instanceof KukuError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'engine_failed', message: error instanceof Error ? error.message : String(error), retryable: true };
}
