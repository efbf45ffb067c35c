import type { MicrophoneProblem } from '../../core/src/screen/conversation.ts';
import { CAPTURE_PROCESSOR, type CaptureOptions } from './worklet-messages.ts';

export type { MicrophoneProblem };

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(`no microphone: ${problem}`, { cause });
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

export interface MicrophoneOptions extends CaptureOptions {
  onFrame: (pcm: Int16Array) => void;
  /** The device is gone (unplugged, or taken back in the browser's settings). Not after `stop`. */
  onLost: () => void;
}

export interface Microphone {
  /** The device's name, as the person knows it. */
  readonly label: string;
  stop(): void;
}

const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: { ideal: 1 },
  // Without it the coach hears itself and stops at each of its own words.
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** Asks the person for the microphone, that one if it is there. Throws a `MicrophoneError`. */
export async function requestMicrophone(deviceId?: string): Promise<MediaStream> {
  // Browsers hide it from pages that did not come over HTTPS or from this machine.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new MicrophoneError('insecure');
  try {
    const audio = deviceId === undefined ? CONSTRAINTS : { ...CONSTRAINTS, deviceId: { ideal: deviceId } };
    return await devices.getUserMedia({ audio });
  } catch (error) {
    throw new MicrophoneError(problemOf(error), error);
  }
}

/** The names are those of the Media Capture specification, `getUserMedia()`. */
function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'missing';
}

/** Frames of a granted microphone; the capture worklet must have been added to the context. */
export function openMicrophone(context: AudioContext, stream: MediaStream, options: MicrophoneOptions): Microphone {
  const { rate, frameSamples, onFrame, onLost } = options;
  const processorOptions: CaptureOptions = { rate, frameSamples };
  const node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
    processorOptions,
  });
  const receive = ({ data }: MessageEvent<Int16Array>) => onFrame(data);
  node.port.addEventListener('message', receive);
  node.port.start();
  const source = context.createMediaStreamSource(stream);
  source.connect(node);
  const track = stream.getAudioTracks()[0];
  console.debug('microphone', track?.getSettings());
  track?.addEventListener('ended', onLost);
  return {
    label: track?.label ?? '',
    stop() {
      track?.removeEventListener('ended', onLost);
      node.port.removeEventListener('message', receive);
      source.disconnect();
      node.port.postMessage('stop');
      for (const each of stream.getTracks()) each.stop();
    },
  };
}
