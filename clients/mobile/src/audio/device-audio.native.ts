/** The phone's microphone and loudspeaker. */
import * as native from '@speechmatics/expo-two-way-audio';
import { AppState } from 'react-native';
import { systemClock } from '../../../core/src/clock.ts';
import type { DeviceAudioOptions } from './device-audio-options.ts';
import { createNativeAudio, type NativeAudio } from './native-audio.ts';

export function createDeviceAudio(options: DeviceAudioOptions): NativeAudio {
  const onForeground = (fn: () => void) => {
    const subscription = AppState.addEventListener('change', (state) => {
      if (state === 'active') fn();
    });
    return () => subscription.remove();
  };
  return createNativeAudio({ ...options, native, clock: systemClock, onForeground });
}
