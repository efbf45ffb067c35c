/** How a recording of the loudspeaker differs from what was sent: where it paused, and what is not in it. */
import type { Recording } from './output-tap.ts';
import { correlation, findLag } from './sound.ts';

const BLOCK_SECONDS = 0.02;
/** A stretch that is looked for anew is this many blocks. */
const STRETCH = 6;
/**
 * Less than this is Chromium's: on a busy machine it leaves out a render quantum now and then, of all that plays, which
 * shows as 128 samples (2.9 ms at 44.1 kHz) of silence.
 */
const SHORTEST_GAP_MS = 8;
const LONGEST_GAP_SECONDS = 4;
/** Blocks below this loudness (root mean square of PCM16) are pauses of the speaker: nothing is lost with them. */
const SILENCE = 100;

export interface Comparison {
  /** Where the first sample sent is in the recording. */
  startSeconds: number;
  /** Silences that were put in, as seconds of what was sent, and how long each is. */
  gaps: { atSeconds: number; ms: number }[];
  /** Milliseconds of sound that are nowhere in the recording, beside what fades: at a gap, and at both ends. */
  lostMs: number;
  /** The least correlation of the blocks that are there. */
  least: number;
}

/** `sent` is what was sent, at the rate of the recording. */
export function compare(sent: Int16Array, { samples, rate }: Recording): Comparison {
  const block = Math.round(rate * BLOCK_SECONDS);
  const starts = Array.from({ length: Math.floor(sent.length / block) }, (_, i) => i * block);
  const blocks = starts.filter((from) => loudness(sent.subarray(from, from + block)) > SILENCE);
  const gaps: Comparison['gaps'] = [];
  let missing: number[] = [];
  let least = 1;
  const first = findLag(sent, blocks[0] ?? 0, rate / 4, samples);
  let lag = first;
  for (const from of blocks) {
    let alike = correlation(sent, from, block, samples, lag);
    if (alike < 0.98) {
      const later = laterLag({ sent, from, length: STRETCH * block }, samples, { lag, rate });
      if (later !== undefined) {
        // The gap may lie a little before where its other side was recognised.
        const before = missing;
        missing = before.filter((at) => correlation(sent, at, block, samples, later) < 0.98);
        const at = before.find((each) => !missing.includes(each)) ?? from;
        gaps.push({ atSeconds: at / rate, ms: ((later - lag) * 1000) / rate });
        lag = later;
        alike = correlation(sent, from, block, samples, lag);
      }
    }
    if (alike < 0.98) missing.push(from);
    else least = Math.min(least, alike);
  }
  const edges = [blocks[0] ?? 0, blocks.at(-1) ?? 0].map((from) => from / rate);
  const faded = [...edges, ...gaps.map(({ atSeconds }) => atSeconds)];
  const lost = missing.filter((from) => !faded.some((edge) => Math.abs(edge - from / rate) < 2.5 * BLOCK_SECONDS));
  return {
    startSeconds: first / rate,
    gaps: gaps.filter(({ ms }) => ms >= SHORTEST_GAP_MS),
    lostMs: lost.length * BLOCK_SECONDS * 1000,
    least,
  };
}

/** Where the stretch is instead, if it is more than a millisecond later. */
function laterLag(
  { sent, from, length }: { sent: Int16Array; from: number; length: number },
  samples: Float32Array,
  { lag, rate }: { lag: number; rate: number },
): number | undefined {
  const part = samples.subarray(from + lag, from + lag + length + LONGEST_GAP_SECONDS * rate);
  const later = findLag(sent.subarray(from, from + length), 0, length, part);
  const alike = correlation(sent, from, length, samples, lag + later);
  return later > rate / 1000 && alike > 0.8 ? lag + later : undefined;
}

function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
