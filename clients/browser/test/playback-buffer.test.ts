import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJitter } from '../src/jitter.ts';
import { createPlaybackBuffer, type PlaybackReport, type RateConverter } from '../src/playback-buffer.ts';
import { createRandom } from './support/sound.ts';

const RATE = 16_000;
const FADE_SAMPLES = 80;
const PRIME_SAMPLES = 1920;
const PLENTY_SAMPLES = 4800;
const QUANTUM = 128;

const unchanged: RateConverter = {
  convert: (pcm) => Float32Array.from(pcm, (sample) => sample / 32_768),
  flush: () => new Float32Array(0),
};

function createRig() {
  const reports: PlaybackReport[] = [];
  const heard: number[] = [];
  const buffer = createPlaybackBuffer({
    streamRate: RATE,
    outputRate: RATE,
    createConverter: () => unchanged,
    onReport: (report) => reports.push(report),
  });
  const render = (samples: number) => {
    const out = new Float32Array(QUANTUM);
    for (let rendered = 0; rendered < samples; rendered += QUANTUM) {
      buffer.render(out);
      heard.push(...out);
    }
  };
  return { buffer, reports, heard, render };
}

const loud = (samples: number) => new Int16Array(samples).fill(16_384);

test('a turn plays as soon as 300 ms are here', () => {
  const { buffer, heard, render } = createRig();
  buffer.push(1, loud(PLENTY_SAMPLES - 1));
  render(QUANTUM * 4);
  expect(heard.every((sample) => sample === 0)).toBe(true);
  buffer.push(1, loud(1));
  render(QUANTUM * 4);
  expect(heard.at(-1)).toBe(0.5);
});

test('when less comes it plays with 120 ms, 120 ms after the first', () => {
  const { buffer, heard, render } = createRig();
  buffer.push(1, loud(PRIME_SAMPLES - 1));
  render(PRIME_SAMPLES + QUANTUM);
  expect(heard.every((sample) => sample === 0)).toBe(true);
  buffer.push(1, loud(1));
  render(QUANTUM * 4);
  expect(heard.at(-1)).toBe(0.5);

  const sooner = createRig();
  sooner.buffer.push(1, loud(PRIME_SAMPLES));
  sooner.render(PRIME_SAMPLES - QUANTUM);
  expect(sooner.heard.every((sample) => sample === 0)).toBe(true);
  sooner.render(QUANTUM * 4);
  expect(sooner.heard.at(-1)).toBe(0.5);
});

test('a turn shorter than that plays once its end is known', () => {
  const { buffer, reports, heard, render } = createRig();
  buffer.push(3, loud(400));
  buffer.end(3);
  render(QUANTUM * 5);
  expect(heard.filter((sample) => sample > 0).length).toBe(400);
  expect(reports.at(-1)).toEqual({ turn: 3, playedSamples: 400, bufferedSamples: 0, state: 'ended' });
});

test('an underrun fades out within 5 ms, is reported, and the turn goes on with as much again', () => {
  const { buffer, reports, heard, render } = createRig();
  buffer.push(1, loud(4800));
  render(QUANTUM * 40);
  expect(reports.at(-1)).toEqual({ turn: 1, playedSamples: 4800, bufferedSamples: 0, state: 'stalled' });
  const steps = heard.slice(1).map((sample, i) => Math.abs(sample - (heard[i] ?? 0)));
  expect(Math.max(...steps)).toBeLessThanOrEqual(0.5 / FADE_SAMPLES + 1e-6);

  buffer.push(1, loud(PLENTY_SAMPLES - 1));
  render(QUANTUM * 4);
  expect(reports.at(-1)?.state).toBe('stalled');
  buffer.push(1, loud(1));
  buffer.end(1);
  render(QUANTUM * 40);
  expect(reports.at(-1)).toEqual({ turn: 1, playedSamples: 9600, bufferedSamples: 0, state: 'ended' });
});

test('clear answers what was played and is silent 5 ms later', () => {
  const { buffer, heard, render } = createRig();
  buffer.push(7, loud(8000));
  render(QUANTUM * 10);
  expect(buffer.clear()).toEqual({ turn: 7, playedSamples: QUANTUM * 10 });
  const before = heard.length;
  render(QUANTUM * 10);
  expect(heard.slice(before).findLastIndex((sample) => sample !== 0)).toBeLessThan(FADE_SAMPLES);
  expect(heard[before]).toBeCloseTo(0.5, 1);
});

test('clear answers with turn 0 before any turn, and with the last one after its end', () => {
  const { buffer, render } = createRig();
  expect(buffer.clear()).toEqual({ turn: 0, playedSamples: 0 });
  buffer.push(1, loud(2000));
  buffer.end(1);
  render(4096);
  expect(buffer.clear()).toEqual({ turn: 1, playedSamples: 2000 });
});

test('the next turn starts after the one before was played to its end; late samples of the older are dropped', () => {
  const { buffer, reports, render } = createRig();
  buffer.push(1, loud(2000));
  buffer.push(2, loud(2500));
  buffer.push(1, loud(999));
  buffer.end(2);
  render(QUANTUM * 50);
  expect(reports.filter((report) => report.state === 'ended')).toEqual([
    { turn: 1, playedSamples: 2000, bufferedSamples: 2500, state: 'ended' },
    { turn: 2, playedSamples: 2500, bufferedSamples: 0, state: 'ended' },
  ]);
});

