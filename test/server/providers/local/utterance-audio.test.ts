import { describe, expect, it } from 'vitest';
import { createUtteranceAudio } from '../../../../server/providers/local/utterance-audio.ts';

const SECOND = 16_000;

describe('the audio of an utterance', () => {
  const ramp = (from: number, samples: number): Int16Array => Int16Array.from({ length: samples }, (_, i) => from + i);

  it('comes out in order, at most 0.2 s at a time, with its place', () => {
    const audio = createUtteranceAudio();
    audio.push(ramp(0, 1000));
    audio.push(ramp(1000, 7000));
    const feeds = [audio.take(), audio.take(), audio.take(), audio.take(), audio.take()];
    expect(feeds.flatMap(({ pcm }) => [...pcm])).toEqual([...ramp(0, 8000)]);
    expect(Math.max(...feeds.map(({ pcm }) => pcm.length))).toBeLessThanOrEqual(3200);
    let offset = 0;
    for (const feed of feeds) {
      expect(feed.offset).toBe(offset);
      offset += feed.pcm.length;
    }
    expect(audio.waiting).toBe(0);
  });

  it('is a copy', () => {
    const audio = createUtteranceAudio();
    const pcm = ramp(0, 10);
    audio.push(pcm);
    pcm.fill(0);
    expect([...audio.take().pcm]).toEqual([...ramp(0, 10)]);
  });

  it('comes again after a rewind, whole up to 60 s', () => {
    const audio = createUtteranceAudio();
    for (let i = 0; i < 60; i += 1) audio.push(new Int16Array(SECOND));
    while (audio.waiting > 0) audio.take();
    audio.rewind();
    expect(audio).toMatchObject({ waiting: 60 * SECOND, lost: false });
    expect(audio.take().offset).toBe(0);
  });

  it('loses the oldest past 60 s unread, and says so', () => {
    const audio = createUtteranceAudio();
    audio.push(new Int16Array(60 * SECOND));
    expect(audio.lost).toBe(false);
    audio.push(new Int16Array(100));
    expect(audio.lost).toBe(true);
    expect(audio.waiting).toBeLessThanOrEqual(60 * SECOND);
  });

  it('forgets what was read past 60 s, which is a loss only when it is needed again', () => {
    const audio = createUtteranceAudio();
    for (let i = 0; i < 70; i += 1) {
      audio.push(new Int16Array(SECOND));
      while (audio.waiting > 0) audio.take();
    }
    expect(audio.lost).toBe(false);
    audio.rewind();
    expect(audio.lost).toBe(true);
  });
});
