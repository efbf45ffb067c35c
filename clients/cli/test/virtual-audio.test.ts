import { describe, expect, test } from 'vitest';
import type { PlaybackPosition } from '@kuku-coach/core';
import { createFakeClock } from '../../core/test/support/fake-clock.ts';
import { createVirtualAudio, type VirtualAudioOptions } from '../src/virtual-audio.ts';

/** 24 samples a millisecond out, 16 in. */
const ms = (milliseconds: number, value = 1000) => new Int16Array(milliseconds * 24).fill(value);

async function started(options: VirtualAudioOptions = {}) {
  const clock = createFakeClock();
  const audio = createVirtualAudio({ clock, ...options });
  const frames: { atMs: number; pcm: Int16Array }[] = [];
  const positions: (PlaybackPosition & { atMs: number })[] = [];
  audio.onPosition((position) => void positions.push({ ...position, atMs: clock.monotonicMs() }));
  const format = await audio.start((pcm) => void frames.push({ atMs: clock.monotonicMs(), pcm }));
  const told = () => positions.map(({ turn, playedSamples, state }) => `${turn} ${playedSamples / 24} ${state}`);
  return { audio, clock, frames, positions, told, format };
}

describe('the virtual microphone', () => {
  test('gives 20 ms of silence every 20 ms', async () => {
    const { clock, frames, format } = await started();
    await clock.pass(1000);
    expect(format).toEqual({ in: { rate: 16_000 }, out: { rate: 24_000 } });
    expect(frames).toHaveLength(50);
    expect(frames.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) * 20));
    expect(frames.every(({ pcm }) => pcm.length === 320 && pcm.every((sample) => sample === 0))).toBe(true);
  });

  test('says clips in order, whole, and resolves when the last sample is out', async () => {
    const { audio, clock, frames } = await started();
    const said: string[] = [];
    void audio.say(new Int16Array(500).fill(1)).then(() => said.push(`first ${clock.monotonicMs()}`));
    void audio.say(new Int16Array(300).fill(2)).then(() => said.push(`second ${clock.monotonicMs()}`));
    await clock.pass(100);
    expect(said).toEqual(['first 40', 'second 60']);
    const samples = frames.flatMap(({ pcm }) => Array.from(pcm));
    expect(samples.filter((sample) => sample === 1)).toHaveLength(500);
    expect(samples.slice(0, 900)).toEqual([...Array(500).fill(1), ...Array(300).fill(2), ...Array(100).fill(0)]);
  });

  test('withdraws a clip that is aborted', async () => {
    const { audio, clock, frames } = await started();
    const abort = new AbortController();
    const said = audio.say(new Int16Array(16_000).fill(1), { signal: abort.signal }).catch((error: unknown) => error);
    await clock.pass(40);
    abort.abort(new Error('enough'));
    await clock.pass(40);
    expect(await said).toEqual(new Error('enough'));
    expect(frames.map(({ pcm }) => pcm[0])).toEqual([1, 1, 0, 0]);
  });

  test('closes with the audio: clips that wait are rejected', async () => {
    const { audio, clock, frames } = await started();
    const said = audio.say(new Int16Array(16_000)).catch((error: unknown) => error);
    await clock.pass(20);
    await audio.stop();
    expect(await said).toEqual(new Error('The microphone is closed.'));
    await clock.pass(100);
    expect(frames).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  test('catches up after a short stall and skips after a long one', async () => {
    const clock = createFakeClock();
    let stallMs = 0;
    const stalling = { ...clock, monotonicMs: () => clock.monotonicMs() + stallMs };
    const audio = createVirtualAudio({ clock: stalling });
    let count = 0;
    await audio.start(() => void (count += 1));
    await clock.pass(20);
    stallMs = 500;
    await clock.pass(20);
    expect(count).toBe(1 + 26);
    stallMs += 60_000;
    await clock.pass(20);
    expect(count).toBe(27 + 100);
  });

  test('is absent when asked', async () => {
    const { audio, clock, frames, format } = await started({ micRate: null });
    await clock.pass(100);
    expect(format).toEqual({ out: { rate: 24_000 } });
    expect(frames).toEqual([]);
    await expect(audio.say(new Int16Array(1))).rejects.toThrow('no microphone');
  });
});

