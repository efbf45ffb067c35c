/**
 * `npm run train:care`: trains the models of `server/coaching/danger-model.ts` on the phrases in `danger-phrases/`, our own
 * set and its held-out half, and on ordinary talk; and says by five folds what they make of phrases they have not seen.
 * `safety-newcomers.ts` is not among them: it is what the result is measured by.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { featuresOf, likelihood, scaleOf, wordsIn, type DangerModel } from '../../../server/coaching/danger-model.ts';
import { evened, readOutrightDanger } from '../../../server/coaching/safety.ts';
import { PERSONAS } from './personas.ts';
import * as heldOut from './safety-held-out.ts';
import * as own from './safety-set.ts';
import { heldOutSet } from './wrap-up-held-out.ts';
import { moreUtterances, neverYes } from './wrap-up-set-more.ts';
import { newcomersSet } from './wrap-up-set-newcomers.ts';
import { speakersSet } from './wrap-up-set-speakers.ts';
import { neverYesEither, strangersSet } from './wrap-up-set-strangers.ts';
import { wrapUpSet } from './wrap-up-set.ts';

const CLASSES = ['calm', 'self', 'others'] as const;
type Class = (typeof CLASSES)[number];

interface Sample {
  is: Class;
  /** Numbers of its features. */
  features: Int32Array;
  names: readonly string[];
  scale: number;
  weight: number;
  ordinary: boolean;
}

interface Phrases extends Record<Class, string[]> {
  ordinary: string[];
}

const FOLDS = 5;
const ROUNDS = 300;
const RATE = 1;
const DECAY = 2e-5;
/** Features of fewer phrases say nothing of others. */
const MIN_PHRASES = 2;
/** Thousandths; less is not worth its place in the file. */
const MIN_WEIGHT = 100;
/** So much of what is calm may be taken for danger: of ordinary talk, and of what uses the same words. */
const ALARMS = { ordinary: 0.004, alike: 0.1 };

// Some of it is there because it must never end a session, and is no ordinary talk at all.
const ordinary = [
  ...[wrapUpSet, heldOutSet, moreUtterances, newcomersSet, speakersSet, strangersSet].flat().map(({ text }) => text),
  ...neverYes,
  ...neverYesEither,
  ...Object.values(PERSONAS).flat(),
].filter((text) => readOutrightDanger(text) === undefined);

