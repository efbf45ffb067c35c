import { describe, expect, it } from 'vitest';
import { noMetrics } from '../../../server/ports/metrics.ts';
import type { Usage } from '../../../server/ports/usage.ts';
import { createMeter, noPrices, type Prices, sumUsage, totalsOf } from '../../../server/session/usage.ts';

const PRICES: Prices = {
  inputTokens: 2,
  cachedInputTokens: 0.5,
  outputTokens: 10,
  transcription: 0.006,
  speech: 50,
};
const asked: Usage = {
  kind: 'model',
  provider: 'openai',
  model: 'm',
  inputTokens: 1000,
  cachedInputTokens: 600,
  outputTokens: 100,
  reasoningTokens: 20,
};
const heard: Usage = {
  kind: 'transcription',
  provider: 'openai',
  model: 't',
  audioSeconds: 90,
  inputTokens: 900,
  outputTokens: 30,
};
const spoken: Usage = { kind: 'speech', provider: 'elevenlabs', model: 's', characters: 200, audioSeconds: 14 };

describe('what a call used', () => {
  it('is counted in the unit that it is billed by', () => {
    expect(totalsOf(asked, noPrices)).toEqual({
      inputTokens: 1000,
      cachedInputTokens: 600,
      outputTokens: 100,
      reasoningTokens: 20,
    });
    expect(totalsOf(heard, noPrices)).toEqual({ transcribedSeconds: 90 });
    expect(totalsOf(spoken, noPrices)).toEqual({ spokenCharacters: 200 });
  });

  it('costs by the prices, cached tokens less', () => {
    expect(totalsOf(asked, PRICES).cost).toBeCloseTo((400 * 2 + 600 * 0.5 + 100 * 10) / 1e6, 12);
    expect(totalsOf(heard, PRICES).cost).toBeCloseTo(1.5 * 0.006, 12);
    expect(totalsOf(spoken, PRICES).cost).toBeCloseTo(0.01, 12);
    const uncached = { ...PRICES, cachedInputTokens: undefined };
    expect(totalsOf(asked, uncached).cost).toBeCloseTo((1000 * 2 + 100 * 10) / 1e6, 12);
  });

  it('has no cost where there is no price', () => {
    expect(totalsOf(asked, noPrices)).not.toHaveProperty('cost');
  });
});

describe('sums', () => {
  it('say of themselves when a part was guessed, and leave out what there was none of', () => {
    const sum = sumUsage(totalsOf({ ...asked, estimated: true }, PRICES), totalsOf(spoken, PRICES));
    expect(sum).toMatchObject({ inputTokens: 1000, spokenCharacters: 200, estimated: true });
    expect(sum).not.toHaveProperty('transcribedSeconds');
    expect(sumUsage(undefined, undefined)).toEqual({});
  });

  it('grow no tails', () => {
    expect(sumUsage({ cost: 0.1 }, { cost: 0.2 })).toEqual({ cost: 0.3 });
  });
});

describe('a meter', () => {
  it('gives what came since it was last asked, and tells each call to the metrics', () => {
    const told: [Usage, number | undefined][] = [];
    const metrics = { ...noMetrics, usage: (...each: [Usage, number | undefined]) => void told.push(each) };
    const meter = createMeter({ prices: PRICES, metrics });
    expect(meter.take()).toBeUndefined();
    meter.onUsage(asked);
    meter.onUsage(spoken);
    expect(meter.take()).toMatchObject({ inputTokens: 1000, spokenCharacters: 200, cost: 0.0121 });
    expect(meter.take()).toBeUndefined();
    expect(told.map(([usage]) => usage)).toEqual([asked, spoken]);
    expect(told[1]?.[1]).toBeCloseTo(0.01, 12);
  });
});
