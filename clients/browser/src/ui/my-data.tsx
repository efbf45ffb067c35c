/** What is kept of the person: all of it to take along, or to be gone. Guests have it as well as who signed in. */
import { useEffect, useState } from 'preact/hooks';
import { RestError } from '../../../core/src/rest.ts';
import { deleteMe, exportMe } from '../../../core/src/privacy.ts';
import { dateTime } from '../../../core/src/screen/format.ts';
import styles from '../styles/privacy.css?inline';
import { privacyWords, type PrivacyWords } from '../words/privacy.ts';
import { accountOf } from './account.ts';
import { consentOf } from './consent.ts';
import { Dialog } from './dialog.tsx';
import type { Model } from './model.ts';

type Outcome = keyof Pick<PrivacyWords, 'busy' | 'saved' | 'removed' | 'nothing' | 'failed'>;

export function MyDataDialog({ model }: { model: Model }) {
  model.adopt(styles);
  const words = privacyWords(model.lang.value);
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined);
  const [isRemoving, setRemoving] = useState(false);
  const isBusy = outcome === 'busy';
  const attempt = async (work: () => Promise<Outcome>) => {
    setOutcome('busy');
    setOutcome(await work().catch((error: unknown) => (isMissing(error) ? 'nothing' : 'failed')));
  };
  const remove = () => {
    setRemoving(false);
    void attempt(() => removeAll(model));
  };
  const close = () => (model.dialog.value = undefined);
  if (isRemoving) {
    return (
      <Dialog key="remove" title={words.removeTitle} class="my-data" onCancel={() => setRemoving(false)}>
        <p>{words.removeHint}</p>
        <p>{words.removeLead}</p>
        <div class="choices">
          <button type="button" class="primary danger" onClick={remove}>
            {words.removeNow}
          </button>
          <button type="button" class="secondary" autofocus onClick={() => setRemoving(false)}>
            {model.words.value.cancel}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog key="data" title={words.mine} class="my-data" onCancel={close}>
      <p>{words.mineLead}</p>
      <button type="button" class="secondary" disabled={isBusy} onClick={() => void attempt(() => download(model))}>
        {words.exportIt}
      </button>
      <p class="hint">{words.exportHint}</p>
      <button type="button" class="secondary remove-all" disabled={isBusy} onClick={() => setRemoving(true)}>
        {words.remove}
      </button>
      <p class="hint">{words.removeHint}</p>
      <p role="status">{outcome && words[outcome]}</p>
      <ConsentText model={model} words={words} />
      <div class="choices">
        <button type="button" class="quiet" onClick={close}>
          {model.words.value.close}
        </button>
      </div>
    </Dialog>
  );
}

function ConsentText({ model, words }: { model: Model; words: PrivacyWords }) {
  const consent = consentOf(model);
  useEffect(() => void consent.load(), []);
  const text = consent.text.value;
  if (!text) return null;
  return (
    <details>
      <summary>{words.consentRead}</summary>
      <div class="consent-text" role="group" aria-label={words.consentRead} tabIndex={0}>
        {text.text}
      </div>
      {text.givenAt !== null && <p class="hint">{words.consentGiven(dateTime(text.givenAt, model.lang.value))}</p>}
    </details>
  );
}

async function download(model: Model): Promise<Outcome> {
  const answer = await exportMe(model.server.value, model.rest());
  const zip = await answer.blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(zip);
  link.download = `kuku-coach-${new Date().toISOString().slice(0, 10)}.zip`;
  link.click();
  URL.revokeObjectURL(link.href);
  return 'saved';
}

/** What is on the screen goes, too. */
async function removeAll(model: Model): Promise<Outcome> {
  await model.conversation.value?.leave();
  await deleteMe(model.server.value, model.rest());
  model.forgetOpen();
  model.recap.clear();
  model.history.lookedAt.value = model.history.sessions.value = undefined;
  model.home();
  await Promise.all([accountOf(model).look(), consentOf(model).load()]);
  model.dialog.value = 'data';
  return 'removed';
}

const isMissing = (error: unknown) => error instanceof RestError && error.status === 404;
