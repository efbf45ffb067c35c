/**
 * Voice activity with Silero VAD v6, for all microphones of the process in one worker process. Windows of different streams
 * share an inference.
 *
 * When to send: one batch is under way at a time, with at most one window a stream, in order. With few streams the next
 * batch leaves at once, and a window is answered within a millisecond. With many, batches keep a distance that grows
 * with the number of streams, up to 4 ms, unless 64 windows wait: otherwise the worker would be busy with batches of two
 * or three at twice the cost. A window costs 0.14 ms alone, 0.058 in a batch of 8, 0.045 in one of 64 and no less in
 * one of 256 (2 busy cores; half of that when idle).
 */
import { KukuError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { VoiceActivity, VoiceActivityStream } from '../../ports/voice-activity.ts';
import { findSileroWeights } from './silero-model.ts';
import type { VadAnswer, VadBatch, VadWorkerData } from './silero-vad-worker.ts';
import { createWorkerHost } from './worker-host.ts';
import type { WorkerHost } from './worker-host.ts';
import type { EngineLog } from './worker-supervisor.ts';

const WINDOW_SAMPLES = 512;
const MAX_BATCH = 128;
/** Windows of one stream that may wait: 8 s. One more is refused: the caller is faster than the engine. */
const MAX_WAITING_WINDOWS = 256;
/** So many windows are not made to wait for more. */
const FULL_BATCH = 64;
const IMMEDIATE_STREAMS = 8;
const SPACING_MS_PER_STREAM = 1 / 32;
const MAX_SPACING_MS = 4;

export interface SileroVadOptions {
  modelsDir: string;
  clock: Clock;
  logger?: EngineLog | undefined;
}

export interface SileroVad extends VoiceActivity {
  /** Resolves when the engine has loaded. Waiting for it is not needed. */
  ready(): Promise<void>;
  /** Ends the worker as a crash would. */
  terminate(): void;
}

interface Waiting {
  samples: Int16Array;
  fresh: boolean;
  resolve(probability: number): void;
  reject(error: unknown): void;
}

interface Lane {
  slot: number;
  waiting: Waiting[];
}

/** Whether the weights are there and whole; `reason` is a sentence for a person. */
export async function checkSileroVad(modelsDir: string): Promise<{ ok: true } | { ok: false; reason: string }> {
  const weights = await findSileroWeights(modelsDir);
  return weights.ok ? { ok: true } : weights;
}

export function createSileroVad({ modelsDir, clock, logger }: SileroVadOptions): SileroVad {
  const workerData: VadWorkerData = { modelsDir };
  const host = createWorkerHost<VadBatch, VadAnswer>({
    name: 'voice activity',
    url: new URL('./silero-vad-worker.ts', import.meta.url),
    isolation: 'process',
    workerData,
    clock,
    log: logger,
    deadlineMs: 5000,
  });
  const batcher = createBatcher(host, clock);
  return {
    name: 'silero-vad',
    windowSamples: WINDOW_SAMPLES,
    open: () => openStream(batcher),
    ready: () => host.ready(),
    terminate: () => host.terminate(),
    close() {
      batcher.close();
      return host.close();
    },
  };
}

function openStream(batcher: Batcher): VoiceActivityStream {
  const lane = batcher.open();
  let fresh = true;
  let closed = false;
  return {
    async process(window) {
      if (window.length !== WINDOW_SAMPLES) throw new RangeError(`A window has ${WINDOW_SAMPLES} samples.`);
      if (closed) return 0;
      if (lane.waiting.length >= MAX_WAITING_WINDOWS) {
        throw new KukuError('Voice detection is too slow.', { code: 'engine_busy', retryable: true, status: 503 });
      }
      const answer = Promise.withResolvers<number>();
      const { resolve, reject } = answer;
      lane.waiting.push({ samples: window.slice(), fresh, resolve, reject });
      fresh = false;
      batcher.wake(lane);
      return answer.promise;
    },
    reset() {
      fresh = true;
    },
    close() {
      if (closed) return;
      closed = true;
      for (const window of lane.waiting.splice(0)) window.resolve(0);
      batcher.release(lane);
    },
  };
}

interface Batcher {
  open(): Lane;
  /** The lane has something waiting. */
  wake(lane: Lane): void;
  release(lane: Lane): void;
  close(): void;
}

function createBatcher(host: WorkerHost<VadBatch, VadAnswer>, clock: Clock): Batcher {
  const ready = new Set<Lane>();
  const freeSlots: number[] = [];
  let slots = 0;
  let underWay = false;
  let scheduled = false;
  let sentAtMs = -Infinity;
  let cancelTimer = (): void => {};

  const schedule = (): void => {
    if (underWay || scheduled || ready.size === 0) return;
    scheduled = true;
    const openStreams = slots - freeSlots.length;
    const spacingMs = Math.min(MAX_SPACING_MS, (openStreams - IMMEDIATE_STREAMS) * SPACING_MS_PER_STREAM);
    const waitMs = ready.size >= FULL_BATCH ? 0 : sentAtMs + spacingMs - clock.monotonicMs();
    // At least until the end of this turn of the event loop: frames of several sockets often come together.
    if (waitMs > 0) cancelTimer = clock.after(waitMs, () => void send());
    else setImmediate(() => void send());
  };

  const send = async (): Promise<void> => {
    scheduled = false;
    const lanes = [...ready].slice(0, MAX_BATCH);
    const batch = lanes.flatMap(({ slot, waiting }) => waiting.splice(0, 1).map((window) => ({ slot, window })));
    for (const lane of lanes) {
      ready.delete(lane);
      // Behind those that did not fit, so that nobody starves.
      if (lane.waiting.length > 0) ready.add(lane);
    }
    if (batch.length === 0) return;
    underWay = true;
    sentAtMs = clock.monotonicMs();
    await answerBatch(host, batch);
    underWay = false;
    schedule();
  };

  return {
    open: () => ({ slot: freeSlots.pop() ?? slots++, waiting: [] }),
    wake(lane) {
      ready.add(lane);
      schedule();
    },
    release(lane) {
      ready.delete(lane);
      freeSlots.push(lane.slot);
    },
    close() {
      cancelTimer();
      const closed = new KukuError('Voice detection is closed.', { code: 'engine_closed' });
      for (const lane of ready) for (const window of lane.waiting.splice(0)) window.reject(closed);
      ready.clear();
    },
  };
}

/** Never rejects: each window gets its answer or the error. */
async function answerBatch(
  host: WorkerHost<VadBatch, VadAnswer>,
  batch: readonly { slot: number; window: Waiting }[],
): Promise<void> {
  const message: VadBatch = {
    slots: Int32Array.from(batch, ({ slot }) => slot),
    fresh: Uint8Array.from(batch, ({ window }) => (window.fresh ? 1 : 0)),
    samples: new Int16Array(batch.length * WINDOW_SAMPLES),
  };
  for (const [i, { window }] of batch.entries()) message.samples.set(window.samples, i * WINDOW_SAMPLES);
  try {
    const { probabilities } = await host.request(message);
    for (const [i, { window }] of batch.entries()) window.resolve(probabilities[i] ?? 0);
  } catch (error) {
    // A new worker knows no stream: each goes on as if it had just begun.
    const comesBack = host.state !== 'broken' && host.state !== 'closed';
    for (const { window } of batch) {
      if (comesBack) window.resolve(0);
      else window.reject(error);
    }
  }
}
