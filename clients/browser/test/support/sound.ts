/** Sounds that are something like speech, the same at any rate, and a measure of how alike two recordings are. */

/** A generator of numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface BabbleOptions {
  seed: number;
  seconds: number;
  rate: number;
  leadSeconds?: number;
  /** Each syllable begins before the one before it is over: there is sound at every moment. */
  breathless?: boolean;
}

/**
 * Syllables of gliding harmonics with pauses, all below 5 kHz, after `leadSeconds` of silence. The same seed gives the
 * same sound at every rate.
 */
export function babble(options: BabbleOptions): Int16Array {
  const { seed, seconds, rate, leadSeconds = 0, breathless = false } = options;
  const random = createRandom(seed);
  const pcm = new Int16Array(Math.round(seconds * rate));
  let startSeconds = leadSeconds;
  while (startSeconds < seconds) {
    const lengthSeconds = 0.1 + 0.15 * random();
    const tones = Array.from({ length: 5 }, () => ({
      hz: 150 + 4500 * random() ** 2,
      glide: 0.6 * (random() - 0.5),
      phase: 2 * Math.PI * random(),
      gain: 1500 + 3000 * random(),
    }));
    const last = Math.min(pcm.length, Math.floor((startSeconds + lengthSeconds) * rate));
    for (let i = Math.ceil(startSeconds * rate); i < last; i++) {
      const at = i / rate - startSeconds;
      const envelope = Math.sin((Math.PI * at) / lengthSeconds) ** 2;
      let sum = 0;
      for (const { hz, glide, phase, gain } of tones) {
        sum += gain * Math.sin(phase + 2 * Math.PI * hz * at * (1 + (glide * at) / (2 * lengthSeconds)));
      }
      pcm[i] = (pcm[i] ?? 0) + Math.round((breathless ? 0.6 : 1) * envelope * sum);
    }
    startSeconds += breathless ? lengthSeconds / 2 : lengthSeconds + 0.06 * random();
  }
  return pcm;
}

/** A WAV file of mono PCM16. */
export function wavOf(pcm: Int16Array, rate: number): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + pcm.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(pcm.byteLength, 40);
  return Buffer.concat([header, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

type Samples = Int16Array | Float32Array;

/** Normalised correlation, -1 to 1, of `length` samples of the reference with the recording `lag` samples later. */
export function correlation(reference: Samples, from: number, length: number, recording: Samples, lag: number): number {
  let product = 0;
  let ours = 0;
  let theirs = 0;
  for (let i = from; i < from + length; i++) {
    const a = reference[i] ?? 0;
    const b = recording[i + lag] ?? 0;
    product += a * b;
    ours += a * a;
    theirs += b * b;
  }
  return product / (Math.sqrt(ours * theirs) || 1);
}

/** Samples that are taken together in the first, coarse search for a lag: a 64th of the work. */
const COARSE = 8;

/** The lag, in samples, at which the recording is most like this stretch of the reference. */
export function findLag(reference: Samples, from: number, length: number, recording: Samples): number {
  const coarseLag = search(
    { reference: thinned(reference), from: Math.floor(from / COARSE), length: Math.floor(length / COARSE) },
    thinned(recording),
    { first: -Infinity, last: Infinity },
  );
  const around = { first: (coarseLag - 2) * COARSE, last: (coarseLag + 2) * COARSE };
  return search({ reference, from, length }, recording, around);
}

/**
 * How alike the half second of the recording is that is most like some half second of the reference, wherever each
 * lies: 1 for a recording of which at least half a second is whole.
 */
export function mostAlike(reference: Samples, recording: Samples, rate: number): number {
  const length = rate / 2;
  const froms = Array.from({ length: Math.floor(reference.length / length) }, (_, i) => i * length);
  return Math.max(
    ...froms.map((from) =>
      correlation(reference, from, length, recording, findLag(reference, from, length, recording)),
    ),
  );
}

function search(
  { reference, from, length }: { reference: Samples; from: number; length: number },
  recording: Samples,
  { first, last }: { first: number; last: number },
): number {
  let best = 0;
  let highest = -1;
  const end = Math.min(last, recording.length - from - length);
  for (let lag = Math.max(first, -from); lag <= end; lag++) {
    const alike = correlation(reference, from, length, recording, lag);
    if (alike > highest) [highest, best] = [alike, lag];
  }
  return best;
}

/** Means of `COARSE` samples each. */
function thinned(samples: Samples): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / COARSE) }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < COARSE; k++) sum += samples[i * COARSE + k] ?? 0;
    return sum / COARSE;
  });
}

export interface Likeness {
  /** Correlations, -1 to 1, of the half seconds that are least, middling and most like the reference. */
  least: number;
  median: number;
  most: number;
  /** By how much the recording is later, at the first half second. */
  lagSamples: number;
}

/**
 * How alike the reference, from `fromSeconds` to `toSeconds`, and the recording are, half second by half second. Each
 * may lie up to 4 ms beside the first one's lag, since devices' clocks differ.
 */
export function likeness(
  reference: Samples,
  recording: Samples,
  { rate, fromSeconds, toSeconds }: { rate: number; fromSeconds: number; toSeconds: number },
): Likeness {
  const length = Math.round(rate / 2);
  const slack = Math.round(0.004 * rate);
  const first = Math.round(fromSeconds * rate);
  const lagSamples = findLag(reference, first, length, recording);
  const found: number[] = [];
  for (let from = first; from + length <= toSeconds * rate; from += length) {
    const around = { first: lagSamples - slack, last: lagSamples + slack };
    const lag = search({ reference, from, length }, recording, around);
    found.push(correlation(reference, from, length, recording, lag));
  }
  found.sort((a, b) => a - b);
  const at = (part: number) => found[Math.floor(part * (found.length - 1))] ?? 0;
  return { least: at(0), median: at(0.5), most: at(1), lagSamples };
}
