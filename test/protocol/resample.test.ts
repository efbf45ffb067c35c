import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../../protocol/resample.ts';

const AMPLITUDE = 16_000;

function sine(hz: number, rate: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
}

function convert(pcm: Int16Array, fromRate: number, toRate: number, chunkSamples = pcm.length): Int16Array {
  const resampler = createResampler(fromRate, toRate);
  const parts: number[] = [];
  for (let at = 0; at < pcm.length; at += chunkSamples) {
    parts.push(...resampler.push(pcm.subarray(at, at + chunkSamples)));
  }
  parts.push(...resampler.flush());
  return Int16Array.from(parts);
}

/** Without the first and last 10 ms, where the sine starts and stops. */
function inner(pcm: Int16Array, rate: number): Int16Array {
  return pcm.slice(rate / 100, -rate / 100);
}

function power(pcm: ArrayLike<number>): number {
  return Array.from(pcm).reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;
}

/** Signal to error, in dB, against the same sine sampled at the new rate: a shift in time would count as error. */
function snrDb(hz: number, fromRate: number, toRate: number): number {
  const got = inner(convert(sine(hz, fromRate, fromRate / 2), fromRate, toRate), toRate);
  const wanted = inner(sine(hz, toRate, toRate / 2), toRate);
  return 10 * Math.log10(power(wanted) / power(got.map((sample, i) => sample - (wanted[i] ?? 0))));
}

const PAIRS: readonly (readonly [fromRate: number, toRate: number])[] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [24_000, 16_000],
  [22_050, 16_000],
  [16_000, 24_000],
  [16_000, 48_000],
  [16_000, 44_100],
  [24_000, 48_000],
  [8000, 16_000],
  [44_102, 16_000],
];

describe('the resampler', () => {
  it.each(PAIRS)('keeps a sine within 60 dB from %i to %i, up to 0.41 of the lower rate', (fromRate, toRate) => {
    const top = 0.41 * Math.min(fromRate, toRate);
    for (const hz of [100, 440, 1000, top / 2, top]) expect(snrDb(hz, fromRate, toRate)).toBeGreaterThan(60);
  });

  it.each(PAIRS.filter(([from, to]) => from > to))(
    'does not let through what would alias from %i to %i',
    (from, to) => {
      for (const hz of [0.51 * to, 0.6 * to, (from / 2) * 0.98].filter((hz) => hz >= 0.51 * to && hz < from / 2)) {
        const left = inner(convert(sine(hz, from, from / 2), from, to), to);
        expect(10 * Math.log10(power(left) / (AMPLITUDE ** 2 / 2))).toBeLessThan(-60);
      }
    },
  );

  it('leaves a constant as it is', () => {
    const out = convert(new Int16Array(4800).fill(-12_345), 48_000, 16_000);
    expect(new Set(inner(out, 16_000))).toEqual(new Set([-12_345]));
  });

  it('clips instead of wrapping around', () => {
    const square = Int16Array.from({ length: 2000 }, (_, i) => (i % 100 < 50 ? 32_767 : -32_768));
    const out = convert(square, 16_000, 48_000);
    for (let i = 1; i < out.length; i += 1) expect(Math.abs((out[i] ?? 0) - (out[i - 1] ?? 0))).toBeLessThan(40_000);
    expect(Math.max(...out)).toBe(32_767);
  });

  it('gives the same samples however the input is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAIRS),
        fc.int16Array({ maxLength: 1500 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }),
        ([fromRate, toRate], pcm, cuts) => {
          const whole = convert(pcm, fromRate, toRate);
          const resampler = createResampler(fromRate, toRate);
          const parts: number[] = [];
          let at = 0;
          for (const samples of [...cuts, pcm.length]) {
            parts.push(...resampler.push(pcm.subarray(at, at + samples)));
            at += samples;
          }
          parts.push(...resampler.flush());
          expect(parts).toEqual([...whole]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives as many samples as the time lasts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4000, max: 96_000 }),
        fc.integer({ min: 4000, max: 96_000 }),
        fc.integer({ min: 0, max: 3000 }),
        (fromRate, toRate, samples) => {
          const out = convert(new Int16Array(samples), fromRate, toRate);
          expect(out.length).toBe(Math.ceil((samples * toRate) / fromRate));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('holds back no more than 24 samples of the lower rate', () => {
    const out = createResampler(48_000, 16_000).push(new Int16Array(960));
    expect(out.length).toBe(320 - 24);
  });

  it('passes samples through where the rates are equal, in memory of their own', () => {
    const pcm = Int16Array.of(1, -2, 32_767, -32_768);
    const resampler = createResampler(16_000, 16_000);
    const out = resampler.push(pcm);
    pcm.fill(0);
    expect([...out]).toEqual([1, -2, 32_767, -32_768]);
    expect(resampler.flush().length).toBe(0);
  });

  it('is as new after a flush', () => {
    const resampler = createResampler(24_000, 16_000);
    const tone = sine(440, 24_000, 777);
    const run = (): number[] => [...resampler.push(tone), ...resampler.flush()];
    expect(run()).toEqual(run());
  });

  it.each([0, -16_000, 16_000.5, Number.NaN])('refuses %d as a rate', (rate) => {
    expect(() => createResampler(rate, 16_000)).toThrow(RangeError);
  });
});
