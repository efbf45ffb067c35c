/**
 * Cuts what the engines leave before and after the words: Flite 130–180 ms and 150–200 ms of breath, Pico up to 600 ms.
 * Pauses between words stay as they are.
 */

/** Kept before the first sound: a soft "f" or "h" begins below the threshold. */
const LEAD_MS = 50;
/** Kept after the last sound, so that it can fade; the pause to the next sentence is this and its lead. */
const TAIL_MS = 180;
const FRAME_MS = 10;
/** Peak of a frame that counts as sound, −50 dBFS: the engines' own noise stays below, Flite's fading breath above. */
const SOUND_PEAK = 100;

/** One recording. Samples may come in pieces of any length; silence is held back until a sound follows. */
export interface SilenceTrimmer {
  push(pcm: Int16Array): Int16Array;
  /** The rest; empty when there was no sound at all. */
  end(): Int16Array;
}

export function createSilenceTrimmer(sampleRate: number): SilenceTrimmer {
  const frameSamples = (sampleRate * FRAME_MS) / 1000;
  const leadSamples = (sampleRate * LEAD_MS) / 1000;
  const tailSamples = (sampleRate * TAIL_MS) / 1000;
  /** Silent frames since the last sound, or before the first one the lead. */
  let held: Int16Array = new Int16Array(0);
  /** Less than a frame. */
  let pending: Int16Array = new Int16Array(0);
  let started = false;

  function take(frame: Int16Array, out: Int16Array[]): void {
    if (hasSound(frame)) {
      out.push(held, frame);
      held = new Int16Array(0);
      started = true;
    } else {
      const silence = join([held, frame]);
      held = started ? silence : silence.subarray(Math.max(0, silence.length - leadSamples));
    }
  }

  return {
    push(pcm) {
      const out: Int16Array[] = [];
      const samples = pending.length === 0 ? pcm : join([pending, pcm]);
      const whole = samples.length - (samples.length % frameSamples);
      for (let at = 0; at < whole; at += frameSamples) take(samples.subarray(at, at + frameSamples), out);
      pending = samples.slice(whole);
      return join(out);
    },
    end() {
      const out: Int16Array[] = [];
      if (pending.length > 0) take(pending, out);
      if (started) out.push(held.subarray(0, tailSamples));
      return join(out);
    },
  };
}

/** Copies pieces into one array of its own. */
export function join(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function hasSound(frame: Int16Array): boolean {
  return frame.some((sample) => sample >= SOUND_PEAK || sample <= -SOUND_PEAK);
}
