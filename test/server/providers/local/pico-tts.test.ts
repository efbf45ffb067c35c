import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KukuError } from '../../../../server/errors.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { checkPicoVoice, createPicoTextToSpeech } from '../../../../server/providers/local/pico-tts.ts';
import { modelsDir } from '../../../support/clips.ts';
import type { EngineSpeech } from '../../../../server/providers/local/engine-speech.ts';
import { difference, edges, labelled, loudness, ODD_TEXTS, SENTENCE, SILENT_TEXTS, speak } from './tts-support.ts';

/** The engine's filters are never quite empty: the same text differs by up to 30 of 32,768. */
const ROUNDING = 100;

describe.each(['en-GB', 'en-US'] as const)('pico, %s', (voice) => {
  let tts: EngineSpeech;
  beforeAll(async () => {
    tts = createPicoTextToSpeech({ clock: systemClock, modelsDir: modelsDir(), voice });
    await speak(tts, 'Warm.');
  });
  afterAll(() => tts.close());

  test('speaks a sentence at a natural pace, without clipping, in chunks of at most 100 ms', async () => {
    const { pcm, longest, chunks } = await speak(tts, SENTENCE);
    expect(pcm.length / tts.sampleRate).toBeGreaterThan(2);
    expect(pcm.length / tts.sampleRate).toBeLessThan(6);
    expect(loudness(pcm)).toBeGreaterThan(0.03);
    expect(pcm.some((sample) => sample >= 32_767 || sample <= -32_768)).toBe(false);
    expect(longest).toBeLessThanOrEqual(1600);
    expect(chunks).toBeGreaterThan(20);
  });

  test.each(['Five.', 'How are you?', 'Yes.', SENTENCE])('leaves little silence around "%s"', async (text) => {
    const { leadMs, tailMs } = edges((await speak(tts, text)).pcm, tts.sampleRate);
    expect(leadMs).toBeLessThanOrEqual(60);
    expect(tailMs).toBeGreaterThan(50);
    expect(tailMs).toBeLessThanOrEqual(200);
  });

  test.each(labelled(ODD_TEXTS))('gets through %s', async (_, text) => {
    expect(loudness((await speak(tts, text)).pcm)).toBeGreaterThan(0.005);
    expect((await speak(tts, 'Fine.')).pcm.length).toBeGreaterThan(3000);
  });

  test.each(SILENT_TEXTS)('has nothing to say to %j', async (text) => {
    expect((await speak(tts, text)).chunks).toBe(0);
  });

  test('takes markup as words: a text can not change the voice', async () => {
    const plain = await speak(tts, 'This is the usual voice.');
    await speak(tts, 'Now <pitch level="200"> higher and <speed level="500"> faster');
    const after = await speak(tts, 'This is the usual voice.');
    expect(difference(after.pcm, plain.pcm)).toBeLessThan(ROUNDING);
  });

  test('stops at the next chunk when it is aborted, and says the next sentence as if nothing had been', async () => {
    const undisturbed = await speak(tts, 'What is your next step?');
    const controller = new AbortController();
    const reason = new Error('barge-in');
    let chunks = 0;
    const speaking = async () => {
      for await (const _ of tts.synthesize(SENTENCE.repeat(8), { signal: controller.signal, turnKey: 't' })) {
        if (++chunks === 3) controller.abort(reason);
      }
    };
    await expect(speaking()).rejects.toBe(reason);
    expect(chunks).toBe(3);
    const next = await speak(tts, 'What is your next step?');
    expect(difference(next.pcm, undisturbed.pcm)).toBeLessThan(ROUNDING);
  });

  test('stops when its reader turns away in the middle of a sentence', async () => {
    const undisturbed = await speak(tts, 'What is your next step?');
    for await (const _ of tts.synthesize(SENTENCE, { signal: new AbortController().signal, turnKey: 't' })) break;
    const next = await speak(tts, 'What is your next step?');
    expect(difference(next.pcm, undisturbed.pcm)).toBeLessThan(ROUNDING);
  });

  test('goes on after its worker died in the middle of a text', async () => {
    let chunks = 0;
    const speaking = async () => {
      for await (const _ of tts.synthesize(SENTENCE.repeat(8), { signal: new AbortController().signal, turnKey: 't' }))
        if (++chunks === 2) tts.terminate();
    };
    const outcome = await speaking().catch((error: unknown) => error);
    // Whether the piece under way is lost or was here already is a race; either is fine, and so is what follows.
    expect([undefined, 'engine_died']).toContain(outcome instanceof KukuError ? outcome.code : outcome);
    expect(chunks).toBeGreaterThanOrEqual(2);
    expect(loudness((await speak(tts, SENTENCE)).pcm)).toBeGreaterThan(0.03);
  });

  test('keeps the sentences of several sessions apart', async () => {
    const alone = await speak(tts, 'What is your next step?');
    const together = await Promise.all(Array.from({ length: 8 }, () => speak(tts, 'What is your next step?')));
    for (const { pcm } of together) expect(difference(pcm, alone.pcm)).toBeLessThan(ROUNDING);
  });
});

describe('the check of the voices', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'kuku-pico-'));
    mkdirSync(join(root, 'svox-pico-en'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const of = (file: string) => join(modelsDir(), 'svox-pico-en', file);
  const to = (file: string) => join(root, 'svox-pico-en', file);

  test('says what is missing, what is damaged, and asks for the voice that is wanted only', async () => {
    expect(await checkPicoVoice(modelsDir())).toEqual({ ok: true });
    expect(await checkPicoVoice(root)).toEqual({ ok: false, reason: `${to('en-GB_ta.bin')} is missing.` });
    for (const file of ['en-GB_ta.bin', 'en-GB_kh0_sg.bin']) copyFileSync(of(file), to(file));
    expect(await checkPicoVoice(root, 'en-GB')).toEqual({ ok: true });
    expect(await checkPicoVoice(root, 'en-US')).toMatchObject({ ok: false });
    const sound = readFileSync(of('en-GB_kh0_sg.bin'));
    sound[1000] = (sound[1000] ?? 0) ^ 1;
    rmSync(to('en-GB_kh0_sg.bin'));
    writeFileSync(to('en-GB_kh0_sg.bin'), sound);
    expect(await checkPicoVoice(root)).toMatchObject({ ok: false, reason: expect.stringContaining('damaged') });
  });

  test('a voice that is not there makes an error that says so, in the end', async () => {
    const tts = createPicoTextToSpeech({ clock: systemClock, modelsDir: join(root, 'none') });
    await expect(speak(tts, 'Hello.')).rejects.toMatchObject({ retryable: true });
    await tts.close();
  });
});
