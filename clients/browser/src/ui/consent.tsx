/** Before the first talk, and when the text has changed: what happens to one's words, to be agreed to. */
import { useEffect } from 'preact/hooks';
import styles from '../styles/privacy.css?inline';
import { privacyWords } from '../words/privacy.ts';
import { consentOf, type Consent } from './consent.ts';
import { Dialog } from './dialog.tsx';
import type { Model } from './model.ts';

/** Always there, so that the text is known before the first click. */
export function ConsentGate({ model }: { model: Model }) {
  model.adopt(styles);
  const consent = consentOf(model);
  return model.dialog.value === 'consent' ? <ConsentDialog model={model} consent={consent} /> : null;
}

function ConsentDialog({ model, consent }: { model: Model; consent: Consent }) {
  const { agreed, dialog, lang } = model;
  const words = privacyWords(lang.value);
  const text = consent.text.value;
  // It may have changed since the page was opened.
  useEffect(() => void consent.load(), []);
  // There is nothing to agree to after all.
  const isAgreed = agreed.value !== undefined;
  useEffect(() => {
    if (isAgreed) model.agree();
  }, [isAgreed]);
  if (!text || isAgreed) return null;
  return (
    <Dialog title={words.consentTitle} class="consent" onCancel={() => (dialog.value = undefined)}>
      <p>{words.consentLead}</p>
      <div class="consent-text" role="group" aria-label={words.consentTitle} tabIndex={0}>
        {text.text}
      </div>
      <div class="choices">
        <button type="button" class="primary" autofocus onClick={() => model.agree(text.version)}>
          {words.agree}
        </button>
        <button type="button" class="quiet" onClick={() => (dialog.value = undefined)}>
          {words.notNow}
        </button>
      </div>
    </Dialog>
  );
}
