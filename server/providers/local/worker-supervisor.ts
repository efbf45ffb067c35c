/** Keeps one worker alive: spawns it, notices its death, spawns the next one, gives up for a while. */
import type { Transferable } from 'node:worker_threads';
import { KukuError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FromWorker, ToWorker } from './worker-serve.ts';
import { launch } from './worker-vessel.ts';
import type { Isolation, Vessel } from './worker-vessel.ts';

/** Where engines report; a pino logger fits. */
export interface EngineLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SupervisorOptions {
  /** What the engine is called in errors and logs. */
  name: string;
  /** The worker's file, as `new URL('./x-worker.ts', import.meta.url)`. */
  url: URL;
  /** `process` for native addons. Default `thread`. */
  isolation?: Isolation | undefined;
  /** Cloned to the worker at each start. */
  workerData?: unknown;
  clock: Clock;
  log?: EngineLog | undefined;
  /** 0 to 1, for the jitter. */
  random?: (() => number) | undefined;
  /** A worker that is not ready after this long is replaced. Default 15,000. */
  startDeadlineMs?: number | undefined;
}

/** Base and cap of the pause before the next worker: full jitter, doubled with each recent death. */
const BACKOFF_BASE_MS = 100;
const BACKOFF_CAP_MS = 5000;
/** This many deaths within the window, and the engine counts as broken until the cool-off is over. */
export const MAX_DEATHS = 5;
const DEATH_WINDOW_MS = 60_000;
export const COOL_OFF_MS = 30_000;

export type WorkerState = 'starting' | 'ready' | 'waiting' | 'broken' | 'closed';

export interface SupervisorEvents<Reply> {
  ready(): void;
  message(message: FromWorker<Reply>): void;
  /** The worker is gone with all that was sent to it. `broken` says that no other one is coming soon. */
  died(error: KukuError, broken: boolean): void;
}

export interface Supervisor<Request> {
  readonly state: WorkerState;
  /** Sends to the worker; false when none is ready. */
  post(message: ToWorker<Request>, transfer?: readonly Transferable[]): boolean;
  /** Declares the worker dead at once, without waiting for a native call to return. */
  kill(reason: string): void;
  close(): Promise<void>;
}

/** Starts the first worker at once. Events are never delivered during this call. */
export function superviseWorker<Request, Reply>(
  options: SupervisorOptions,
  events: SupervisorEvents<Reply>,
): Supervisor<Request> {
  const { name, clock, log } = options;
  const random = options.random ?? Math.random;
  let state: WorkerState = 'starting';
  let current: { vessel: Vessel<Request>; lost(error: KukuError): void } | undefined;
  let deathsMs: number[] = [];
  let cancelTimer = (): void => {};

  const died = (error: KukuError): void => {
    cancelTimer();
    current = undefined;
    const nowMs = clock.monotonicMs();
    deathsMs = [...deathsMs.filter((atMs) => nowMs - atMs < DEATH_WINDOW_MS), nowMs];
    const broken = deathsMs.length >= MAX_DEATHS;
    state = broken ? 'broken' : 'waiting';
    const pauseMs = broken
      ? COOL_OFF_MS
      : random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (deathsMs.length - 1));
    log?.warn({ engine: name, err: error, broken, pauseMs: Math.round(pauseMs) }, 'engine died');
    cancelTimer = clock.after(pauseMs, () => {
      if (broken) deathsMs = [];
      spawn();
    });
    events.died(error, broken);
  };

  const spawn = (): void => {
    state = 'starting';
    let alive = true;
    const lost = (error: KukuError): void => {
      if (!alive) return;
      alive = false;
      void vessel.end();
      died(error);
    };
    const message = (message: FromWorker<Reply>): void => {
      if (!alive) return;
      if (message.kind === 'start_failed') return lost(startFailed(name, message.error));
      if (message.kind !== 'ready') return events.message(message);
      cancelTimer();
      state = 'ready';
      events.ready();
    };
    const gone = (what: string, cause?: unknown): void => lost(engineDied(name, what, cause));
    const vessel = launch<Request, Reply>(
      { url: options.url, name, isolation: options.isolation ?? 'thread' },
      { message, gone },
    );
    current = { vessel, lost };
    cancelTimer = clock.after(options.startDeadlineMs ?? 15_000, () => gone('did not start in time'));
    vessel.post({ kind: 'start', data: options.workerData }, []);
  };

  spawn();
  return {
    get state() {
      return state;
    },
    post(message, transfer = []) {
      if (state !== 'ready' || current === undefined) return false;
      current.vessel.post(message, transfer);
      return true;
    },
    kill(reason) {
      current?.lost(engineDied(name, reason));
    },
    async close() {
      if (state === 'closed') return;
      state = 'closed';
      cancelTimer();
      const last = current;
      current = undefined;
      await last?.vessel.end();
    },
  };
}

function engineDied(name: string, what: string, cause?: unknown): KukuError {
  return new KukuError(`The ${name} engine ${what}.`, { code: 'engine_died', retryable: true, status: 503, cause });
}

function startFailed(name: string, error: { code: string; message: string }): KukuError {
  return engineDied(name, 'could not start', new KukuError(error.message, { code: error.code }));
}
