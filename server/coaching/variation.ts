/** Chooses among phrasings: by the conversation's hash, never the one used last. */
import { type Memo, remember } from './memo.ts';
import { hashText } from './speech-text.ts';

/** One of `forms` that was not used lately, remembered as used. Changes `memo`. */
export function choose(forms: readonly string[], memo: Memo, seed: number): string {
  const fresh = forms.filter((form) => !memo.recent.includes(keyOf(form)));
  const from = fresh.length > 0 ? fresh : forms.filter((form) => keyOf(form) !== memo.recent.at(-1));
  const form = from[seed % Math.max(1, from.length)] ?? forms[0] ?? '';
  const key = keyOf(form);
  memo.recent = memo.recent.filter((one) => one !== key);
  remember(memo, 'recent', key);
  return form;
}

function keyOf(form: string): string {
  return hashText(form).toString(36);
}
