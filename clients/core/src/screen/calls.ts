/** Whom somebody who spoke of harm can call, as a screen shows it. */
import type { ServerMessageOf } from '../../../../protocol/messages.ts';

export interface Call {
  name: string;
  number: string;
  /** `tel:…`, to be dialled. */
  link: string;
  /** When somebody answers, or when to call. */
  note: string;
}

/** Of a catalogue: what stands beside the numbers. */
export interface CallWords {
  always: string;
  hours: (hours: string) => string;
  emergency: string;
  danger: string;
}

export function callsOf({ lines, emergency }: ServerMessageOf<'care'>, words: CallWords): Call[] {
  const calls = lines.map(({ name, number, hours }) =>
    callTo(name, number, hours === '24/7' ? words.always : words.hours(hours)),
  );
  return emergency === undefined ? calls : [...calls, callTo(words.emergency, emergency, words.danger)];
}

const callTo = (name: string, number: string, note: string): Call => ({
  name,
  number,
  link: `tel:${number.replaceAll(/[^+\d]/g, '')}`,
  note,
});
