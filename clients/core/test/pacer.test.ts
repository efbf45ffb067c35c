import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlaybackPosition } from '../src/audio-io.ts';
import type { Clock } from '../src/clock.ts';
import { createPacer } from '../src/pacer.ts';
import { createFakeClock } from './support/fake-clock.ts';

const RATE = 16_000;
const AHEAD_MS = 80;
const ms = (samples: number) => (samples * 1000) / RATE;

/** Samples that say which turn they belong to, and where they lie in it. */
const speech = (turn: number, samples: number) => new Int16Array(samples).fill(turn);

/** A loudspeaker that plays what it was given without a break, and takes nothing back. */
function createDevice(clock: Clock) {
  let dryAtMs = 0;
  const played: { turn: number; fromMs: number; toMs: number }[] = [];
  return {
    played,
    write(pcm: Int16Array) {
      const fromMs = Math.max(dryAtMs, clock.monotonicMs());
      dryAtMs = fromMs + ms(pcm.length);
      played.push({ turn: pcm[0] ?? 0, fromMs, toMs: dryAtMs });
    },
    /** What it holds and has not played yet. */
    heldMs: () => Math.max(0, dryAtMs - clock.monotonicMs()),
    playedMs: (turn: number, atMs = clock.monotonicMs()) =>
      played
        .filter((part) => part.turn === turn)
        .reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, atMs) - fromMs), 0),
    /** Silences between two parts of a turn. */
    gaps: () =>
      played.flatMap(({ turn, fromMs }, i) => {
        const before = played[i - 1];
        return before?.turn === turn && fromMs - before.toMs > 0.001 ? [fromMs - before.toMs] : [];
      }),
  };
}

/** A pacer whose timers are late by what `latenessMs` says, one after the other. */
function createScene(latenessMs: readonly number[] = [0]) {
  const clock = createFakeClock();
  let timers = 0;
  const late: Clock = {
    monotonicMs: clock.monotonicMs,
    after: (delayMs, run) => clock.after(delayMs + (latenessMs[timers++ % latenessMs.length] ?? 0), run),
  };
  const device = createDevice(clock);
  const positions: PlaybackPosition[] = [];
  const onPosition = (position: PlaybackPosition) => void positions.push(position);
  const pacer = createPacer({ clock: late, rate: RATE, write: device.write, onPosition, aheadMs: AHEAD_MS });
  return { clock, device, positions, pacer, states: () => positions.map(({ turn, state }) => `${turn} ${state}`) };
}

const SECOND = RATE;

