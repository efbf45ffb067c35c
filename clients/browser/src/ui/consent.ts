/** What people agree to before their first talk. */
import { computed, effect } from '@preact/signals';
import { createConsent } from '../../../core/src/screen/consent.ts';
import { accountOf } from './account.ts';
import type { Model } from './model.ts';

export type Consent = ReturnType<typeof watchConsent>;

function watchConsent(model: Model) {
  const { agreed, attributes, rest, server } = model;
  const { me } = accountOf(model);
  const consent = createConsent({ server: () => server.value, rest }, agreed);
  /** Whose agreement it is. */
  const person = computed(() => me.value && [server.value, attributes.value.token, me.value.user?.id].join(' '));
  effect(() => {
    if (person.value === undefined) return;
    // Who has to sign in first is asked then, under their own name.
    if (me.peek()?.user === null && !me.peek()?.guests) agreed.value = {};
    else void consent.load();
  });
  return consent;
}

const consents = new WeakMap<Model, Consent>();

/** The same for all that ask about one element. */
export function consentOf(model: Model): Consent {
  const consent = consents.get(model) ?? watchConsent(model);
  consents.set(model, consent);
  return consent;
}
