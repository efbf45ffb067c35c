/** The microphone as 20 ms frames, on the audio thread: one transferable a post. */
import { createCaptureFrames } from './capture-frames.ts';
import { CAPTURE_PROCESSOR, type CaptureOptions } from './worklet-messages.ts';
import { worklet } from './worklet-scope.ts';

class CaptureProcessor extends worklet.AudioWorkletProcessor {
  readonly #push: (quantum: Float32Array) => void;
  #stopped = false;

  constructor({ processorOptions }: { processorOptions: unknown }) {
    super();
    const { rate, frameSamples } = processorOptions as CaptureOptions;
    this.#push = createCaptureFrames({
      inputRate: worklet.sampleRate,
      rate,
      frameSamples,
      onFrame: (pcm) => this.port.postMessage(pcm, [pcm.buffer]),
    });
    // Any message means: the microphone is not used any more.
    this.port.addEventListener('message', () => (this.#stopped = true));
    this.port.start();
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = inputs[0]?.[0];
    if (channel !== undefined) this.#push(channel);
    // Not false while a source may still come: Chromium ends a processor for good that says so once.
    return !this.#stopped;
  }
}

worklet.registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
