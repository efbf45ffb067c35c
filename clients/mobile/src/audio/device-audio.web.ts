/** The browser's microphone and loudspeaker: the engine of the page. */
import { createBrowserAudio } from '../../../browser/src/audio-io.ts';
import type { ScreenAudio } from '../../../core/src/screen/index.ts';
import type { DeviceAudioOptions } from './device-audio-options.ts';

/** Made of the browser client's worklet by `npm run worklet`. */
const WORKLET = 'audio-worklet.js';

export function createDeviceAudio({ voice, saveData, ...options }: DeviceAudioOptions): ScreenAudio {
  const audio = createBrowserAudio({
    ...options,
    workletUrl: new URL(WORKLET, document.baseURI).href,
    speechRate: saveData ? 16_000 : 24_000,
  });
  return {
    ...audio,
    async start(onFrame) {
      const { in: microphone, out } = await audio.start(onFrame);
      return { ...(microphone && { in: microphone }), ...(voice && out && { out }) };
    },
  };
}
