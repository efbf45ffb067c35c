/** What the app remembers: in the keychain of iOS, or encrypted by Android's keystore. Nothing goes into backups. */
import * as SecureStore from 'expo-secure-store';
import type { Store } from './store-types.ts';

/** Also after a restart, before the phone was first unlocked? No: somebody has to be there. */
const OPTIONS = { keychainAccessible: SecureStore.WHEN_UNLOCKED_THIS_DEVICE_ONLY };

export const store: Store = {
  isSecure: true,
  get: async (key) => (await SecureStore.getItemAsync(key, OPTIONS)) ?? undefined,
  set: (key, value) => SecureStore.setItemAsync(key, value, OPTIONS),
  remove: (key) => SecureStore.deleteItemAsync(key, OPTIONS),
};
