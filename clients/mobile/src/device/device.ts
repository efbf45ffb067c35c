/** The device as it is. */
import * as Linking from 'expo-linking';
import { getLocales } from 'expo-localization';
import * as Network from 'expo-network';
import { createDeviceAudio } from '../audio/device-audio';
import type { Device } from '../model.ts';
import { deviceFetch } from './fetch';
import { watchConversation } from './life';
import { createNotifier } from './notifier';
import { store } from './store';

export const device: Device = {
  store,
  languages: getLocales().map(({ languageTag }) => languageTag),
  createAudio: createDeviceAudio,
  watch: watchConversation,
  createNotifier,
  watchNetwork(fn) {
    // What is not known counts as online.
    const tell = ({ isConnected, type }: Network.NetworkState) =>
      fn({ online: isConnected !== false, cellular: type === Network.NetworkStateType.CELLULAR });
    void Network.getNetworkStateAsync().then(tell, () => {});
    const subscription = Network.addNetworkStateListener(tell);
    return () => subscription.remove();
  },
  WebSocket: globalThis.WebSocket,
  fetch: deviceFetch,
  firstLink: () => Linking.getInitialURL(),
  onLink(fn) {
    const subscription = Linking.addEventListener('url', ({ url }) => fn(url));
    return () => subscription.remove();
  },
};
