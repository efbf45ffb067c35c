/**
 * Silero VAD v6 in a worker process: one inference for one window each of many streams. What the network remembers of a
 * stream (its state and the last 64 samples) stays here, by slot.
 *
 * Inputs `input` f32 [B, 576], `state` f32 [2, B, 128], `sr` i64; outputs `output` f32 [B, 1], `stateN` f32 [2, B, 128]
 * (the model's own signature; the 64 + 512 samples are from its utils_vad.py).
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { KukuError } from '../../errors.ts';
import { findSileroWeights } from './silero-model.ts';
import { serveWorker } from './worker-serve.ts';
import type { RequestHandler } from './worker-serve.ts';

export const WINDOW_SAMPLES = 512;
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** Of each of the two layers of state. */
const STATE_SIZE = 128;

export interface VadBatch {
  /** One slot a window; no slot twice. */
  slots: Int32Array;
  /** 1 where the window is the first of a stream. */
  fresh: Uint8Array;
  /** The windows, one after the other. */
  samples: Int16Array;
}

export interface VadAnswer {
  /** Probability of speech, 0 to 1, a window. */
  probabilities: Float32Array;
}

export interface VadWorkerData {
  modelsDir: string;
}

serveWorker<VadBatch, VadAnswer>(async (data) => {
  const weights = await findSileroWeights((data as VadWorkerData).modelsDir);
  if (!weights.ok) throw new KukuError(weights.reason, { code: 'model_missing' });
  const session = await InferenceSession.create(weights.path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Batches differ in size: a memory plan for each would only pile up.
    enableMemPattern: false,
  });
  return createHandler(session);
});

function createHandler(session: InferenceSession): RequestHandler<VadBatch, VadAnswer> {
  const sampleRate = new Tensor('int64', BigInt64Array.of(16_000n));
  const memory = createMemory();
  return async ({ slots, fresh, samples }) => {
    const count = slots.length;
    const { input, state } = memory.gather(slots, fresh, samples);
    const outputs = await session.run({
      input: new Tensor('float32', input, [count, INPUT_SAMPLES]),
      state: new Tensor('float32', state, [2, count, STATE_SIZE]),
      sr: sampleRate,
    });
    memory.keep(slots, input, floats(outputs['stateN']));
    return { probabilities: floats(outputs['output']) };
  };
}

/** What is remembered of each stream, and the network's inputs made of it. The inputs are valid until the next call. */
function createMemory() {
  let contexts = new Float32Array(0);
  let states = new Float32Array(0);
  let input = new Float32Array(0);
  let state = new Float32Array(0);

  return {
    gather(slots: Int32Array, fresh: Uint8Array, samples: Int16Array): { input: Float32Array; state: Float32Array } {
      const count = slots.length;
      const needed = slots.reduce((most, slot) => Math.max(most, slot + 1), 0);
      contexts = atLeast(contexts, needed * CONTEXT_SAMPLES);
      states = atLeast(states, needed * 2 * STATE_SIZE);
      input = atLeast(input, count * INPUT_SAMPLES);
      state = atLeast(state, count * 2 * STATE_SIZE);
      slots.forEach((slot, i) => {
        const context = contexts.subarray(slot * CONTEXT_SAMPLES, (slot + 1) * CONTEXT_SAMPLES);
        const layers = states.subarray(slot * 2 * STATE_SIZE, (slot + 1) * 2 * STATE_SIZE);
        if (fresh[i] === 1) {
          context.fill(0);
          layers.fill(0);
        }
        input.set(context, i * INPUT_SAMPLES);
        const start = i * INPUT_SAMPLES + CONTEXT_SAMPLES;
        for (let k = 0; k < WINDOW_SAMPLES; k += 1) {
          input[start + k] = (samples[i * WINDOW_SAMPLES + k] as number) / 32_768;
        }
        state.set(layers.subarray(0, STATE_SIZE), i * STATE_SIZE);
        state.set(layers.subarray(STATE_SIZE), (count + i) * STATE_SIZE);
      });
      return { input: input.subarray(0, count * INPUT_SAMPLES), state: state.subarray(0, count * 2 * STATE_SIZE) };
    },

    keep(slots: Int32Array, windows: Float32Array, next: Float32Array): void {
      const count = slots.length;
      slots.forEach((slot, i) => {
        const end = (i + 1) * INPUT_SAMPLES;
        contexts.set(windows.subarray(end - CONTEXT_SAMPLES, end), slot * CONTEXT_SAMPLES);
        const layers = slot * 2 * STATE_SIZE;
        states.set(next.subarray(i * STATE_SIZE, (i + 1) * STATE_SIZE), layers);
        states.set(next.subarray((count + i) * STATE_SIZE, (count + i + 1) * STATE_SIZE), layers + STATE_SIZE);
      });
    },
  };
}

/** The same numbers with room for `length` of them. */
function atLeast(array: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  if (array.length >= length) return array;
  const larger = new Float32Array(2 * length);
  larger.set(array);
  return larger;
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new TypeError('The network gave no numbers.');
  return tensor.data;
}
