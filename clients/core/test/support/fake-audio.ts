import type { AudioFormat, AudioIO, ClearedAudio, PlaybackPosition } from '../../src/audio-io.ts';

/** Devices played by the test: it says what was heard, and gives the microphone's frames. */
export interface FakeAudio extends AudioIO {
  readonly calls: string[];
  /** What the next `clear` answers. */
  cleared: ClearedAudio;
  /** When set, `start` rejects with it. */
  refusal: Error | undefined;
  speak(pcm: Int16Array): void;
  position(position: PlaybackPosition): void;
  interruption(interrupted: boolean): void;
  route(name: string): void;
}

export function createFakeAudio(format: AudioFormat = { in: { rate: 16_000 }, out: { rate: 16_000 } }): FakeAudio {
  let onFrame: (pcm: Int16Array) => void = () => {};
  let onPosition: (position: PlaybackPosition) => void = () => {};
  let onInterruption: (interrupted: boolean) => void = () => {};
  let onRoute: (route: string) => void = () => {};
  const audio: FakeAudio = {
    calls: [],
    cleared: { turn: 0, playedSamples: 0 },
    refusal: undefined,
    async start(fn) {
      if (audio.refusal) throw audio.refusal;
      onFrame = fn;
      return format;
    },
    play: (turn, pcm) => void audio.calls.push(`play ${turn} ${pcm.length}`),
    end: (turn) => void audio.calls.push(`end ${turn}`),
    async clear() {
      audio.calls.push('clear');
      return audio.cleared;
    },
    async stop() {
      audio.calls.push('stop');
    },
    onPosition: (fn) => void (onPosition = fn),
    onInterruption: (fn) => void (onInterruption = fn),
    onRoute: (fn) => void (onRoute = fn),
    speak: (pcm) => onFrame(pcm),
    position: (position) => onPosition(position),
    interruption: (interrupted) => onInterruption(interrupted),
    route: (name) => onRoute(name),
  };
  return audio;
}
