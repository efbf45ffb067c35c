/** Between the wish to talk and a new session: that the person agrees to what happens to their words. */
import { signal } from '@preact/signals-core';
import { createConsent, type Api } from '../../core/src/screen/index.ts';
import type { Start } from './model.ts';

/** `begin` starts what was wished, once there is nothing to agree to any more. */
export function createConsentGate(api: Api, begin: (wish: Start) => void) {
  const { text, agreed, load } = createConsent(api);
  /** Waits for the server to say whether there is something to agree to, and then for the person. */
  const wish = signal<Start | undefined>(undefined);
  const declined = signal(false);
  const goOn = () => {
    const { value: wished } = wish;
    wish.value = undefined;
    if (wished) begin(wished);
  };
  return {
    text,
    agreed,
    wish,
    declined,
    /** Asks the server anew. Nobody is shown the text of before meanwhile: it may be another server's. */
    async look() {
      text.value = undefined;
      declined.value = false;
      await load();
      if (agreed.value) goOn();
    },
    pass(wished: Start) {
      declined.value = false;
      wish.value = wished;
      if (wished.sessionId !== undefined || agreed.value) goOn();
    },
    /** Call it in the person's tap, so that a browser allows sound. */
    agree() {
      const { value: shown } = text;
      if (!shown) return;
      agreed.value = { consent: shown.version };
      goOn();
    },
    decline() {
      wish.value = undefined;
      declined.value = true;
    },
  };
}
