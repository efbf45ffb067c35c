import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeechToText } from '../../../server/ports/speech-to-text.ts';
import { cutAtPauses, transcribe } from '../../../server/voice/transcribe.ts';
import { tone } from '../../support/scripted.ts';

const RATE = 16_000;
const { signal } = new AbortController();

/** Speech (a tone) with a pause of half a second at each of these seconds. */
function speechWithPauses(seconds: number, pausesAt: readonly number[]): Int16Array {
  const pcm = tone(seconds * RATE, RATE);
  for (const at of pausesAt) pcm.fill(0, at * RATE, (at + 0.5) * RATE);
  return pcm;
}

/** Writes down the length of each utterance, in samples. */
function countingStt(): SpeechToText & { utterances: number[]; open_: number } {
  const utterances: number[] = [];
  const self = { open_: 0 };
  return {
    name: 'counting',
    utterances,
    get open_() {
      return self.open_;
    },
    open({ signal: given }) {
      let samples = 0;
      self.open_ += 1;
      return {
        push: (pcm) => void (samples += pcm.length),
        async finish() {
          given.throwIfAborted();
          self.open_ -= 1;
          utterances.push(samples);
          return { text: samples > RATE ? `part ${utterances.length}` : '', incomplete: false };
        },
      };
    },
    close: async () => {},
  };
}

describe('a recording', () => {
  it('that is short is one utterance', () => {
    expect(cutAtPauses(tone(20 * RATE, RATE)).map(({ length }) => length)).toEqual([20 * RATE]);
    expect(cutAtPauses(new Int16Array(0))).toEqual([]);
  });

  it('that is long is cut within its pauses, the latest that fits', () => {
    const parts = cutAtPauses(speechWithPauses(60, [5, 20, 38, 44]));
    const [first = 0, second = 0] = parts.map(({ length }) => length / RATE);
    const cuts = [first, first + second];
    expect(parts).toHaveLength(3);
    expect(cuts[0]).toBeGreaterThan(20);
    expect(cuts[0]).toBeLessThan(20.5);
    expect(cuts[1]).toBeGreaterThan(44);
    expect(cuts[1]).toBeLessThan(44.5);
  });

  it('is never changed by cutting, and no part is longer than 25 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * RATE }), fc.nat(1000), (length, seed) => {
        const pcm = new Int16Array(length);
        for (let i = 0; i < length; i += 97) pcm[i] = ((i + seed) * 7919) % 20_000;
        const parts = cutAtPauses(pcm);
        expect(parts.every((part) => part.length <= 25 * RATE)).toBe(true);
        const joined = new Int16Array(length);
        parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
        expect(Buffer.compare(Buffer.from(joined.buffer), Buffer.from(pcm.buffer))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('of five minutes without a pause is still cut, since the recogniser holds no more than 60 s', async () => {
    const stt = countingStt();
    const text = await transcribe(stt, tone(300 * RATE, RATE), { signal });
    expect(Math.max(...stt.utterances)).toBeLessThanOrEqual(25 * RATE);
    expect(stt.utterances.reduce((sum, samples) => sum + samples, 0)).toBe(300 * RATE);
    expect(text).toBe(stt.utterances.map((_, i) => `part ${i + 1}`).join(' '));
    expect(stt.open_).toBe(0);
  });

  it('without words is no text', async () => {
    expect(await transcribe(countingStt(), new Int16Array(RATE / 2), { signal })).toBe('');
  });

  it('is given up when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const stt = countingStt();
    gone.abort(new Error('gone'));
    await expect(transcribe(stt, tone(RATE, RATE), { signal: gone.signal })).rejects.toThrow('gone');
    expect(stt.utterances).toEqual([]);
  });
});
