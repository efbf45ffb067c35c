/** Samples over which loudness is measured: 10 ms at 16 kHz. */
const STEP_SAMPLES = 160;
/** Speech is what comes within 20 dB of the loudest parts. */
const BELOW_LOUD = 10 ** (-20 / 20);
/** A click is shorter. */
const ONSET_STEPS = 3;

/** The clip (16 kHz) from its first speech on. Throws when there is none. */
export function fromFirstSpeech(pcm: Int16Array): Int16Array {
  const loudness = Array.from({ length: Math.floor(pcm.length / STEP_SAMPLES) }, (_, step) =>
    rms(pcm.subarray(step * STEP_SAMPLES, (step + 1) * STEP_SAMPLES)),
  );
  const loud = loudness.toSorted((a, b) => a - b)[Math.floor(loudness.length * 0.95)] ?? 0;
  const isSpeech = (level: number) => level > 0 && level >= loud * BELOW_LOUD;
  const onset = loudness.findIndex((_, i) => {
    const next = loudness.slice(i, i + ONSET_STEPS);
    return next.length === ONSET_STEPS && next.every(isSpeech);
  });
  if (onset < 0) throw new Error('no speech in the clip');
  return pcm.subarray(onset * STEP_SAMPLES);
}

function rms(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample ** 2, 0) / pcm.length);
}
