import type { MicrophoneProblem } from '../../../core/src/screen/index.ts';

export interface DeviceAudioOptions {
  /** False: the person types, and the microphone is not asked for. */
  microphone: boolean;
  /** False: the coach is read, not heard, and no speech is sent. */
  voice: boolean;
  /** 16 kHz both ways, where there is a choice: a third less to fetch. */
  saveData: boolean;
  onMicrophoneProblem: (problem: MicrophoneProblem) => void;
}
