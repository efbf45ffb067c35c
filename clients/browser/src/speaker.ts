import type { ClearedAudio, PlaybackPosition } from '../../core/src/audio-io.ts';
import {
  PLAYBACK_PROCESSOR,
  type PlaybackAnswer,
  type PlaybackCommand,
  type PlaybackOptions,
} from './worklet-messages.ts';

export interface Speaker {
  play(turn: number, pcm: Int16Array): void;
  end(turn: number): void;
  clear(): Promise<ClearedAudio>;
  /** How loud it is now: root mean square of the last 20 ms or so, 0 to 1. */
  loudness(): number;
  stop(): void;
}

/**
 * The playback worklet of a context, seen from the page. What the worklet calls played has still to pass the device:
 * positions are those of what was heard, `outputLatency` earlier, and a turn has `ended` when its last sample was heard.
 */
export function openSpeaker(
  context: AudioContext,
  streamRate: number,
  onPosition: (position: PlaybackPosition) => void,
): Speaker {
  const processorOptions: PlaybackOptions = { streamRate };
  const node = new AudioWorkletNode(context, PLAYBACK_PROCESSOR, {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions,
  });
  node.connect(context.destination);
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  node.connect(analyser);
  const heard = new Float32Array(analyser.fftSize);

  const latencySeconds = () => context.outputLatency || context.baseLatency || 0;
  const inDevice = (playedSamples: number) => Math.min(playedSamples, Math.round(latencySeconds() * streamRate));
  const clearing = new Map<number, (cleared: ClearedAudio) => void>();
  const order = createOrder(onPosition);
  let clears = 0;
  let last: ClearedAudio = { turn: 0, playedSamples: 0 };

  const receive = ({ data }: MessageEvent<PlaybackAnswer>) => {
    const { turn } = data;
    const late = inDevice(data.playedSamples);
    if (data.type === 'cleared') {
      last = { turn, playedSamples: data.playedSamples - late };
      clearing.get(data.id)?.(last);
      clearing.delete(data.id);
      return;
    }
    const { playedSamples, bufferedSamples, state } = data;
    last = { turn, playedSamples };
    if (state === 'ended') return order.later({ turn, playedSamples, bufferedSamples, state }, latencySeconds() * 1000);
    order.now({ turn, playedSamples: playedSamples - late, bufferedSamples: bufferedSamples + late, state });
  };

  node.port.addEventListener('message', receive);
  node.port.start();

  const command = (message: PlaybackCommand) => node.port.postMessage(message);
  return {
    play: (turn, pcm) => command({ type: 'push', turn, pcm }),
    end: (turn) => command({ type: 'end', turn }),
    clear() {
      order.drop();
      return new Promise((resolve) => {
        const id = clears++;
        clearing.set(id, resolve);
        command({ type: 'clear', id });
      });
    },
    loudness() {
      analyser.getFloatTimeDomainData(heard);
      return Math.sqrt(heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length);
    },
    stop() {
      order.drop();
      node.port.removeEventListener('message', receive);
      node.disconnect();
      node.port.close();
      for (const resolve of clearing.values()) resolve(last);
      clearing.clear();
    },
  };
}

/** Positions in order, although some are held back for a moment: what follows one of those waits behind it. */
function createOrder(onPosition: (position: PlaybackPosition) => void) {
  let waiting: PlaybackPosition[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    timer = undefined;
    const due = waiting;
    waiting = [];
    for (const position of due) onPosition(position);
  };
  return {
    now(position: PlaybackPosition) {
      if (timer === undefined) onPosition(position);
      else waiting.push(position);
    },
    later(position: PlaybackPosition, ms: number) {
      waiting.push(position);
      timer ??= setTimeout(release, ms);
    },
    drop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    },
  };
}
