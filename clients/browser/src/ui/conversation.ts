/** One conversation in a browser: that of clients/core, with the browser's devices. */
import * as screen from '../../../core/src/screen/conversation.ts';
import { createBrowserAudio, type BrowserAudio } from '../audio-io.ts';
import workletUrl from '../audio-worklet.ts?worker&url';
import { keepAwake, watchConnection } from '../page-life.ts';

type Given = 'server' | 'token' | 'microphone' | 'sessionId' | 'wishes' | 'muted' | 'voice' | 'tell';

export interface ConversationOptions extends Pick<screen.ConversationOptions<BrowserAudio>, Given> {
  devices: { microphoneId: string; speakerId: string };
}

export type Conversation = screen.Conversation<BrowserAudio>;

/** Has the worklet in the browser's cache before it is needed: the start is quicker, and says the right thing offline. */
export function prepareSound(): void {
  fetch(workletUrl).catch(() => {});
}

/** Starts at once: call it inside a click, so that the browser allows sound. */
export function startConversation({ devices, ...options }: ConversationOptions): Conversation {
  const { microphone } = options;
  return screen.startConversation({
    ...options,
    client: { name: 'kuku-web', version: '0.1.0' },
    createAudio: (onMicrophoneProblem) =>
      createBrowserAudio({ workletUrl, microphone, ...devices, onMicrophoneProblem }),
    watch(probe) {
      const ends = [watchConnection(probe), keepAwake()];
      return () => {
        for (const end of ends) end();
      };
    },
  });
}
