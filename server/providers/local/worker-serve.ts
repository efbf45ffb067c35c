/** The worker's half of `worker-host.ts`: answers the host's requests, in a thread or in a process of its own. */
import { parentPort } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { KukuError } from '../../errors.ts';

/** Host → worker. */
export type ToWorker<Request> =
  /** Comes first, once. */
  { kind: 'start'; data: unknown } | { kind: 'request'; id: number; message: Request } | { kind: 'cancel'; id: number };

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
  /** What is pushed here is moved instead of copied with the next reply or part, and then forgotten. Processes copy. */
  transfer: Transferable[];
}

/** Answers with one reply, or with an iterable of parts. Throws a `KukuError`, or anything else as `engine_failed`. */
export type RequestHandler<Request, Reply> = (
  message: Request,
  context: RequestContext,
) => Reply | Promise<Reply> | AsyncIterable<Reply>;

/**
 * Serves requests in this worker. `start` loads the engine from the host's `workerData` and returns the handler;
 * requests wait until it has. Requests run at the same time as far as the host sends them at the same time. Between two
 * parts the worker goes once around its event loop, so that a cancellation is seen.
 */
export function serveWorker<Request, Reply>(
  start: (data: unknown) => RequestHandler<Request, Reply> | Promise<RequestHandler<Request, Reply>>,
): void {
  const underWay = new Map<number, AbortController>();
  const began = Promise.withResolvers<unknown>();
  const started = began.promise.then(start);
  const post: Post<FromWorker<Reply>> = openPort((received) => {
    const envelope = received as ToWorker<Request>;
    if (envelope.kind === 'start') began.resolve(envelope.data);
    else if (envelope.kind === 'cancel') underWay.get(envelope.id)?.abort();
    else void run(envelope.id, envelope.message);
  });
  // After a failed start the host ends the worker.
  started.then(
    () => post({ kind: 'ready' }),
    (error: unknown) => post({ kind: 'start_failed', error: wireError(error) }),
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
}

type Post<Message> = (message: Message, transfer?: readonly Transferable[]) => void;

/** The way to the host: a thread's port, or a process's channel, with which the process ends. */
function openPort(receive: (message: unknown) => void): Post<unknown> {
  if (parentPort !== null) {
    const port = parentPort;
    port.on('message', receive);
    return (message, transfer = []) => port.postMessage(message, transfer);
  }
  if (process.send === undefined) throw new Error('serveWorker runs in a worker only');
  const send = process.send.bind(process);
  process.on('message', receive);
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole process group; the server still needs its engines to say goodbye.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  return (message) => void send(message);
}

async function answer<Request, Reply>(job: {
  id: number;
  signal: AbortSignal;
  message: Request;
  handle: RequestHandler<Request, Reply>;
  post: Post<FromWorker<Reply>>;
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
  post({ kind: 'end', id });
}

function isAsyncIterable<Reply>(value: Reply | Promise<Reply> | AsyncIterable<Reply>): value is AsyncIterable<Reply> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function wireError(error: unknown): WireError {
  if (error instanceof KukuError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'engine_failed', message: error instanceof Error ? error.message : String(error), retryable: true };
}