describe('the pacer', () => {
  test('plays a turn whole, without a gap, and says how far it is and when it has ended', async () => {
    const { clock, device, pacer, positions, states } = createScene();
    pacer.play(1, speech(1, SECOND));
    pacer.end(1);
    await clock.pass(500);
    expect(positions.at(-1)).toMatchObject({ turn: 1, state: 'playing' });
    expect(ms(positions.at(-1)?.playedSamples ?? 0)).toBeGreaterThan(380);
    await clock.pass(1000);
    expect(device.playedMs(1)).toBe(1000);
    expect(device.gaps()).toEqual([]);
    expect(new Set(states())).toEqual(new Set(['1 playing', '1 ended']));
    expect(positions.at(-1)).toEqual({ turn: 1, playedSamples: SECOND, bufferedSamples: 0, state: 'ended' });
    expect(clock.timers).toBe(0);
  });

  test('reports at least every 100 ms and some while it plays', async () => {
    const { clock, pacer, positions } = createScene();
    pacer.play(1, speech(1, SECOND));
    for (let at = 0; at < 9; at++) await clock.pass(100);
    expect(positions.length).toBeGreaterThanOrEqual(8);
  });

  test('waits for 120 ms of a turn before it starts, or for its end', async () => {
    const { clock, device, pacer } = createScene();
    pacer.play(1, speech(1, SECOND / 10));
    await clock.pass(50);
    expect(device.played).toEqual([]);
    pacer.end(1);
    await clock.pass(200);
    expect(device.playedMs(1)).toBe(100);
  });

  test('a turn that runs dry is told as stalled, and goes on when 120 ms have come', async () => {
    const { clock, device, pacer, states } = createScene();
    pacer.play(1, speech(1, SECOND / 5));
    await clock.pass(400);
    expect(states()).toEqual(['1 playing', '1 playing', '1 stalled']);
    pacer.play(1, speech(1, SECOND / 5));
    pacer.end(1);
    await clock.pass(400);
    expect(device.playedMs(1)).toBe(400);
    expect(device.gaps()).toHaveLength(1);
    expect(states().at(-1)).toBe('1 ended');
  });

  test('the next turn follows without a gap, and each is told to its end', async () => {
    const { clock, device, pacer, states } = createScene();
    pacer.play(1, speech(1, SECOND / 2));
    pacer.end(1);
    pacer.play(2, speech(2, SECOND / 2));
    pacer.end(2);
    await clock.pass(1500);
    const [last, first] = [
      device.played.findLast(({ turn }) => turn === 1),
      device.played.find(({ turn }) => turn === 2),
    ];
    expect(first?.fromMs).toBe(last?.toMs);
    expect(states().filter((state) => state.endsWith('ended'))).toEqual(['1 ended', '2 ended']);
  });

  test('a turn without any audio is over at once', () => {
    const { pacer, positions } = createScene();
    pacer.end(3);
    expect(positions).toEqual([{ turn: 3, playedSamples: 0, bufferedSamples: 0, state: 'ended' }]);
  });

  test('what is given after a clear is played, and counted anew', async () => {
    const { clock, device, pacer, positions } = createScene();
    pacer.play(1, speech(1, SECOND));
    await clock.pass(300);
    const cleared = await pacer.clear();
    expect(cleared).toEqual({ turn: 1, playedSamples: (300 * RATE) / 1000 });
    expect(await pacer.clear()).toMatchObject({ turn: 1 });
    pacer.play(2, speech(2, SECOND / 5));
    pacer.end(2);
    await clock.pass(500);
    expect(device.playedMs(2)).toBe(200);
    expect(positions.at(-1)).toMatchObject({ turn: 2, playedSamples: SECOND / 5, state: 'ended' });
  });

  test('a turn of which nothing was heard is cleared with 0', async () => {
    const { pacer } = createScene();
    expect(await pacer.clear()).toEqual({ turn: 0, playedSamples: 0 });
    pacer.play(4, speech(4, 100));
    expect(await pacer.clear()).toEqual({ turn: 4, playedSamples: 0 });
  });

  test('what a device that was taken away had not played is played when it is back', async () => {
    const { clock, device, pacer, positions } = createScene();
    pacer.play(1, speech(1, SECOND));
    await clock.pass(300);
    pacer.pause();
    const heldMs = device.heldMs();
    expect(heldMs).toBeGreaterThan(0);
    await clock.pass(5000);
    expect(device.playedMs(1)).toBe(300 + heldMs);
    expect(clock.timers).toBe(0);
    pacer.end(1);
    pacer.resume();
    await clock.pass(1000);
    // What the device swallowed was heard by nobody: it comes again.
    expect(device.playedMs(1)).toBeCloseTo(1000 + heldMs, 3);
    expect(positions.at(-1)).toEqual({ turn: 1, playedSamples: SECOND, bufferedSamples: 0, state: 'ended' });
  });

  test('is as loud as what is heard at the moment', async () => {
    const { clock, pacer } = createScene();
    expect(pacer.loudness()).toBe(0);
    pacer.play(16_384, speech(16_384, SECOND));
    await clock.pass(100);
    expect(pacer.loudness()).toBeCloseTo(0.5, 5);
    pacer.stop();
    expect(pacer.loudness()).toBe(0);
  });
});

describe('under timers that are late by up to 45 ms', () => {
  const lateness = fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 1, maxLength: 40 });
  /** A second and a half of speech, in the bursts in which a network brings it. */
  const bursts = fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 3, maxLength: 12 });

  test('at most 80 ms of speech are heard beyond a clear, whenever it comes', async () => {
    await fc.assert(
      fc.asyncProperty(lateness, bursts, fc.integer({ min: 0, max: 2500 }), async (late, lengths, clearAtMs) => {
        const { clock, device, pacer } = createScene(late);
        for (const length of lengths) pacer.play(1, speech(1, (length * RATE) / 1000));
        await clock.pass(clearAtMs);
        const before = device.playedMs(1);
        const { playedSamples } = await pacer.clear();
        expect(Math.abs(ms(playedSamples) - before)).toBeLessThan(1);
        await clock.pass(5000);
        expect(device.playedMs(1) - before).toBeLessThanOrEqual(AHEAD_MS);
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('the device never holds more than 80 ms, and no timer makes a gap', async () => {
    await fc.assert(
      fc.asyncProperty(lateness, bursts, async (late, lengths) => {
        const { clock, device, pacer, positions } = createScene(late);
        for (const length of lengths) pacer.play(1, speech(1, (length * RATE) / 1000));
        pacer.end(1);
        const totalMs = lengths.reduce((sum, length) => sum + length, 0);
        for (let passedMs = 0; passedMs < totalMs + 200; passedMs += 7) {
          await clock.pass(7);
          expect(device.heldMs()).toBeLessThanOrEqual(AHEAD_MS);
        }
        expect(device.gaps()).toEqual([]);
        expect(device.playedMs(1)).toBeCloseTo(totalMs, 3);
        expect(positions.at(-1)).toMatchObject({ state: 'ended', bufferedSamples: 0 });
      }),
      { numRuns: 40 },
    );
  });
});