/** What was written to be learnt from: the language, a number, and phrases by what they are. */
function authored(language: 'en' | 'de'): Record<Class, string[]>[] {
  const folder = new URL('danger-phrases/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.startsWith(`${language}-`));
  return files.toSorted().map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

function joined(...sets: Partial<Phrases>[]): Phrases {
  const all = (name: keyof Phrases) => [...new Set(sets.flatMap((set) => set[name] ?? []))];
  return { calm: all('calm'), self: all('self'), others: all('others'), ordinary: all('ordinary') };
}

const PHRASES = {
  en: joined(
    ...authored('en'),
    { self: [...own.CARE_EN_SELF, ...heldOut.HELD_OUT_CARE_EN], others: [...own.CARE_EN_OTHERS] },
    { calm: [...own.CALM_EN, ...heldOut.HELD_OUT_CALM_EN], ordinary },
  ),
  de: joined(
    ...authored('de'),
    { self: [...own.CARE_DE, ...heldOut.HELD_OUT_CARE_DE] },
    { calm: [...own.CALM_DE, ...heldOut.HELD_OUT_CALM_DE], ordinary },
  ),
};

function samplesOf(phrases: Phrases, language: 'en' | 'de'): { samples: Sample[]; names: string[] } {
  const labelled = [
    ...CLASSES.flatMap((is) => phrases[is].map((text) => ({ is, text, ordinary: false }))),
    ...phrases.ordinary.map((text) => ({ is: 'calm' as const, text, ordinary: true })),
  ].map(({ is, text, ordinary: isOrdinary }) => {
    return { is, isOrdinary, names: featuresOf(wordsIn(evened(text, language))) };
  });
  const counts = new Map<string, number>();
  for (const { names } of labelled) for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const numbers = new Map([...counts].filter(([, n]) => n >= MIN_PHRASES).map(([name], i) => [name, i]));
  const danger = labelled.filter(({ is }) => is !== 'calm').length;
  const samples = labelled.map(({ is, names, isOrdinary }) => ({
    is,
    names,
    ordinary: isOrdinary,
    features: Int32Array.from(names.flatMap((name) => numbers.get(name) ?? [])),
    scale: scaleOf(names.length),
    // As much calm as danger, but for the threshold.
    weight: is === 'calm' ? danger / (labelled.length - danger) : 1,
  }));
  return { samples, names: [...numbers.keys()] };
}

/** Multinomial logistic regression with calm as the reference, by RMSProp on all samples at once: no chance in it. */
function train(samples: readonly Sample[], names: readonly string[]): Omit<DangerModel, 'threshold'> {
  const size = names.length + 1;
  const bias = size - 1;
  const weights = [new Float64Array(size), new Float64Array(size)] as const;
  const squares = [new Float64Array(size).fill(1e-3), new Float64Array(size).fill(1e-3)] as const;
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = weights.map((w) => w.map((value, i) => (i === bias ? 0 : DECAY * value)));
    for (const { is, features, scale, weight } of samples) {
      const [a, b] = weights.map((w) => {
        let sum = 0;
        for (const f of features) sum += w[f] ?? 0;
        return Math.exp((w[bias] ?? 0) + scale * sum);
      });
      const whole = 1 + (a ?? 0) + (b ?? 0);
      for (const [k, odds] of [a, b].entries()) {
        const slope = slopes[k] as Float64Array;
        const error = ((odds ?? 0) / whole - (is === CLASSES[k + 1] ? 1 : 0)) * (weight / total);
        for (const f of features) slope[f] = (slope[f] ?? 0) + error * scale;
        slope[bias] = (slope[bias] ?? 0) + error;
      }
    }
    for (const [k, w] of weights.entries()) {
      for (let i = 0; i < size; i++) {
        const slope = slopes[k]?.[i] ?? 0;
        const square = ((squares[k] as Float64Array)[i] = (squares[k]?.[i] ?? 0) * 0.95 + slope * slope);
        w[i] = (w[i] ?? 0) - (RATE * 0.1 * slope) / Math.sqrt(square + 1e-9);
      }
    }
  }
  const thousandths = (k: 0 | 1, i: number) => Math.round((weights[k][i] ?? 0) * 1000);
  const told = names.map((name, i) => [name, [thousandths(0, i), thousandths(1, i)]] as const);
  const kept = told.filter(([, [a, b]]) => Math.abs(a) + Math.abs(b) >= MIN_WEIGHT);
  return {
    bias: [weights[0][bias] ?? 0, weights[1][bias] ?? 0].map((value) => Math.round(value * 1000) / 1000) as [
      number,
      number,
    ],
    weights: Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

interface Scored extends Sample {
  danger: number;
}

function score(samples: readonly Sample[], model: Omit<DangerModel, 'threshold'>): Scored[] {
  return samples.map((sample) => {
    const { self, others } = likelihood(sample.names, { ...model, threshold: 0 });
    return { ...sample, danger: self + others };
  });
}

/** The lowest with no more false alarms. */
function thresholdFor(scored: readonly Scored[]): number {
  const calm = scored.filter(({ is }) => is === 'calm');
  const exceeded = (of: readonly Scored[], share: number) =>
    of.map(({ danger }) => danger).toSorted((a, b) => b - a)[Math.floor(of.length * share)] ?? 1;
  const ordinaryTalk = calm.filter((one) => one.ordinary);
  const alike = calm.filter((one) => !one.ordinary);
  const limits = [exceeded(ordinaryTalk, ALARMS.ordinary), exceeded(alike, ALARMS.alike)];
  return (Math.floor(Math.max(...limits) * 1000) + 1) / 1000;
}

for (const language of ['en', 'de'] as const) {
  const { samples, names } = samplesOf(PHRASES[language], language);
  const unseen = Array.from({ length: FOLDS }, (_, fold) => {
    const isIn = (i: number) => i % FOLDS === fold;
    return score(
      samples.filter((_sample, i) => isIn(i)),
      train(
        samples.filter((_sample, i) => !isIn(i)),
        names,
      ),
    );
  }).flat();
  const threshold = thresholdFor(unseen);
  const share = (of: readonly Scored[]) => of.filter(({ danger }) => danger >= threshold).length / of.length;
  const percent = (of: readonly Scored[]) => `${(share(of) * 100).toFixed(1)} % of ${of.length}`;
  const model = { threshold, ...train(samples, names) };
  console.log(
    `${language}: ${Object.keys(model.weights).length} features, threshold ${threshold}; unseen, taken for danger:`,
  );
  console.log(`  self   ${percent(unseen.filter(({ is }) => is === 'self'))}`);
  console.log(`  others ${percent(unseen.filter(({ is }) => is === 'others'))}`);
  console.log(`  calm with such words ${percent(unseen.filter((one) => one.is === 'calm' && !one.ordinary))}`);
  console.log(`  ordinary talk ${percent(unseen.filter((one) => one.ordinary))}`);
  const file = new URL(`../../../server/coaching/phrases/danger-${language}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(model)}\n`);
}
