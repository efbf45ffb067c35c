/** Whether what a server received is, sample for sample, what a microphone delivered: against a reference resampler. */
import type { Recording } from './output-tap.ts';
import { correlation, findLag } from './sound.ts';

/** Zero crossings of the reference's filter at each side: more than twice those of the one that it judges. */
const CROSSINGS = 64;
/** Of a half second that has sound: root mean square, 0 to 1. */
const AUDIBLE = 0.005;
/** Steps of the last, fine search, as parts of a sample. */
const FINE = 16;

/**
 * `count` samples of `recording` at `rate`, the first at `startSeconds`: each by itself, straight from the formula of
 * band-limited interpolation with a Hann-windowed sinc, in double precision.
 */
function resampledAt(
  { samples, rate: from }: Recording,
  { rate, startSeconds, count }: { rate: number; startSeconds: number; count: number },
): Float32Array {
  const cutoff = Math.min(1, rate / from);
  const reach = CROSSINGS / cutoff;
  return Float32Array.from({ length: count }, (_, n) => {
    const at = (startSeconds + n / rate) * from;
    let sum = 0;
    for (let i = Math.ceil(at - reach); i <= at + reach; i++) {
      const away = at - i;
      const x = Math.PI * away * cutoff;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      sum += (samples[i] ?? 0) * cutoff * sinc * 0.5 * (1 + Math.cos((Math.PI * away) / reach));
    }
    return sum;
  });
}

export interface Fidelity {
  /** The least correlation, -1 to 1, of all half seconds that have sound, and how many those are. */
  least: number;
  halfSeconds: number;
  /** Received samples a delivered one: 1 when the level was kept. */
  gain: number;
}

/**
 * Compares what was received, at `rate`, with what was delivered. Where the received begins in the delivered is found
 * once, to a 16th of a sample; from there on not one may be missing or too many: all half seconds keep that place.
 */
export function fidelity(delivered: Recording, received: Int16Array, rate: number): Fidelity {
  const half = rate / 2;
  const starts = Array.from({ length: Math.floor(received.length / half) }, (_, i) => i * half);
  const loudnessFrom = (from: number) => loudness(received.subarray(from, from + half));
  const audible = starts.filter((from) => loudnessFrom(from) > AUDIBLE);
  // One that is hardly sound might be found in many places.
  const first = audible.toSorted((a, b) => loudnessFrom(b) - loudnessFrom(a))[0] ?? 0;
  const whole = { rate, startSeconds: 0, count: Math.floor((delivered.samples.length * rate) / delivered.rate) };
  const lag = findLag(received, first, half, resampledAt(delivered, whole));
  const likenessAt = (startSeconds: number) => {
    const reference = resampledAt(delivered, { rate, startSeconds: startSeconds + first / rate, count: half });
    return correlation(received, first, half, reference, -first);
  };
  const steps = Array.from({ length: 4 * FINE + 1 }, (_, i) => (lag + i / FINE - 2) / rate);
  const alike = steps.map(likenessAt);
  const startSeconds = steps[alike.indexOf(Math.max(...alike))] ?? 0;
  const reference = resampledAt(delivered, { rate, startSeconds, count: received.length });
  const found = audible.map((from) => correlation(received, from, half, reference, 0));
  const gain = loudness(received) / loudness(reference) || 0;
  return { least: Math.min(...found), halfSeconds: found.length, gain };
}

/** Root mean square, 0 to 1. */
function loudness(samples: Int16Array | Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length)) / (samples instanceof Int16Array ? 32_768 : 1);
}