describe('the virtual speaker', () => {
  test('plays by the clock, from the moment that samples come', async () => {
    const { audio, clock, told } = await started();
    await clock.pass(30);
    audio.play(1, ms(50));
    await clock.pass(30);
    expect(told()).toEqual(['1 10 playing', '1 30 playing']);
    audio.end(1);
    await clock.pass(40);
    expect(told()).toEqual(['1 10 playing', '1 30 playing', '1 50 ended']);
    expect(audio.segments).toEqual([{ turn: 1, startMs: 30, samples: 50 * 24 }]);
  });

  test('never claims more than the time that passed, however much is queued', async () => {
    const { audio, clock, positions } = await started();
    audio.play(1, ms(5000));
    await clock.pass(400);
    for (const { playedSamples, bufferedSamples, atMs } of positions) {
      expect(playedSamples).toBe(atMs * 24);
      expect(bufferedSamples).toBe((5000 - atMs) * 24);
    }
    expect(positions).toHaveLength(20);
  });

  test('stalls when it runs dry, and goes on with the same turn', async () => {
    const { audio, clock, told } = await started();
    audio.play(1, ms(30));
    await clock.pass(60);
    audio.play(1, ms(20));
    audio.end(1);
    await clock.pass(40);
    expect(told()).toEqual(['1 20 playing', '1 30 stalled', '1 50 ended']);
    expect(audio.segments).toEqual([
      { turn: 1, startMs: 0, samples: 720 },
      { turn: 1, startMs: 60, samples: 480 },
    ]);
  });

  test('tells of a stall when the queue ends exactly with a tick', async () => {
    const { audio, clock, told } = await started();
    audio.play(1, ms(20));
    await clock.pass(60);
    expect(told()).toEqual(['1 20 playing', '1 20 stalled']);
  });

  test('plays a newer turn after the older one', async () => {
    const { audio, clock, told } = await started();
    audio.play(1, ms(30));
    audio.end(1);
    audio.play(2, ms(30));
    audio.end(2);
    await clock.pass(80);
    expect(told()).toEqual(['1 20 playing', '1 30 ended', '2 10 playing', '2 30 ended']);
  });

  test('clears between ticks to the sample, and then counts anew', async () => {
    const { audio, clock, told } = await started();
    audio.play(3, ms(500));
    await clock.pass(47);
    const cleared = audio.clear();
    audio.play(3, ms(10));
    audio.end(3);
    expect(await cleared).toEqual({ turn: 3, playedSamples: 47 * 24 });
    await clock.pass(33);
    expect(told().at(-1)).toBe('3 10 ended');
    expect(audio.heard().filter((sample) => sample !== 0)).toHaveLength(57 * 24);
  });

  test('answers a clear when nothing was played', async () => {
    const { audio } = await started();
    expect(await audio.clear()).toEqual({ turn: 0, playedSamples: 0 });
  });

  test('ends a turn without audio at once', async () => {
    const { audio, clock, told } = await started();
    audio.end(4);
    await clock.pass(20);
    expect(told()).toEqual(['4 0 ended']);
  });

  test('keeps what was heard with the silence between, to the sample', async () => {
    const { audio, clock } = await started();
    await clock.pass(15);
    audio.play(1, ms(10, 5));
    await clock.pass(85);
    const heard = audio.heard();
    expect(heard).toHaveLength(100 * 24);
    expect([...heard.entries()].filter(([, sample]) => sample === 5).map(([i]) => i)).toEqual(
      Array.from({ length: 240 }, (_, i) => 360 + i),
    );
  });

  test('keeps nothing when asked, and hands on the same stretch of both sides', async () => {
    const heard: Int16Array[] = [];
    const spoken: Int16Array[] = [];
    const onElapsed = (mic: Int16Array, speech: Int16Array) => {
      spoken.push(mic);
      heard.push(speech);
    };
    const { audio, clock } = await started({ keep: false, onElapsed });
    void audio.say(new Int16Array(160).fill(9));
    await clock.pass(10);
    audio.play(1, ms(20, 5));
    await clock.pass(50);
    expect(audio.heard()).toHaveLength(0);
    expect(audio.segments).toEqual([]);
    expect(spoken.map(({ length }) => length)).toEqual([320, 320, 320]);
    expect(heard.map(({ length }) => length)).toEqual([480, 480, 480]);
    expect(heard.flatMap((part) => Array.from(part)).filter((sample) => sample === 5)).toHaveLength(480);
  });
});
