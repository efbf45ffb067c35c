import { FRAME_MS, type MicRate, type SpeechRate } from '../../../protocol/audio-frame.ts';
import type { AudioFormat, AudioIO, PlaybackPosition } from '../../core/src/audio-io.ts';
import { watchContext } from './context-life.ts';
import { MicrophoneError, openMicrophone, requestMicrophone, type Microphone } from './microphone.ts';
import type { MicrophoneProblem } from './microphone.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

export interface BrowserAudioOptions {
  /** Address of the bundled module `audio-worklet.ts`. */
  workletUrl: string;
  /** False: the person types and hears the coach; the microphone is not asked for. */
  microphone?: boolean;
  /** The devices to use, where they are there: ids of `navigator.mediaDevices.enumerateDevices()`. */
  microphoneId?: string | undefined;
  speakerId?: string | undefined;
  micRate?: MicRate;
  speechRate?: SpeechRate;
  /** There is no microphone, or none any more: the person can type, and hears the coach all the same. */
  onMicrophoneProblem?: (problem: MicrophoneProblem) => void;
}

export interface BrowserAudio extends AudioIO {
  /** Another microphone from now on; '' for the system's choice. */
  chooseMicrophone(deviceId: string): Promise<void>;
  /** Another loudspeaker from now on; '' for the system's choice. Nothing happens where browsers can't. */
  chooseSpeaker(deviceId: string): Promise<void>;
  /** How loud the coach is at this moment, root mean square, 0 to 1. */
  loudness(): number;
}

interface Devices {
  context: AudioContext;
  speaker: Speaker;
  microphone?: Microphone;
  unwatch: () => void;
}

/**
 * The browser's microphone and loudspeaker. Call `start` inside a click, before any await: it creates the context, which
 * browsers keep silent otherwise. A microphone that is refused or missing is no failure of `start`: its result has no
 * `in`, and `onMicrophoneProblem` says why.
 */
export function createBrowserAudio(options: BrowserAudioOptions): BrowserAudio {
  const { workletUrl, micRate = 16_000, speechRate = 24_000, onMicrophoneProblem = () => {} } = options;
  let onPosition: (position: PlaybackPosition) => void = () => {};
  let onInterruption: (interrupted: boolean) => void = () => {};
  let onRoute: (route: string) => void = () => {};
  let onFrame: (pcm: Int16Array) => void = () => {};
  let devices: Devices | undefined;
  let life = new AbortController();
  let { microphoneId } = options;

  const listen = (context: AudioContext, stream: MediaStream): Microphone =>
    openMicrophone(context, stream, {
      rate: micRate,
      frameSamples: (micRate * FRAME_MS) / 1000,
      onFrame: (pcm) => onFrame(pcm),
      onLost: () => void replaceMicrophone(),
    });

  /** The microphone was unplugged, or another one chosen: go on with the one that is right now. */
  const replaceMicrophone = async () => {
    const current = devices;
    if (current === undefined) return;
    current.microphone?.stop();
    delete current.microphone;
    const { signal } = life;
    const stream = await askForMicrophone({ signal, deviceId: microphoneId, onProblem: onMicrophoneProblem });
    if (stream === undefined) return;
    current.microphone = listen(current.context, stream);
    if (current.microphone.label !== '') onRoute(current.microphone.label);
  };

  return {
    async start(receive) {
      onFrame = receive;
      life = new AbortController();
      const { signal } = life;
      // The rate is the device's: Firefox refuses to join a microphone and a context of different rates.
      const context = new AudioContext({ latencyHint: 'interactive' });
      signal.addEventListener('abort', () => void context.close());
      void context.resume().catch(() => {});
      const asked =
        options.microphone === false
          ? undefined
          : askForMicrophone({ signal, deviceId: microphoneId, onProblem: onMicrophoneProblem });
      if (options.speakerId) await sendTo(context, options.speakerId);
      await context.audioWorklet.addModule(workletUrl);
      signal.throwIfAborted();
      const speaker = openSpeaker(context, speechRate, (position) => onPosition(position));
      const unwatch = watchContext(context, (interrupted) => onInterruption(interrupted));
      const current: Devices = { context, speaker, unwatch };
      devices = current;
      // The person may take a minute to answer the browser's question.
      const stream = await asked;
      signal.throwIfAborted();
      const format: AudioFormat = { out: { rate: speechRate } };
      if (stream === undefined) return format;
      current.microphone = listen(context, stream);
      return { ...format, in: { rate: micRate } };
    },
    play: (turn, pcm) => devices?.speaker.play(turn, pcm),
    end: (turn) => devices?.speaker.end(turn),
    clear: async () => (await devices?.speaker.clear()) ?? { turn: 0, playedSamples: 0 },
    onPosition: (fn) => void (onPosition = fn),
    onInterruption: (fn) => void (onInterruption = fn),
    onRoute: (fn) => void (onRoute = fn),
    async chooseMicrophone(deviceId) {
      microphoneId = deviceId || undefined;
      if (devices?.microphone) await replaceMicrophone();
    },
    async chooseSpeaker(deviceId) {
      if (devices) await sendTo(devices.context, deviceId);
    },
    loudness: () => devices?.speaker.loudness() ?? 0,
    async stop() {
      life.abort();
      devices?.unwatch();
      devices?.microphone?.stop();
      devices?.speaker.stop();
      devices = undefined;
    },
  };
}

/** The stream, or undefined when there is none or it came too late. */
async function askForMicrophone({
  signal,
  deviceId,
  onProblem,
}: {
  signal: AbortSignal;
  deviceId: string | undefined;
  onProblem: (problem: MicrophoneProblem) => void;
}): Promise<MediaStream | undefined> {
  try {
    const stream = await requestMicrophone(deviceId);
    if (!signal.aborted) return stream;
    for (const track of stream.getTracks()) track.stop();
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    if (!signal.aborted) onProblem(error.problem);
  }
  return undefined;
}

/** A part of the Audio Output Devices API that TypeScript does not know, and Firefox and Safari not yet. */
interface SinkContext {
  setSinkId?: (deviceId: string) => Promise<void>;
}

export const canChooseSpeaker = (): boolean => 'AudioContext' in globalThis && 'setSinkId' in AudioContext.prototype;

/** A loudspeaker that is gone, or that the person may not use: the system's choice stays. */
async function sendTo(context: AudioContext, deviceId: string): Promise<void> {
  await (context as SinkContext).setSinkId?.(deviceId).catch(() => {});
}
