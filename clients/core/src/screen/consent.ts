/** What people agree to before their first session with a server. */
import { signal } from '@preact/signals-core';
import type { NewSession } from '../../../../protocol/rest.ts';
import { getConsent, type ConsentBody } from '../privacy.ts';
import type { Api } from './recap-of.ts';

/** Who waits to talk waits for this. */
const ANSWER_MS = 5000;

/** To be sent along with the wish for a session; undefined: the person is to be asked before a new one. */
export type Agreed = Pick<NewSession, 'consent'> | undefined;

export function createConsent({ server, rest }: Api, agreed = signal<Agreed>(undefined)) {
  const text = signal<ConsentBody | undefined>(undefined);
  let current = 0;
  return {
    text,
    agreed,
    /** Asks the server anew: its text may have changed, or the person be another one. The newest question wins. */
    async load() {
      const mine = ++current;
      agreed.value = undefined;
      // React Native has no `AbortSignal.timeout`.
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), ANSWER_MS);
      const found = await getConsent(server(), { ...rest(), signal: abort.signal }).catch(() => undefined);
      clearTimeout(timer);
      if (mine !== current) return;
      text.value = found;
      // What can't be read is not asked here: the server refuses to start where it must be.
      agreed.value = found && found.givenAt === null ? undefined : {};
    },
  };
}
