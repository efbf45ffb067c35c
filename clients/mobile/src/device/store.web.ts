/** In a browser there is no safe place: a sign-in lives as long as its tab, preferences longer. */
import type { Store } from './store-types.ts';

const placeOf = (key: string): Storage => (key === 'preferences' ? localStorage : sessionStorage);

export const store: Store = {
  isSecure: false,
  get: async (key) => placeOf(key).getItem(`kuku.${key}`) ?? undefined,
  set: async (key, value) => placeOf(key).setItem(`kuku.${key}`, value),
  remove: async (key) => placeOf(key).removeItem(`kuku.${key}`),
};
