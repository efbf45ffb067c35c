import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import type { VoiceActivityStream } from '../../../../server/ports/voice-activity.ts';
import { checkSileroVad, createSileroVad } from '../../../../server/providers/local/silero-vad.ts';
import type { SileroVad } from '../../../../server/providers/local/silero-vad.ts';
import { loadClip, loadClips, modelsDir } from '../../../support/clips.ts';

function windowsOf(pcm: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(pcm.length / 512) }, (_, i) => pcm.subarray(i * 512, (i + 1) * 512));
}

/** All windows at once: they are answered in order. */
function probabilities(stream: VoiceActivityStream, pcm: Int16Array): Promise<number[]> {
  return Promise.all(windowsOf(pcm).map((window) => stream.process(window)));
}

/** Reproducible noise, −1 to 1 (mulberry32). */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

describe('Silero voice activity', () => {
  let vad: SileroVad;
  beforeAll(async () => {
    vad = createSileroVad({ modelsDir: modelsDir(), clock: systemClock });
    await vad.ready();
  });
  afterAll(() => vad.close());

  it.each(loadClips())('hears the speech of $name', async ({ pcm }) => {
    const stream = vad.open();
    const answers = await probabilities(stream, pcm.subarray(0, 120_000));
    stream.close();
    expect(answers.filter((answer) => answer >= 0.5).length / answers.length).toBeGreaterThan(0.6);
  });

  it.each([
    ['silence', () => () => 0],
    ['white noise', () => createNoise(1)],
    [
      'loud white noise',
      () =>
        (
          (noise) => () =>
            noise() * 8
        )(createNoise(2)),
    ],
    [
      'hum',
      () =>
        (
          (i) => () =>
            Math.sin((i++ * 2 * Math.PI * 50) / 16_000) * 3
        )(0),
    ],
    [
      'rumble',
      () =>
        (
          (noise, last) => () =>
            (last = 0.98 * last + 0.2 * noise()) * 3
        )(createNoise(3), 0),
    ],
  ])('does not take %s for speech', async (_, make) => {
    const sound = make();
    const stream = vad.open();
    const answers = await probabilities(
      stream,
      Int16Array.from({ length: 100 * 512 }, () => sound() * 1000),
    );
    stream.close();
    expect(answers.filter((answer) => answer >= 0.5).length).toBeLessThanOrEqual(2);
  });

  it('answers the same in a batch of many as alone', async () => {
    const clips = loadClips().map(({ pcm }) => pcm.subarray(0, 40 * 512));
    const alone: number[][] = [];
    for (const pcm of clips) {
      const stream = vad.open();
      const answers: number[] = [];
      for (const window of windowsOf(pcm)) answers.push(await stream.process(window));
      alone.push(answers);
      stream.close();
    }
    const streams = clips.flatMap((pcm) => [pcm, pcm, pcm]).map((pcm) => ({ pcm, stream: vad.open() }));
    const together = await Promise.all(streams.map(({ pcm, stream }) => probabilities(stream, pcm)));
    for (const { stream } of streams) stream.close();
    for (const [i, answers] of together.entries()) {
      const wanted = alone[Math.floor(i / 3)] ?? [];
      for (const [k, answer] of answers.entries()) expect(answer).toBeCloseTo(wanted[k] ?? -1, 4);
    }
  });

  it('forgets on reset, and gives a new stream nothing of an old one', async () => {
    const pcm = loadClip('ss0880').pcm.subarray(0, 20 * 512);
    const stream = vad.open();
    const first = await probabilities(stream, pcm);
    const carriedOn = await probabilities(stream, pcm);
    stream.reset();
    expect(await probabilities(stream, pcm)).toEqual(first);
    stream.close();
    const reopened = vad.open();
    expect(await probabilities(reopened, pcm)).toEqual(first);
    reopened.close();
    expect(carriedOn).not.toEqual(first);
  });

  it('copies the samples', async () => {
    const stream = vad.open();
    const pcm = loadClip('ss0880').pcm.subarray(0, 40 * 512);
    const wanted = await probabilities(stream, pcm);
    stream.reset();
    const window = new Int16Array(512);
    const answers = windowsOf(pcm).map((samples) => {
      window.set(samples);
      return stream.process(window);
    });
    expect(await Promise.all(answers)).toEqual(wanted);
    stream.close();
  });

  it('refuses windows of another length, and answers 0 once closed', async () => {
    const stream = vad.open();
    await expect(stream.process(new Int16Array(511))).rejects.toThrow(RangeError);
    stream.close();
    expect(await stream.process(new Int16Array(512))).toBe(0);
  });

  it('bounds what waits for a stream', async () => {
    const stream = vad.open();
    const all = await Promise.allSettled(Array.from({ length: 300 }, () => stream.process(new Int16Array(512))));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(256);
    expect(all.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'engine_busy' } });
    stream.close();
  });

  it('answers 0 for what a dying worker had, and goes on with the next one', async () => {
    const speech = loadClip('leopard').pcm.subarray(20 * 512);
    const streams = Array.from({ length: 5 }, () => vad.open());
    const lost = streams.map((stream) => stream.process(speech.subarray(0, 512)));
    // Runs right after the batch was sent, before any answer can be read.
    setImmediate(() => vad.terminate());
    expect(await Promise.all(lost)).toEqual([0, 0, 0, 0, 0]);
    for (const stream of streams) {
      const answers = await probabilities(stream, speech.subarray(0, 100 * 512));
      expect(answers.filter((answer) => answer >= 0.5).length).toBeGreaterThan(70);
      stream.close();
    }
  });

  it('keeps what waits while a worker is replaced', async () => {
    const stream = vad.open();
    const speech = loadClip('leopard').pcm.subarray(20 * 512, 120 * 512);
    const answers = windowsOf(speech).map((window) => stream.process(window));
    await answers[10];
    vad.terminate();
    const heard = (await Promise.all(answers)).filter((answer) => answer >= 0.5);
    expect(heard.length).toBeGreaterThan(60);
    stream.close();
  });

  it('rejects once no engine can be brought back', async () => {
    const closing = createSileroVad({ modelsDir: modelsDir(), clock: systemClock });
    const stream = closing.open();
    const answers = [stream.process(new Int16Array(512)), stream.process(new Int16Array(512))];
    const outcomes = Promise.allSettled(answers);
    await closing.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'engine_closed' } });
    }
    await expect(stream.process(new Int16Array(512))).rejects.toMatchObject({ code: 'engine_closed' });
  });
});

describe('the weights of Silero', () => {
  it('come from the package when the models folder has none, or has a damaged file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kuku-models-'));
    try {
      expect(await checkSileroVad(dir)).toEqual({ ok: true });
      await mkdir(join(dir, 'silero-vad'));
      await writeFile(join(dir, 'silero-vad', 'silero_vad_16k_op15.onnx'), 'not a network');
      expect(await checkSileroVad(dir)).toEqual({ ok: true });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
