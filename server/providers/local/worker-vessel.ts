/** What a worker lives in: a thread of this process, or a process of its own. Both speak the messages of `worker-serve.ts`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './worker-serve.ts';

/**
 * - `thread`: cheap, moves buffers. For WebAssembly and JavaScript. Never for a native addon: ended while a call is under
 *   way, it throws into an environment that is gone, and that takes the whole process with it (onnxruntime-node 1.30,
 *   "terminate called after throwing an instance of 'Napi::Error'", in 3 of 9 runs of its tests).
 * - `process`: for native addons. Whatever they do, they do it to a process of their own. Costs 45 MB, and messages are
 *   copied.
 */
export type Isolation = 'thread' | 'process';

export interface Vessel<Request> {
  /** Throws when the message can't be cloned. */
  post(message: ToWorker<Request>, transfer: readonly Transferable[]): void;
  /** Ends it, whatever it is doing. Nothing is told after this call. */
  end(): Promise<void>;
}

export interface VesselEvents<Reply> {
  message(message: FromWorker<Reply>): void;
  /** It is gone; may be told more than once. `what` goes on from "The engine …". */
  gone(what: string, cause?: unknown): void;
}

export interface VesselOptions {
  url: URL;
  name: string;
  isolation: Isolation;
}

export function launch<Request, Reply>(options: VesselOptions, events: VesselEvents<Reply>): Vessel<Request> {
  return options.isolation === 'process' ? launchProcess(options, events) : launchThread(options, events);
}

// The parent's own flags (a test runner's, a watcher's) are not for the worker, hence `execArgv`.

function launchThread<Request, Reply>({ url, name }: VesselOptions, events: VesselEvents<Reply>): Vessel<Request> {
  const worker = new Worker(url, { name, execArgv: [] });
  worker.on('message', (message: FromWorker<Reply>) => events.message(message));
  worker.on('messageerror', (cause) => events.gone('sent what can not be read', cause));
  worker.on('error', (cause) => events.gone('crashed', cause));
  worker.on('exit', (code) => events.gone(`exited with ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    async end() {
      worker.removeAllListeners();
      await worker.terminate();
    },
  };
}

function launchProcess<Request, Reply>({ url }: VesselOptions, events: VesselEvents<Reply>): Vessel<Request> {
  const child = fork(url, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let ended = false;
  child.on('message', (message) => {
    if (!ended) events.message(message as FromWorker<Reply>);
  });
  const gone = (what: string, cause?: unknown): void => {
    if (!ended) events.gone(what, cause);
  };
  child.on('error', (cause) => gone('crashed', cause));
  child.on('exit', (code, signal) => gone(`exited with ${signal ?? code}`));
  return {
    post(message) {
      child.send(message, (error) => {
        if (error) gone('is out of reach', error);
      });
    },
    async end() {
      ended = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
