/** Speech from the page to the loudspeaker, on the audio thread. Lives as long as its context. */
import { createResampler } from '../../../protocol/resample.ts';
import { createPlaybackBuffer, type PlaybackBuffer, type RateConverter } from './playback-buffer.ts';
import {
  PLAYBACK_PROCESSOR,
  type PlaybackAnswer,
  type PlaybackCommand,
  type PlaybackOptions,
} from './worklet-messages.ts';
import { worklet } from './worklet-scope.ts';

class PlaybackProcessor extends worklet.AudioWorkletProcessor {
  readonly #buffer: PlaybackBuffer;

  constructor({ processorOptions }: { processorOptions: unknown }) {
    super();
    const { streamRate } = processorOptions as PlaybackOptions;
    this.#buffer = createPlaybackBuffer({
      streamRate,
      outputRate: worklet.sampleRate,
      createConverter: () => createConverter(streamRate),
      onReport: (report) => this.#answer({ type: 'report', ...report }),
    });
    this.port.addEventListener('message', (event: MessageEvent<PlaybackCommand>) => this.#obey(event.data));
    this.port.start();
  }

  #obey(command: PlaybackCommand): void {
    if (command.type === 'push') this.#buffer.push(command.turn, command.pcm);
    else if (command.type === 'end') this.#buffer.end(command.turn);
    else this.#answer({ type: 'cleared', id: command.id, ...this.#buffer.clear() });
  }

  #answer(answer: PlaybackAnswer): void {
    this.port.postMessage(answer);
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = outputs[0]?.[0];
    if (channel !== undefined) this.#buffer.render(channel);
    return true;
  }
}

function createConverter(streamRate: number): RateConverter {
  const resampler = createResampler(streamRate, worklet.sampleRate);
  const toFloat = (pcm: Int16Array) => Float32Array.from(pcm, (sample) => sample / 32_768);
  return { convert: (pcm) => toFloat(resampler.push(pcm)), flush: () => toFloat(resampler.flush()) };
}

worklet.registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
