/** Measures the rules on a labelled set: precision and recall of each intent, and what was read wrongly. */
import { readWrapUpIntent, WRAP_UP_INTENTS, type WrapUpIntent } from '../../../server/coaching/wrap-up.ts';
import type { LabelledUtterance } from './wrap-up-set.ts';

export interface Score {
  intent: WrapUpIntent;
  count: number;
  precision: number;
  recall: number;
}

export interface Measured {
  scores: Partial<Record<WrapUpIntent, Score>>;
  wrong: string[];
  /** Read as a yes, or as a request, and are none. */
  falseEnds: string[];
  falseRequests: string[];
}

/** As a recogniser without punctuation writes it. */
export const asHeard = (text: string) =>
  text
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}' ]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();

/** An utterance as it is written. A question mark can be all that tells "Yes?" from "yes", so only words are changed. */
export function measure(set: readonly LabelledUtterance[], write: (text: string) => string, language = 'en'): Measured {
  const read = set.map((utterance) => ({
    ...utterance,
    got: readWrapUpIntent(write(utterance.text), { phase: utterance.phase, language }).intent,
  }));
  const wrong = read.filter(({ intent, got }) => intent !== got);
  const line = ({ phase, intent, got, text }: (typeof read)[number]) => `${phase}: ${intent} read as ${got}: ${text}`;
  const scores = WRAP_UP_INTENTS.flatMap((intent): Score[] => {
    const count = read.filter((one) => one.intent === intent).length;
    const right = read.filter((one) => one.intent === intent && one.got === intent).length;
    const named = read.filter((one) => one.got === intent).length;
    return count === 0 ? [] : [{ intent, count, precision: named === 0 ? 1 : right / named, recall: right / count }];
  });
  return {
    scores: Object.fromEntries(scores.map((score) => [score.intent, score])),
    wrong: wrong.map(line),
    falseEnds: wrong.filter(({ got }) => got === 'yes').map(line),
    falseRequests: wrong.filter(({ got }) => got === 'request').map(line),
  };
}

export function tableOf(name: string, { scores }: Measured): string {
  const rows = Object.values(scores).map(
    ({ intent, count, precision, recall }) =>
      `  ${intent.padEnd(12)} ${String(count).padStart(4)}   ${percent(precision)}     ${percent(recall)}`,
  );
  return [name, '  intent       said   precision  recall', ...rows].join('\n');
}

const percent = (share: number) => `${(share * 100).toFixed(1).padStart(5)} %`;
