/**
 * `AudioIO` over a native module that records and plays 16 kHz with echo cancellation, and knows no way to drop what it
 * was given: core's pacer stands in front of it.
 */
import type { Clock } from '../../../core/src/clock.ts';
import type { PlaybackPosition } from '../../../core/src/audio-io.ts';
import { createFrameCutter } from '../../../core/src/frames.ts';
import { createPacer } from '../../../core/src/pacer.ts';
import type { ScreenAudio } from '../../../core/src/screen/index.ts';
import type { DeviceAudioOptions } from './device-audio-options.ts';

/** What is used of `@speechmatics/expo-two-way-audio`. */
export interface NativeModule {
  requestMicrophonePermissionsAsync(): Promise<{ granted: boolean }>;
  /** False when the audio session can't be had. */
  initialize(): Promise<boolean>;
  /** PCM16, 16 kHz, mono; queued behind what it has. */
  playPCMData(pcm: Uint8Array): void;
  toggleRecording(on: boolean): boolean;
  /** Takes the audio session back, and records. */
  restart(): void;
  tearDown(): void;
  addExpoTwoWayAudioEventListener(
    name: 'onMicrophoneData',
    fn: (event: { data: Uint8Array }) => void,
  ): { remove: () => void };
  addExpoTwoWayAudioEventListener(
    name: 'onAudioInterruption',
    fn: (event: { data: string }) => void,
  ): { remove: () => void };
}

export interface NativeAudioOptions extends Omit<DeviceAudioOptions, 'saveData'> {
  native: NativeModule;
  clock: Clock;
  /** Calls `fn` whenever the app comes to the front. The result ends it. */
  onForeground: (fn: () => void) => () => void;
}

export type NativeAudio = ScreenAudio;

/** The one rate that the module has. */
const RATE = 16_000;
const FRAME_SAMPLES = 320;
/** iOS adds a hardware buffer of about this length before the ear. */
const LATENCY_MS = 20;

export function createNativeAudio(options: NativeAudioOptions): NativeAudio {
  const { native, clock, microphone, voice, onMicrophoneProblem } = options;
  let onPosition: (position: PlaybackPosition) => void = () => {};
  let onInterruption: (interrupted: boolean) => void = () => {};
  let interrupted = false;
  let ends: (() => void)[] = [];
  let life = new AbortController();
  const pacer = createPacer({
    clock,
    rate: RATE,
    latencyMs: LATENCY_MS,
    write: (pcm) => native.playPCMData(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
    onPosition: (position) => onPosition(position),
  });

  const interrupt = (now: boolean) => {
    if (now === interrupted) return;
    interrupted = now;
    if (now) pacer.pause();
    else pacer.resume();
    onInterruption(now);
  };
  /** Some interruptions never end by themselves: whoever comes back to the app wants the sound back. */
  const takeBack = () => {
    if (!interrupted) return;
    native.restart();
    if (!microphone) native.toggleRecording(false);
    interrupt(false);
  };
  const mayRecord = async () => {
    if (!microphone) return false;
    const { granted } = await native.requestMicrophonePermissionsAsync();
    if (!granted) onMicrophoneProblem('refused');
    return granted;
  };

  return {
    async start(onFrame) {
      life = new AbortController();
      const { signal } = life;
      const records = await mayRecord();
      signal.throwIfAborted();
      if (!records && !voice) return {};
      if (!(await native.initialize())) throw new Error('The phone gives no audio at the moment.');
      if (signal.aborted) native.tearDown();
      signal.throwIfAborted();
      // It records in pieces of 32 ms on Android, of 128 on iOS.
      const cut = createFrameCutter(FRAME_SAMPLES);
      const frames = native.addExpoTwoWayAudioEventListener('onMicrophoneData', ({ data }) => {
        for (const pcm of cut(data)) onFrame(pcm);
      });
      const calls = native.addExpoTwoWayAudioEventListener('onAudioInterruption', ({ data }) =>
        interrupt(data !== 'ended'),
      );
      ends = [() => frames.remove(), () => calls.remove(), options.onForeground(takeBack)];
      // The module is deaf for 2 s after its first sound, while its echo canceller learns: now, and not in a talk.
      native.playPCMData(new Uint8Array(FRAME_SAMPLES * 2));
      if (records) native.toggleRecording(true);
      return { ...(records && { in: { rate: RATE } }), ...(voice && { out: { rate: RATE } }) };
    },
    play: pacer.play,
    end: pacer.end,
    clear: pacer.clear,
    loudness: pacer.loudness,
    onPosition: (fn) => void (onPosition = fn),
    onInterruption: (fn) => void (onInterruption = fn),
    // The module follows headsets and Bluetooth by itself, and does not say so.
    onRoute: () => {},
    async stop() {
      life.abort();
      pacer.stop();
      interrupted = false;
      if (ends.length === 0) return;
      for (const end of ends.splice(0)) end();
      native.toggleRecording(false);
      native.tearDown();
    },
  };
}
