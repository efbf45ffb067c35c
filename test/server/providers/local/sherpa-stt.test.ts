import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import { checkSherpaSpeechToText, createSherpaSpeechToText } from '../../../../server/providers/local/sherpa-stt.ts';
import type { SherpaStt } from '../../../../server/providers/local/sherpa-stt.ts';
import { loadClip, loadClips, modelsDir } from '../../../support/clips.ts';
import { wordErrorRate } from '../../../support/word-error-rate.ts';

const never = new AbortController().signal;
const MODEL = 'zipformer-en-3.3m-streaming';

async function transcribe(stt: SherpaStt, pcm: Int16Array, chunkSamples = 512): Promise<string> {
  const utterance = stt.open({ signal: never, onPartial() {} });
  for (let at = 0; at < pcm.length; at += chunkSamples) utterance.push(pcm.subarray(at, at + chunkSamples));
  const { text, incomplete } = await utterance.finish();
  expect(incomplete).toBe(false);
  return text;
}

/** Resolves with the first partial transcript that has at least this many words. */
function partialOf(stt: SherpaStt, pcm: Int16Array, words: number) {
  const partials: string[] = [];
  const reached = Promise.withResolvers<void>();
  const utterance = stt.open({
    signal: never,
    onPartial(text) {
      partials.push(text);
      if (text.split(' ').length >= words) reached.resolve();
    },
  });
  utterance.push(pcm);
  return { utterance, partials, reached: reached.promise };
}

