/** What the phone does to a conversation. */
import { activateKeepAwakeAsync, deactivateKeepAwake } from 'expo-keep-awake';
import * as Network from 'expo-network';
import { AppState } from 'react-native';

const TAG = 'kuku-talk';

/**
 * Keeps the screen on, and calls `probe` when the app comes to the front or the network changes (airplane mode and
 * back, Wi-Fi to cellular): a half-open link gives no close event. The result ends it.
 */
export function watchConversation(probe: () => void): () => void {
  const app = AppState.addEventListener('change', (state) => {
    if (state === 'active') probe();
  });
  const network = Network.addNetworkStateListener(({ isConnected }) => {
    if (isConnected) probe();
  });
  void activateKeepAwakeAsync(TAG).catch(() => {});
  return () => {
    app.remove();
    network.remove();
    void deactivateKeepAwake(TAG).catch(() => {});
  };
}
