import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/ports/clock.ts';
import { createSileroVad } from '../../../server/providers/local/silero-vad.ts';
import type { SileroVad } from '../../../server/providers/local/silero-vad.ts';
import { createSpeechGate } from '../../../server/voice/vad.ts';
import type { SpeechGateOptions } from '../../../server/voice/vad.ts';
import { loadClips, modelsDir } from '../../support/clips.ts';

/** `S` speech, `h` between the thresholds, `.` silence; the changes come back as `+` and `-` in their windows. */
function changes(windows: string, options?: SpeechGateOptions): string {
  const gate = createSpeechGate(options);
  const probability = { S: 0.9, h: 0.4, '.': 0.1 } as Record<string, number>;
  return windows
    .split('')
    .map((kind) => ({ none: '_', started: '+', stopped: '-' })[gate.push(probability[kind] ?? 0)])
    .join('');
}

describe('the speech gate', () => {
  it.each([
    ['silence is nothing', '..........', '__________'],
    ['one window of speech is a click', '..S...S...', '__________'],
    ['two windows start speech', '..SS', '___+'],
    ['a window between the thresholds does not start speech', 'ShShhh', '______'],
    ['seven windows of silence, 224 ms, stop it', 'SS.......', '_+______-'],
    ['six are a pause within', 'SS......SSS', '_+_________'],
    ['a window between the thresholds keeps it going', 'SS......h......h', '_+______________'],
    ['it starts again after a stop', 'SS.......SS', '_+______-_+'],
  ])('%s', (_, windows, wanted) => {
    expect(changes(windows)).toBe(wanted);
  });

  it('takes its numbers from the options', () => {
    expect(changes('hh..', { startThreshold: 0.3, startWindows: 1, stopAfterMs: 64 })).toBe('+__-');
    expect(changes('S..', { windowMs: 10, startWindows: 1, stopAfterMs: 11 })).toBe('+_-');
  });

  it('counts silence and speech in audio time', () => {
    const gate = createSpeechGate();
    const after = (...probabilities: number[]): number[] => {
      for (const probability of probabilities) gate.push(probability);
      return [gate.silenceMs, gate.speechMs];
    };
    expect(after(0, 0)).toEqual([64, 0]);
    expect(after(0.6)).toEqual([96, 0]);
    expect(after(0.6)).toEqual([0, 64]);
    expect(after(0.1, 0.1)).toEqual([64, 64]);
    expect(after(0.4)).toEqual([0, 96]);
    expect(after(0, 0, 0, 0, 0, 0, 0, 0)).toEqual([256, 96]);
    expect(gate.speaking).toBe(false);
    gate.push(0.9);
    gate.reset();
    expect(gate.push(0.9)).toBe('none');
    expect(gate.speechMs).toBe(0);
  });
});

describe('the speech gate behind the detector', () => {
  let vad: SileroVad;
  beforeAll(async () => {
    vad = createSileroVad({ modelsDir: modelsDir(), clock: systemClock });
    await vad.ready();
  });
  afterAll(() => vad.close());

  it.each(loadClips())('hears where the speech of $name begins and ends', async ({ pcm }) => {
    const clipMs = pcm.length / 16;
    const stream = vad.open();
    const gate = createSpeechGate();
    const padded = new Int16Array(pcm.length + 16_000);
    padded.set(pcm);
    const startsMs: number[] = [];
    let lastStopMs = 0;
    for (let at = 0; at + 512 <= padded.length; at += 512) {
      const change = gate.push(await stream.process(padded.subarray(at, at + 512)));
      if (change === 'started') startsMs.push(at / 16);
      if (change === 'stopped') lastStopMs = at / 16;
    }
    stream.close();
    expect(startsMs[0]).toBeLessThan(700);
    expect(gate.speaking).toBe(false);
    expect(lastStopMs).toBeLessThan(clipMs + 400);
    expect(gate.speechMs / clipMs).toBeGreaterThan(0.6);
  });
});
