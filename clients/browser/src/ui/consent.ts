/** What people agree to before their first talk. */
import { computed, effect, signal } from '@preact/signals';
import { getConsent, type ConsentBody } from '../../../core/src/privacy.ts';
import { accountOf } from './account.ts';
import type { Model } from './model.ts';

/** Who waits to talk waits for this. */
const ANSWER_MS = 5000;

export type Consent = ReturnType<typeof createConsent>;

function createConsent(model: Model) {
  const { agreed, attributes, server } = model;
  const { me } = accountOf(model);
  const text = signal<ConsentBody | undefined>(undefined);
  const load = async () => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const found = await getConsent(server.value, { ...model.rest(), signal }).catch(() => undefined);
    text.value = found;
    // What can't be read is not asked here: the server refuses to start where it must be.
    agreed.value = found && found.givenAt === null ? undefined : {};
  };
  /** Whose agreement it is. */
  const person = computed(() => me.value && [server.value, attributes.value.token, me.value.user?.id].join(' '));
  effect(() => {
    if (person.value === undefined) return;
    // Who has to sign in first is asked then, under their own name.
    if (me.peek()?.user === null && !me.peek()?.guests) agreed.value = {};
    else void load();
  });
  return { text, load };
}

const consents = new WeakMap<Model, Consent>();

/** The same for all that ask about one element. */
export function consentOf(model: Model): Consent {
  const consent = consents.get(model) ?? createConsent(model);
  consents.set(model, consent);
  return consent;
}
