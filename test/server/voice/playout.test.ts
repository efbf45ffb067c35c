import { beforeEach, describe, expect, it } from 'vitest';
import { type AudioFrame, decodeFrame } from '../../../protocol/audio-frame.ts';
import { createPlayout, type Playout } from '../../../server/voice/playout.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { tone } from '../../support/scripted.ts';

const RATE = 16_000;
const seconds = (s: number) => tone(s * RATE, RATE);

let clock: FakeClock;
let frames: AudioFrame[];
let log: string[];
let turn: AbortController;
let playout: Playout;

beforeEach(() => {
  clock = createFakeClock();
  frames = [];
  log = [];
  turn = new AbortController();
  playout = createPlayout({
    turn: 7,
    rate: RATE,
    aheadMs: 1000,
    reportTimeoutMs: 5000,
    clock,
    signal: turn.signal,
    sendFrame(bytes) {
      const decoded = decodeFrame(bytes);
      if (decoded.ok) frames.push(decoded.frame);
    },
    onSentence: (text) => log.push(text),
    onSent: (durationMs) => log.push(`sent ${durationMs}`),
    onPlayed: () => log.push('played'),
    onStalled: () => log.push('stalled'),
  });
});

async function say(text: string, durationS: number): Promise<void> {
  playout.beginSentence(text);
  await playout.push(seconds(durationS));
  playout.endSentence();
}

describe('playout', () => {
  it('sends 20 ms frames, numbered and placed, at most a second ahead of the report', async () => {
    await say('One two three.', 3);
    expect(frames).toHaveLength(50);
    expect(frames.map(({ seq, pts }) => pts / seq || 0).every((ratio) => ratio === 0 || ratio === 320)).toBe(true);
    expect(frames[0]).toMatchObject({ first: true, stream: 7, pts: 0 });
    playout.report(500);
    expect(frames).toHaveLength(75);
    playout.report(400);
    expect(playout.playedMs).toBe(500);
  });

  it('announces a sentence with its first frame and marks the last frame', async () => {
    await say('First.', 0.5);
    await say('Second.', 0.51);
    playout.end();
    expect(log).toEqual(['First.', 'Second.']);
    playout.report(500, false);
    expect(log).toEqual(['First.', 'Second.', 'sent 1010']);
    expect(frames.at(-1)).toMatchObject({ last: true });
    expect(frames.at(-1)?.pcm).toHaveLength(160);
    expect(frames.filter(({ last }) => last)).toHaveLength(1);
    playout.report(1005);
    expect(log.at(-1)).toBe('played');
  });

  it('takes the client at its word when it says that it has ended', async () => {
    await say('First.', 0.5);
    playout.end();
    playout.report(430, true);
    expect(log.at(-1)).toBe('played');
  });

  it('knows which words were heard', async () => {
    await say('One two three four.', 2);
    await say('Five six.', 1);
    playout.report(1000);
    expect(playout.heard(0)).toBe('');
    expect(playout.heard(1000)).toBe('One two');
    expect(playout.wholeHeard(1000)).toBe(0);
    expect(playout.wholeHeard(1900)).toBe(1);
    playout.report(2000);
    expect(playout.heard(2400)).toBe('One two three four. Five');
    expect(playout.heard(99_000)).toBe('One two three four. Five six.');
  });

  it('uses the words’ own times where the voice gives them', async () => {
    playout.beginSentence('Slow quick quick.');
    const words = [
      { word: 'Slow', startMs: 0, endMs: 1500 },
      { word: 'quick', startMs: 1500, endMs: 1700 },
      { word: 'quick.', startMs: 1700, endMs: 2000 },
    ];
    await playout.push(seconds(2), words);
    playout.endSentence();
    playout.report(800);
    expect(playout.heard(800)).toBe('');
    expect(playout.heard(1650)).toBe('Slow quick');
  });

  it('sends nothing after the turn is aborted, and lets a waiting producer go', async () => {
    let done = false;
    playout.beginSentence('Long.');
    const pushing = playout.push(seconds(20)).then(() => (done = true));
    expect(frames).toHaveLength(50);
    turn.abort();
    await pushing;
    expect(done).toBe(true);
    playout.report(900);
    await playout.push(seconds(1));
    playout.end();
    expect(frames).toHaveLength(50);
    expect(clock.pending).toBe(0);
  });

  it('holds synthesis back while ten seconds are unsent', async () => {
    let done = false;
    playout.beginSentence('Long.');
    const pushing = playout.push(seconds(12)).then(() => (done = true));
    await clock.advance(0);
    expect(done).toBe(false);
    playout.report(1000);
    await pushing;
    expect(done).toBe(true);
  });

  it('notices a client that stops reporting, but not one that has played everything', async () => {
    await say('One.', 3);
    await clock.advance(4900);
    playout.report(100);
    await clock.advance(4900);
    expect(log).not.toContain('stalled');
    await clock.advance(200);
    expect(log).toContain('stalled');
  });

  it('does not wait for reports of a turn that is over', async () => {
    await say('One.', 0.5);
    playout.end();
    playout.report(500);
    await clock.advance(60_000);
    expect(log).toEqual(['One.', 'sent 500', 'played']);
  });

  it('is played at once when nothing could be synthesised', () => {
    playout.beginSentence('Lost.');
    playout.endSentence();
    playout.end();
    expect(log).toEqual(['Lost.', 'sent 0', 'played']);
    expect(frames).toMatchObject([{ last: true, pts: 0 }]);
  });
});
