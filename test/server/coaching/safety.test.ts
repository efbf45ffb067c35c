import { describe, expect, it } from 'vitest';
import { likelyDanger } from '../../../server/coaching/danger-model.ts';
import { evened, readDanger, readOutrightDanger } from '../../../server/coaching/safety.ts';
import * as heldOut from './safety-held-out.ts';
import * as newcomers from './safety-newcomers.ts';
import * as own from './safety-set.ts';

interface Figures {
  care: number;
  calm: number;
  recall: number;
  precision: number;
  missed: string[];
  alarms: string[];
}

function measure(care: readonly string[], calm: readonly string[]): Figures {
  const missed = care.filter((text) => readDanger(text) === undefined);
  const alarms = calm.filter((text) => readDanger(text) !== undefined);
  const hits = care.length - missed.length;
  return {
    care: care.length,
    calm: calm.length,
    recall: hits / care.length,
    precision: hits / (hits + alarms.length),
    missed,
    alarms,
  };
}

function report(name: string, { care, calm, recall, precision, missed, alarms }: Figures): void {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const list = (label: string, texts: string[]) => (texts.length > 0 ? [`  ${label}: ${texts.join(' · ')}`] : []);
  const head = `${name}: ${care} of care, ${calm} calm; recall ${percent(recall)}, precision ${percent(precision)}`;
  console.log([head, ...list('missed', missed), ...list('false alarms', alarms)].join('\n'));
}

const MIN_RECALL = 0.75;
const MAX_ALARMS = 0.15;

describe('care', () => {
  it('is found in at least 97 of 100 phrases of our own set, and with few false alarms', () => {
    const figures = measure(
      [...own.CARE_EN_SELF, ...own.CARE_EN_OTHERS, ...own.CARE_DE],
      [...own.CALM_EN, ...own.CALM_DE],
    );
    report('own set', figures);
    expect(figures.care).toBeGreaterThanOrEqual(100);
    expect(figures.recall).toBeGreaterThanOrEqual(0.97);
    expect(figures.precision).toBeGreaterThanOrEqual(0.9);
  });

  it('is found in what was written before the rules, which they are not tuned to', () => {
    const care = [...heldOut.HELD_OUT_CARE_EN, ...heldOut.HELD_OUT_CARE_DE];
    const figures = measure(care, [...heldOut.HELD_OUT_CALM_EN, ...heldOut.HELD_OUT_CALM_DE]);
    report('held-out set', figures);
    expect(figures.recall).toBeGreaterThanOrEqual(0.85);
  });

  it.each([
    ['English', newcomers.CARE_EN, newcomers.CALM_EN],
    ['German', newcomers.CARE_DE, newcomers.CALM_DE],
  ])('is found in the %s of people who knew neither rules nor model', (language, care, calm) => {
    const figures = measure(care, calm);
    report(`newcomers, ${language}`, figures);
    const byRules = care.filter((text) => readOutrightDanger(text) !== undefined).length / care.length;
    console.log(`  by the rules alone: recall ${(byRules * 100).toFixed(1)} %`);
    expect(figures.recall).toBeGreaterThanOrEqual(MIN_RECALL);
    expect(figures.alarms.length / calm.length).toBeLessThanOrEqual(MAX_ALARMS);
  });

  it('is found by the model in the middle of a long story', () => {
    const story = 'and then on monday we went through the plans for the new office with everybody who was there ';
    const hint = 'i have thought about topping myself and nobody would even notice that i am gone';
    const told = evened(`${story.repeat(4)} ${hint} ${story.repeat(4)}`, 'en');
    expect(likelyDanger(told, 'en')).toBe('self');
    expect(likelyDanger(evened(story.repeat(8), 'en'), 'en')).toBeUndefined();
    expect(likelyDanger('', 'en')).toBeUndefined();
  });
});