describe('local transcription', () => {
  let stt: SherpaStt;
  beforeAll(async () => {
    stt = createSherpaSpeechToText({ modelsDir: modelsDir(), clock: systemClock });
    await stt.ready();
  });
  afterAll(() => stt.close());

  it.each([
    ['as recorded', 1],
    ['30 dB quieter', 0.0316],
  ])('understands people %s, with at most 13 % of the words wrong', async (_, level) => {
    const pairs: [string, string][] = [];
    for (const { pcm, reference } of loadClips()) {
      pairs.push([
        reference,
        await transcribe(
          stt,
          pcm.map((sample) => sample * level),
        ),
      ]);
    }
    expect(wordErrorRate(pairs)).toBeLessThanOrEqual(0.13);
  });

  it('gives the same text however the audio is cut', async () => {
    const { pcm } = loadClip('leopard');
    const whole = await transcribe(stt, pcm, pcm.length);
    expect(await transcribe(stt, pcm, 320)).toBe(whole);
    expect(await transcribe(stt, pcm, 777)).toBe(whole);
  });

  it('does not mix utterances, whether at once or one after the other', async () => {
    const clips = ['ss0890', 'leopard', 'ss0930', 'arctic24'].map(loadClip);
    const alone: string[] = [];
    for (const { pcm } of clips) alone.push(await transcribe(stt, pcm));
    const together = await Promise.all(clips.map(({ pcm }) => transcribe(stt, pcm)));
    expect(together).toEqual(alone);
    expect(new Set(together).size).toBe(4);
  });

  it('does not let a long recording hold up a short utterance', async () => {
    const { pcm } = loadClip('jfk');
    let longIsOver = false;
    const long = stt.open({ signal: never, onPartial() {} });
    for (let i = 0; i < 4; i += 1) long.push(pcm);
    const longText = long.finish().finally(() => {
      longIsOver = true;
    });
    await transcribe(stt, loadClip('ss0880').pcm);
    expect(longIsOver).toBe(false);
    expect((await longText).text).toMatch(/country.*country/);
  });

  it('tells partial texts only when they change, in sentence case, and none after the final one', async () => {
    const { utterance, partials } = partialOf(stt, loadClip('ss0870').pcm, 1);
    const { text } = await utterance.finish();
    const count = partials.length;
    expect(count).toBeGreaterThan(8);
    expect(new Set(partials).size).toBe(count);
    for (const partial of partials) expect(partial).toMatch(/^A[a-zA-Z' ]*$/);
    expect(text.startsWith(partials.at(-1)?.slice(0, 20) ?? '?')).toBe(true);
    await transcribe(stt, loadClip('ss0880').pcm);
    expect(partials).toHaveLength(count);
  });

  it('hears no words in silence, nor in nothing', async () => {
    expect(await transcribe(stt, new Int16Array(32_000))).toBe('');
    expect(await transcribe(stt, new Int16Array(0))).toBe('');
  });

  it('gives the same text when the worker dies in the middle, and tells no partial twice', async () => {
    const { pcm } = loadClip('jfk');
    const wanted = await transcribe(stt, pcm);
    const { utterance, partials, reached } = partialOf(stt, pcm, 8);
    await reached;
    stt.terminate();
    expect(await utterance.finish()).toEqual({ text: wanted, incomplete: false });
    expect(new Set(partials).size).toBe(partials.length);
  });

  it('says that audio was lost when the worker dies after more than a minute', async () => {
    const { pcm } = loadClip('jfk');
    const { utterance, reached } = partialOf(stt, pcm, 15);
    await reached;
    for (let i = 0; i < 6; i += 1) utterance.push(pcm);
    stt.terminate();
    expect((await utterance.finish()).incomplete).toBe(true);
  });

  it('gives an utterance up when it kills every worker, with an error that a fallback may answer', async () => {
    const killed = createSherpaSpeechToText({ modelsDir: modelsDir(), clock: systemClock });
    const utterance = killed.open({ signal: never, onPartial: () => killed.terminate() });
    utterance.push(loadClip('ss0880').pcm);
    const failure = utterance.finish();
    const again = setInterval(() => killed.terminate(), 20);
    await expect(failure).rejects.toMatchObject({ code: 'engine_died', retryable: true });
    clearInterval(again);
    await killed.close();
  });

  it('rejects with the reason of an abort at once, and goes on with others', async () => {
    const controller = new AbortController();
    let partials = 0;
    const utterance = stt.open({ signal: controller.signal, onPartial: () => void (partials += 1) });
    utterance.push(loadClip('jfk').pcm);
    const final = utterance.finish();
    controller.abort(new Error('barge-in'));
    await expect(final).rejects.toBe(controller.signal.reason);
    utterance.push(loadClip('jfk').pcm);
    expect(await transcribe(stt, loadClip('ss0880').pcm)).toMatch(/^He was not/);
    expect(partials).toBe(0);
    const late = stt.open({ signal: controller.signal, onPartial() {} });
    await expect(late.finish()).rejects.toBe(controller.signal.reason);
  });

  it('spreads utterances over its workers', async () => {
    const two = createSherpaSpeechToText({ modelsDir: modelsDir(), clock: systemClock, workers: 2 });
    const clips = ['ss0880', 'ss0930', 'ss0890'].map(loadClip);
    const texts = await Promise.all(clips.map(({ pcm }) => transcribe(two, pcm)));
    await two.close();
    for (const [i, { pcm }] of clips.entries()) expect(texts[i]).toBe(await transcribe(stt, pcm));
  });

  it('rejects what is open when it is closed', async () => {
    const closing = createSherpaSpeechToText({ modelsDir: modelsDir(), clock: systemClock });
    const utterance = closing.open({ signal: never, onPartial() {} });
    utterance.push(loadClip('ss0880').pcm);
    const final = utterance.finish();
    await Promise.all([expect(final).rejects.toMatchObject({ code: 'engine_closed' }), closing.close()]);
  });
});

describe('the model of local transcription', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kuku-models-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('is found and checked', async () => {
    expect(await checkSherpaSpeechToText(modelsDir(), MODEL)).toEqual({ ok: true, model: MODEL });
  });

  it('is said to be missing where it is', async () => {
    expect(await checkSherpaSpeechToText(join(dir, 'nowhere'))).toMatchObject({
      ok: false,
      reason: expect.stringContaining(MODEL),
    });
  });

  it('is refused when a file is damaged, before anything native reads it', async () => {
    const damaged = join(dir, 'damaged');
    await cp(join(modelsDir(), MODEL), join(damaged, MODEL), { recursive: true, mode: 0 });
    const path = join(damaged, MODEL, 'joiner.int8.onnx');
    const bytes = await readFile(path);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await rm(path);
    await writeFile(path, bytes);
    expect(await checkSherpaSpeechToText(damaged)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/joiner\.int8\.onnx.*checksum/),
    });
    const stt = createSherpaSpeechToText({ modelsDir: damaged, clock: systemClock });
    await expect(stt.ready()).rejects.toMatchObject({ cause: { code: 'model_missing' } });
    await stt.close();
  });

  it('may be a folder of any name with the usual files, used unchecked', async () => {
    const own = join(dir, 'own', 'my-model');
    await mkdir(own, { recursive: true });
    for (const [from, to] of [
      ['encoder.int8.onnx', 'encoder-epoch-12-avg-2.int8.onnx'],
      ['decoder.onnx', 'decoder-epoch-12-avg-2.onnx'],
      ['joiner.int8.onnx', 'joiner-epoch-12-avg-2.int8.onnx'],
      ['tokens.txt', 'tokens.txt'],
    ] as const) {
      await cp(join(modelsDir(), MODEL, from), join(own, to));
    }
    expect(await checkSherpaSpeechToText(join(dir, 'own'), 'my-model')).toMatchObject({
      ok: true,
      model: 'my-model',
      remark: expect.stringContaining('unchecked'),
    });
    const stt = createSherpaSpeechToText({ modelsDir: join(dir, 'own'), clock: systemClock, model: 'my-model' });
    expect(await transcribe(stt, loadClip('ss0880').pcm)).toMatch(/^He was not/);
    await stt.close();
  });

  it('needs all of its parts', async () => {
    const part = join(dir, 'part', 'half-a-model');
    await mkdir(part, { recursive: true });
    await writeFile(join(part, 'encoder.onnx'), '');
    expect(await checkSherpaSpeechToText(join(dir, 'part'), 'half-a-model')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('lacks'),
    });
  });
});
