import { createResampler } from '../../../protocol/resample.ts';

export interface CaptureFramesOptions {
  /** Samples a second of what is pushed, and of the frames. */
  inputRate: number;
  rate: number;
  frameSamples: number;
  /** Frames of exactly `frameSamples`, each with memory of its own. */
  onFrame: (pcm: Int16Array<ArrayBuffer>) => void;
}

/** From render quanta at the device's rate, samples from -1 to 1, to frames. What is louder is clipped. */
export function createCaptureFrames(options: CaptureFramesOptions): (quantum: Float32Array) => void {
  const { inputRate, rate, frameSamples, onFrame } = options;
  const resampler = createResampler(inputRate, rate);
  let frame = new Int16Array(frameSamples);
  let filled = 0;
  return (quantum) => {
    for (const sample of resampler.push(toPcm16(quantum))) {
      frame[filled++] = sample;
      if (filled < frameSamples) continue;
      onFrame(frame);
      frame = new Int16Array(frameSamples);
      filled = 0;
    }
  };
}

function toPcm16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
}
