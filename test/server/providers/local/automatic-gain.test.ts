import { describe, expect, it } from 'vitest';
import { createAutomaticGain } from '../../../../server/providers/local/automatic-gain.ts';

const SECOND = 16_000;

function tone(samples: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => Math.round(amplitude * Math.sin(i * 0.3)));
}

function rms(samples: ArrayLike<number>): number {
  return Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

describe('automatic gain', () => {
  it.each([120, 300, 3000, 30_000])('brings speech of amplitude %i to an RMS of 0.1', (amplitude) => {
    const out = createAutomaticGain().push(tone(SECOND, amplitude));
    expect(rms(out.subarray(SECOND / 2))).toBeCloseTo(0.1, 2);
  });

  it('goes by the speech, not by the pauses', () => {
    const gain = createAutomaticGain();
    gain.push(tone(SECOND, 1000));
    gain.push(tone(5 * SECOND, 20));
    expect(rms(gain.push(tone(SECOND / 2, 1000)))).toBeCloseTo(0.1, 2);
  });

  it('leaves near silence as it is', () => {
    expect(rms(createAutomaticGain().push(tone(SECOND, 15)))).toBeLessThan(0.001);
  });

  it('gives the same samples however they are cut, all of them', () => {
    const speech = tone(5001, 500).map((sample, i) => sample * ((i >> 10) + 1));
    const run = (chunk: number): number[] => {
      const gain = createAutomaticGain();
      const out: number[] = [];
      for (let at = 0; at < speech.length; at += chunk) out.push(...gain.push(speech.subarray(at, at + chunk)));
      return [...out, ...gain.flush()];
    };
    expect(run(5001)).toHaveLength(5001);
    expect(run(77)).toEqual(run(5001));
    expect(run(160)).toEqual(run(5001));
  });
});
