import { signal } from '@preact/signals-core';
import type { Recap } from '../../../../protocol/messages.ts';
import { getRecap, rateSession } from '../history.ts';
import type { RestOptions } from '../rest.ts';

export interface Api {
  server: () => string;
  rest: () => RestOptions;
}

/** A session that was cut off at its end writes its recap a moment later. */
const TRIES = 6;
const WAIT_MS = 800;

/** The recap of the session that is over, and its rating. */
export function createRecapOf({ server, rest }: Api) {
  const sessionId = signal<string | undefined>(undefined);
  const recap = signal<Recap | undefined>(undefined);
  /** `none`: there is none, and none will come. */
  const finding = signal<'none' | 'looking' | 'found'>('none');
  let current = 0;
  return {
    sessionId,
    recap,
    finding,
    async find(id: string | undefined, known: Recap | undefined) {
      const mine = ++current;
      sessionId.value = id;
      recap.value = known;
      finding.value = known ? 'found' : 'looking';
      for (let tries = 0; id !== undefined && mine === current && recap.value === undefined && tries < TRIES; tries++) {
        const found = await getRecap(server(), id, rest()).catch(() => undefined);
        if (mine !== current) return;
        recap.value = found;
        if (!found) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      }
      if (mine === current) finding.value = recap.value ? 'found' : 'none';
    },
    rate: async (rating: number, feedback: string) => {
      const { value: id } = sessionId;
      if (id !== undefined) await rateSession(server(), id, { rating, feedback: feedback.trim() || null }, rest());
    },
    clear() {
      current++;
      sessionId.value = recap.value = undefined;
      finding.value = 'none';
    },
  };
}
