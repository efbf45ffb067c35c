import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KukuError } from '../../../../server/errors.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { createFliteTextToSpeech } from '../../../../server/providers/local/flite-tts.ts';
import type { EngineSpeech } from '../../../../server/providers/local/engine-speech.ts';
import { difference, edges, labelled, loudness, ODD_TEXTS, SENTENCE, SILENT_TEXTS, speak } from './tts-support.ts';

describe('flite', () => {
  let tts: EngineSpeech;
  beforeAll(async () => {
    tts = createFliteTextToSpeech({ clock: systemClock });
    await speak(tts, 'Warm.');
  });
  afterAll(() => tts.close());

  test('speaks a sentence at a natural pace and loudness, in chunks of at most 100 ms', async () => {
    const { pcm, longest } = await speak(tts, SENTENCE);
    expect(tts.sampleRate).toBe(16_000);
    expect(pcm.length / 16_000).toBeGreaterThan(2);
    expect(pcm.length / 16_000).toBeLessThan(6);
    expect(loudness(pcm)).toBeGreaterThan(0.03);
    expect(longest).toBeLessThanOrEqual(1600);
  });

  test.each(['Five.', 'How are you?', 'Yes.', SENTENCE])('leaves little silence around "%s"', async (text) => {
    const { leadMs, tailMs } = edges((await speak(tts, text)).pcm, tts.sampleRate);
    expect(leadMs).toBeGreaterThan(0);
    expect(leadMs).toBeLessThanOrEqual(60);
    expect(tailMs).toBeGreaterThan(50);
    expect(tailMs).toBeLessThanOrEqual(200);
  });

  test('says the same text the same way each time', async () => {
    const [first, second] = [await speak(tts, SENTENCE), await speak(tts, SENTENCE)];
    expect(difference(first.pcm, second.pcm)).toBe(0);
  });

  test.each(labelled(ODD_TEXTS))('gets through %s', async (_, text) => {
    expect(loudness((await speak(tts, text)).pcm)).toBeGreaterThan(0.005);
    expect((await speak(tts, 'Fine.')).pcm.length).toBeGreaterThan(3000);
  });

  test.each(SILENT_TEXTS)('has nothing to say to %j', async (text) => {
    expect((await speak(tts, text)).chunks).toBe(0);
  });

  test('speaks 2,000 characters piece by piece: the first sound does not wait for the last', async () => {
    const text = 'So what is it that you want to change, and why does it matter to you now? '.repeat(27);
    const startMs = performance.now();
    let firstMs = Number.NaN;
    let samples = 0;
    for await (const { pcm } of tts.synthesize(text, { signal: new AbortController().signal, turnKey: 't' })) {
      if (samples === 0) firstMs = performance.now() - startMs;
      samples += pcm.length;
    }
    expect(samples / 16_000).toBeGreaterThan(80);
    expect(firstMs).toBeLessThan((performance.now() - startMs) / 2);
  });

  test('stops at the next chunk when it is aborted, with the reason, and is free for the next sentence', async () => {
    const controller = new AbortController();
    const reason = new Error('barge-in');
    let chunks = 0;
    const speaking = async () => {
      for await (const _ of tts.synthesize(SENTENCE.repeat(8), { signal: controller.signal, turnKey: 't' })) {
        chunks++;
        controller.abort(reason);
      }
    };
    await expect(speaking()).rejects.toBe(reason);
    expect(chunks).toBe(1);
    expect((await speak(tts, 'Go on.')).pcm.length).toBeGreaterThan(3000);
  });

  test('stops while it waits for its first sound', async () => {
    const controller = new AbortController();
    const speaking = speak(tts, SENTENCE, controller.signal);
    controller.abort(new Error('never mind'));
    await expect(speaking).rejects.toThrow('never mind');
    await expect(speak(tts, SENTENCE, controller.signal)).rejects.toThrow('never mind');
  });

  test('says a sentence although its worker died over it', async () => {
    await tts.ready();
    const speaking = speak(tts, SENTENCE);
    tts.terminate();
    expect(loudness((await speaking).pcm)).toBeGreaterThan(0.03);
  });

  test('lets several sessions take turns: a short sentence does not wait for a long text', async () => {
    const long = speak(tts, 'So what is it that you want to change, and why does it matter? '.repeat(15));
    const order: string[] = [];
    await Promise.all([
      long.then(() => order.push('long')),
      speak(tts, 'Hello.').then(() => order.push('short')),
      speak(tts, 'Hello again.').then(() => order.push('short')),
    ]);
    expect(order).toEqual(['short', 'short', 'long']);
  });

  test('refuses what is too much as overloaded, and says the rest', async () => {
    const busy = createFliteTextToSpeech({ clock: systemClock, maxWaiting: 2 });
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => speak(busy, 'Hello.')));
    await busy.close();
    const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as KukuError] : []));
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(refused[0]).toMatchObject({ code: 'overloaded', retryable: true, status: 503 });
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(2);
  });
});

test('a voice that flite does not have is an error, not a silence', async () => {
  const tts = createFliteTextToSpeech({ clock: systemClock, voice: 'nobody' as 'rms' });
  await expect(speak(tts, 'Hello.')).rejects.toThrow(KukuError);
  await tts.close();
});

test('the other voices speak too, and two workers share the work', async () => {
  const tts = createFliteTextToSpeech({ clock: systemClock, voice: 'slt', workers: 2 });
  const spoken = await Promise.all(['One.', 'Two.', 'Three.', 'Four.'].map((text) => speak(tts, text)));
  for (const { pcm } of spoken) expect(loudness(pcm)).toBeGreaterThan(0.03);
  await tts.close();
  await expect(speak(tts, 'Hello.')).rejects.toMatchObject({ code: 'engine_closed' });
});