test('positions come every 50 ms and never go back', () => {
  const { buffer, reports, render } = createRig();
  buffer.push(1, loud(RATE));
  buffer.end(1);
  render(RATE + QUANTUM);
  const positions = reports.map((report) => report.playedSamples);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  // At its start, at its end, and twenty in between.
  expect(positions.length).toBe(22);
});

test('a full buffer drops the newest frames whole and counts none of them as played', () => {
  const { buffer, reports, heard, render } = createRig();
  for (let frame = 0; frame < 20; frame++) buffer.push(1, loud(RATE - 1000));
  buffer.end(1);
  render(RATE * 16);
  expect(reports.at(-1)).toEqual({ turn: 1, playedSamples: RATE * 15, bufferedSamples: 0, state: 'ended' });
  expect(heard.filter((sample) => sample > 0).length).toBe(RATE * 15);
});

/** Speech in 20 ms frames, each sent at its time and none before the one before it came; `lateMs` of each, in order. */
function hear({
  frames,
  lateMs,
  aheadMs = 0,
}: {
  frames: number;
  lateMs: (frame: number) => number;
  aheadMs?: number;
}) {
  const rig = createRig();
  const FRAME_MS = 20;
  let atMs = 0;
  let nowMs = 0;
  const until = (ms: number) => {
    for (; nowMs < ms; nowMs += (QUANTUM * 1000) / RATE) rig.render(QUANTUM);
  };
  for (let frame = 0; frame < frames; frame++) {
    atMs = Math.max(atMs, Math.max(0, frame * FRAME_MS - aheadMs) + lateMs(frame));
    until(atMs);
    rig.buffer.push(1, loud((RATE * FRAME_MS) / 1000));
  }
  rig.buffer.end(1);
  until(atMs + aheadMs + 2000);
  const stalls = rig.reports
    .filter(({ state }) => state === 'stalled')
    .map(({ playedSamples }) => playedSamples / RATE);
  const heard = rig.heard.filter((sample) => sample !== 0).length;
  return { stalls, heardMs: (heard * 1000) / RATE, sentMs: frames * FRAME_MS };
}

/** Two in a hundred frames are 200 ms late: at random, the same ones for the same seed. */
function twoInAHundred(seed: number) {
  const random = createRandom(seed);
  return () => (random() < 0.02 ? 200 : 0);
}

test('frames of which 2 % are 200 ms late give no gap to who is sent 300 ms ahead, and lose nothing', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { stalls, heardMs, sentMs } = hear({ frames: 1500, lateMs: twoInAHundred(seed), aheadMs: 300 });
    expect(stalls).toEqual([]);
    expect(heardMs).toBe(sentMs);
  }
});

test('sent no faster than they are heard, they give one gap at most: then 300 ms are gathered', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { stalls, heardMs, sentMs } = hear({ frames: 1500, lateMs: twoInAHundred(seed) });
    expect(stalls.length).toBeLessThanOrEqual(1);
    expect(heardMs).toBe(sentMs);
  }
});

test('what was learned of the line in one turn holds in the next', () => {
  const { buffer, reports, render } = createRig();
  const frames = (turn: number, from: number, to: number) => {
    for (let frame = from; frame < to; frame++) {
      buffer.push(turn, loud(320));
      render(320);
    }
  };
  for (const turn of [1, 2]) {
    frames(turn, 0, 25);
    render(0.2 * RATE);
    for (let frame = 25; frame < 35; frame++) buffer.push(turn, loud(320));
    frames(turn, 35, 50);
    buffer.end(turn);
    render(RATE);
  }
  expect(reports.filter(({ state }) => state === 'stalled').map(({ turn }) => turn)).toEqual([1]);
});

test('a line that is 1.5 s late once gives one gap, and nothing is lost', () => {
  for (const aheadMs of [0, 300, 1000]) {
    const { stalls, heardMs, sentMs } = hear({ frames: 500, lateMs: (frame) => (frame === 200 ? 1500 : 0), aheadMs });
    expect(stalls).toHaveLength(1);
    expect(heardMs).toBe(sentMs);
  }
});

test('a good line after a bad one is waited for less and less', () => {
  const jitter = createJitter(RATE);
  jitter.begin();
  jitter.came(320, 0);
  jitter.came(320, 0.22 * RATE);
  expect(jitter.primeSamples / RATE).toBeCloseTo(0.3, 2);
  for (let frame = 0; frame < 6000; frame++) {
    jitter.begin();
    jitter.came(320, frame * 320);
  }
  expect(jitter.primeSamples).toBe(PRIME_SAMPLES);
});

test('whatever the order of pushes and renders, a turn is played whole and reported so', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 3000 }) }),
    fc.record({ render: fc.integer({ min: 1, max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { buffer, reports, render } = createRig();
      let pushed = 0;
      for (const one of steps) {
        if ('push' in one) {
          buffer.push(5, loud(one.push));
          pushed += one.push;
        } else render(one.render * QUANTUM);
      }
      buffer.end(5);
      render(pushed + QUANTUM * 2);
      const ended = reports.filter((report) => report.state === 'ended');
      expect(ended).toEqual(
        pushed === 0 ? [] : [{ turn: 5, playedSamples: pushed, bufferedSamples: 0, state: 'ended' }],
      );
      for (const report of reports) expect(report.playedSamples + report.bufferedSamples).toBeLessThanOrEqual(pushed);
    }),
  );
});
