/**
 * Streaming sample-rate conversion, one for server, command line and audio worklets: browser-safe, imports nothing.
 *
 * Band-limited interpolation as in J. O. Smith, "Digital Audio Resampling" (ccrma.stanford.edu/~jos/resample): each
 * output sample is the input around its moment, weighted with a windowed sinc. With `to/from` reduced to L/M there are
 * L distinct sets of weights, computed once (polyphase). Above 1,024 sets (odd rates such as 44,101) weights are
 * interpolated linearly between 1,024 sets, which errs by less than 16 bits resolve.
 *
 * Design: Kaiser window, 70 dB in the stop band, beta = 0.1102 (A − 8.7) = 6.755; 24 zero crossings a side, transition
 * width (A − 7.95)/(14.36 · 47) = 0.092 of the lower rate (Oppenheim and Schafer, "Discrete-Time Signal Processing",
 * Kaiser window design). Its middle lies at 0.46, so that it ends at the lower Nyquist frequency: between 24 or 48 kHz
 * and 16 kHz the pass band reaches 6.6 kHz, and nothing aliases from above 8.1 kHz.
 */

const ZERO_CROSSINGS = 24;
const KAISER_BETA = 6.755;
/** Middle of the transition band, as a part of the lower rate. */
const CUTOFF = 0.46;
const MAX_PHASES = 1024;

/** One stream of mono samples. Results own their memory; the input is not kept. */
export interface Resampler {
  /**
   * Converts what it can: output sample n stands at input time n · from / to, and comes once 24 samples (of the lower
   * rate) after it are there. How the input is cut into chunks makes no difference to the output.
   */
  push(pcm: Int16Array): Int16Array;
  /**
   * The rest, as if silence followed: in all, ceil(input samples · to / from) come out. Afterwards the resampler is as
   * new.
   */
  flush(): Int16Array;
}

/** Rates in samples a second, whole numbers from 1; else a `RangeError`. Equal rates pass samples through unchanged. */
export function createResampler(fromRate: number, toRate: number): Resampler {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isSafeInteger(rate) || rate < 1) throw new RangeError(`Not a sample rate: ${rate}`);
  }
  if (fromRate === toRate) return { push: (pcm) => pcm.slice(), flush: () => new Int16Array(0) };
  const filter = filterFor(fromRate, toRate);
  const { reach, up, down } = filter;
  // The input that output samples may still need, oldest first; `reach` samples of silence come before the first.
  let history = new Float32Array(4096);
  let held = reach;
  /** The next output stands this many `up`-ths of a sample after `history[reach]`. */
  let phase = 0;
  let taken = 0;
  let given = 0;

  const append = (pcm: Int16Array | undefined, samples: number): void => {
    if (held + samples > history.length) {
      const larger = new Float32Array(2 * (held + samples));
      larger.set(history.subarray(0, held));
      history = larger;
    }
    if (pcm === undefined) history.fill(0, held, held + samples);
    else history.set(pcm, held);
    held += samples;
  };

  /** As many output samples as the history allows, at most `limit`. */
  const convert = (limit: number): Int16Array => {
    const usable = held - 2 * reach;
    const possible = usable <= 0 ? 0 : Math.ceil((usable * up - phase) / down);
    const out = new Int16Array(Math.max(0, Math.min(limit, possible)));
    let start = 0;
    for (let i = 0; i < out.length; i += 1) {
      out[i] = weigh(filter, history, start, phase);
      phase += down;
      const wholeStep = Math.floor(phase / up);
      phase -= wholeStep * up;
      start += wholeStep;
    }
    history.copyWithin(0, start, held);
    held -= start;
    given += out.length;
    return out;
  };

  return {
    push(pcm) {
      append(pcm, pcm.length);
      taken += pcm.length;
      return convert(Infinity);
    },
    flush() {
      append(undefined, reach);
      const out = convert(Math.ceil((taken * up) / down) - given);
      history.fill(0);
      held = reach;
      phase = taken = given = 0;
      return out;
    },
  };
}

interface Filter {
  /** Reduced ratio: `to / from` = `up / down`. */
  up: number;
  down: number;
  /** Input samples that count before and after an output sample's moment. */
  reach: number;
  /** Sets of weights, one after the other, each of 2 · `reach`; set p is for moments p / `phases` after a sample. */
  weights: Float32Array;
  phases: number;
}

const filters = new Map<string, Filter>();
const MAX_KEPT_FILTERS = 8;

function filterFor(fromRate: number, toRate: number): Filter {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const up = toRate / divisor;
  const down = fromRate / divisor;
  const key = `${up}/${down}`;
  const kept = filters.get(key);
  if (kept !== undefined) return kept;
  const filter = designFilter(up, down);
  const oldest = filters.keys().next();
  if (filters.size >= MAX_KEPT_FILTERS && !oldest.done) filters.delete(oldest.value);
  filters.set(key, filter);
  return filter;
}

function designFilter(up: number, down: number): Filter {
  const phases = Math.min(up, MAX_PHASES);
  const halfWidth = ZERO_CROSSINGS * Math.max(1, down / up);
  const reach = Math.ceil(halfWidth);
  const taps = 2 * reach;
  const cutoff = CUTOFF * Math.min(1, up / down);
  // One set more than there are phases: the last is where interpolation between sets ends.
  const weights = new Float32Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase += 1) {
    const set = Float64Array.from({ length: taps }, (_, tap) => {
      const distance = reach + phase / phases - (tap + 1);
      return sinc(2 * cutoff * distance) * kaiser(distance / halfWidth);
    });
    // Each set sums to 1, so that a constant stays one.
    const sum = set.reduce((total, weight) => total + weight, 0);
    weights.set(
      set.map((weight) => weight / sum),
      phase * taps,
    );
  }
  return { up, down, reach, weights, phases };
}

/** The output sample `phase / up` after `history[start + reach]`. */
function weigh({ up, reach, weights, phases }: Filter, history: Float32Array, start: number, phase: number): number {
  const taps = 2 * reach;
  const place = up === phases ? phase : (phase * phases) / up;
  const set = Math.floor(place);
  const between = place - set;
  const here = dot(weights, set * taps, history, start + 1, taps);
  if (between === 0) return toInt16(here);
  return toInt16(here + between * (dot(weights, (set + 1) * taps, history, start + 1, taps) - here));
}

function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (a[aStart + i] as number) * (b[bStart + i] as number);
  return sum;
}

function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window over −1 to 1, 0 outside. */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
