import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import type { Usage } from '../../../../server/ports/usage.ts';
import { ElevenLabsAccount } from '../../../../server/providers/elevenlabs/account.ts';
import {
  createElevenLabsTextToSpeech,
  type ElevenLabsSpeech,
  type ElevenLabsSpeechOptions,
} from '../../../../server/providers/elevenlabs/text-to-speech.ts';
import { createFallbackSpeech } from '../../../../server/providers/fallback-speech.ts';
import {
  ELEVENLABS_KEY,
  type ElevenLabsCloud,
  refused,
  serverBroken,
  startElevenLabsCloud,
  tooMany,
  wrongKey,
} from '../../../support/cloud/elevenlabs.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { withFillers } from '../../../../server/voice/fillers.ts';
import { withSpeechText } from '../../../../server/voice/speech-text.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { accountAt, failureOf, samplesOf, speak } from './support.ts';

const TEXT = 'That sounds hard for you.';

let cloud: ElevenLabsCloud;
const voices: ElevenLabsSpeech[] = [];

beforeEach(async () => {
  cloud = await startElevenLabsCloud();
});
afterEach(async () => {
  for (const voice of voices.splice(0)) await voice.close();
  await cloud.close();
});

function createVoice(options: Partial<ElevenLabsSpeechOptions> = {}): ElevenLabsSpeech {
  const voice = createElevenLabsTextToSpeech({ account: accountAt(cloud.url), ...options });
  voices.push(voice);
  return voice;
}

const contexts = () => cloud.voice.sockets.flatMap((socket) => socket.contexts);

describe('the ElevenLabs voice on its socket', () => {
  it('speaks a sentence whole, with the times of its words', async () => {
    const { samples, words, chunks } = await speak(createVoice(), TEXT);
    expect(samples).toBe(samplesOf(TEXT));
    expect(words).toEqual(TEXT.split(' '));
    const times = chunks.flatMap(({ words = [] }) => words);
    expect(times[0]).toEqual({ word: 'That', startMs: 0, endMs: 240 });
    expect(times.at(-1)?.endMs).toBeCloseTo(TEXT.length * 60, 0);
    expect(times.map(({ startMs }) => startMs)).toEqual(times.map(({ startMs }) => startMs).toSorted((a, b) => a - b));
  });

  it('speaks the sentences of a turn in one context of one socket, and closes it with the turn', async () => {
    const voice = createVoice({ voiceSettings: { stability: 0.5 } });
    const turn = new AbortController();
    for (const text of ['One.', 'And two.', 'And three!']) {
      expect((await speak(voice, text, { signal: turn.signal })).samples).toBe(samplesOf(text));
    }
    expect(contexts()).toMatchObject([{ texts: ['One.', 'And two.', 'And three!'], closedAtMs: undefined }]);
    turn.abort();
    await expect.poll(() => contexts()[0]?.closedAtMs).toBeGreaterThan(0);
    await speak(voice, 'Next turn.', { turnKey: 'other' });
    expect(cloud.voice.sockets).toHaveLength(1);
    expect(contexts()).toHaveLength(2);
    expect(cloud.voice.sockets[0]?.query.get('model_id')).toBe('eleven_flash_v2_5');
  });

  it('ends a sentence at its last character, without waiting for silence', async () => {
    const voice = createVoice({ account: accountAt(cloud.url, { speechQuietMs: 5000 }) });
    expect((await speak(voice, TEXT)).samples).toBe(samplesOf(TEXT));
  });

  it.each([
    ['no times came', { unaligned: true }],
    ['a number was read as words', { alignedAs: 'I am thirty-seven.' }],
    ['the last characters are missing', { alignedAs: 'I am 3' }],
  ])('hears the end of a sentence when %s', async (_, answer) => {
    const voice = createVoice();
    cloud.voice.sentences.next(answer);
    expect((await speak(voice, 'I am 37.')).samples).toBe(samplesOf('I am 37.'));
    expect((await speak(voice, TEXT)).samples).toBe(samplesOf(TEXT));
    expect(contexts().map(({ texts }) => texts)).toEqual([['I am 37.'], [TEXT]]);
  });

  it('closes its context with the turn when it is one of several voices, too', async () => {
    const voice = createFallbackSpeech({ voices: [createVoice()], clock: systemClock });
    const turn = new AbortController();
    for (const text of ['One.', 'And two.']) await speak(voice, text, { signal: turn.signal });
    expect(contexts()).toMatchObject([{ texts: ['One.', 'And two.'], closedAtMs: undefined }]);
    turn.abort();
    await expect.poll(() => contexts()[0]?.closedAtMs).toBeGreaterThan(0);
  });

  it('is silent within one turn of the event loop on barge-in, and no character more is spoken', async () => {
    const voice = createVoice();
    const barge = new AbortController();
    cloud.voice.sentences.next({ gapMs: 100 });
    const speech = voice.synthesize(`${TEXT} ${TEXT}`, { signal: barge.signal, turnKey: 'turn' });
    const reader = speech[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(false);
    const parked = reader.next();
    let silent = false;
    parked.catch(() => (silent = true));
    barge.abort(new Error('barge-in'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(silent).toBe(true);
    await expect(parked).rejects.toThrow('barge-in');
    await expect.poll(() => contexts()[0]?.closedAtMs).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(contexts()[0]?.spokenChars).toBeLessThanOrEqual(20);
  });

  it.each([5, 400])('survives ten quick barge-ins when contexts take %i ms to close', async (closingMs) => {
    cloud.voice.closingMs = closingMs;
    cloud.voice.sentences.always({ firstMs: 2, gapMs: 300 });
    const voice = createVoice();
    for (let turn = 0; turn < 10; turn++) {
      const barge = new AbortController();
      const speech = voice.synthesize(`${TEXT} ${TEXT}`, { signal: barge.signal, turnKey: `turn-${turn}` });
      const reader = speech[Symbol.asyncIterator]();
      await reader.next();
      barge.abort();
      await expect(reader.next()).rejects.toBe(barge.signal.reason);
    }
    cloud.voice.sentences.always({});
    expect((await speak(voice, TEXT, { turnKey: 'last' })).samples).toBe(samplesOf(TEXT));
    expect(Math.max(...cloud.voice.sockets.map(({ most }) => most))).toBeLessThanOrEqual(5);
    expect(contexts()).toHaveLength(11);
  });

  it('opens another socket for the sixth turn at a time, and refuses beyond its limit', async () => {
    cloud.voice.sentences.always({ gapMs: 30 });
    const voice = createVoice({ maxSockets: 2 });
    const turns = Array.from({ length: 10 }, (_, i) => speak(voice, TEXT, { turnKey: `turn-${i}` }));
    await expect.poll(() => contexts().length).toBe(10);
    expect(await failureOf(speak(voice, TEXT, { turnKey: 'eleventh' }))).toMatchObject({
      code: 'provider_rate_limited',
    });
    for (const { samples } of await Promise.all(turns)) expect(samples).toBe(samplesOf(TEXT));
    expect(cloud.voice.sockets.map(({ most }) => most)).toEqual([5, 5]);
  });

  it('keeps the turns of two people apart', async () => {
    cloud.voice.sentences.always({ gapMs: 5 });
    const voice = createVoice();
    const [a, b] = await Promise.all([
      speak(voice, 'I hear that you are tired.', { turnKey: 'anna' }),
      speak(voice, 'Who is with you in this?', { turnKey: 'ben' }),
    ]);
    expect(a.words.join(' ')).toBe('I hear that you are tired.');
    expect(b.words.join(' ')).toBe('Who is with you in this?');
  });

  it.each([
    ['is too full (1008)', { refuses: { code: 1008, error: 'max_active_conversations' } }],
    ['is too old', { livesMs: 0 }],
  ])('takes another socket when one %s', async (_, answer) => {
    cloud.voice.connects.next(answer);
    cloud.voice.sentences.next({ firstMs: 50 }, {});
    expect((await speak(createVoice(), TEXT)).samples).toBe(samplesOf(TEXT));
    expect(cloud.voice.sockets.length).toBeGreaterThan(1);
  });

  it('goes on with a fresh socket after an idle one was closed', async () => {
    const voice = createVoice();
    await speak(voice, TEXT);
    cloud.cutAll();
    await expect.poll(() => cloud.voice.sockets[0]?.closed).toBe(true);
    expect((await speak(voice, TEXT, { turnKey: 'next' })).samples).toBe(samplesOf(TEXT));
  });
});

it('connects ahead of the first sentence, behind all that stands before it', async () => {
  const chain = createFallbackSpeech({ voices: [createVoice()], clock: systemClock });
  const voice = withFillers(withSpeechText(chain), { clip: () => ({ text: '', pcm: new Int16Array(0) }) });
  voice.warm?.();
  await expect.poll(() => cloud.voice.sockets.length).toBe(1);
  await speak(voice, TEXT);
  expect(cloud.voice.sockets).toHaveLength(1);
});

it('replaces an idle socket before the provider closes it, and so nobody waits for a new one', async () => {
  const clock = createFakeClock();
  const account = new ElevenLabsAccount({ apiKey: ELEVENLABS_KEY, baseUrl: cloud.url, clock });
  const voice = createVoice({ account });
  const turn = new AbortController();
  await speak(voice, TEXT, { signal: turn.signal });
  turn.abort();
  // The provider would wait for 180 s.
  await clock.advance(170_000);
  await expect.poll(() => cloud.voice.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  const next = new AbortController();
  await speak(voice, TEXT, { turnKey: 'next', signal: next.signal });
  next.abort();
  expect(cloud.voice.sockets).toHaveLength(2);
  // Somebody who has left is not held a socket for.
  await clock.advance(30 * 60_000);
  await expect.poll(() => cloud.voice.sockets.every(({ closed }) => closed)).toBe(true);
});

describe('the ElevenLabs voice in trouble', () => {
  it.each([
    ['401', wrongKey, 'provider_unauthorized'],
    ['429', tooMany, 'provider_rate_limited'],
    ['a spent quota', refused(401, 'quota_exceeded'), 'provider_quota_exhausted'],
    ['an unknown voice', refused(404, 'voice_not_found'), 'provider_model_unknown'],
    ['silence before the handshake', hang, 'provider_timeout'],
  ])('tells %s at the handshake apart', async (_, trouble, code) => {
    cloud.voice.connects.always(trouble);
    const error = await failureOf(speak(createVoice(), TEXT));
    expect(error).toMatchObject({ code, retryable: true });
    if (trouble === tooMany) expect(error.retryAfterMs).toBe(7000);
  });

  it.each([
    ['hang', { after: 1, how: 'hang' }, 'provider_timeout'],
    ['sentence that stops', { after: 1, how: 'stop' }, 'provider_broken_answer'],
    ['cut', { after: 1, how: 'reset' }, 'provider_broken_answer'],
    ['garbage', { after: 1, how: 'garbage' }, 'provider_broken_answer'],
    [
      'a close 1008 for the quota',
      { after: 1, how: 'close', code: 1008, reason: 'quota_exceeded' },
      'provider_quota_exhausted',
    ],
  ] as const)('does not start over after a %s in the middle, and speaks the next sentence', async (_, breaks, code) => {
    const voice = createVoice();
    cloud.voice.sentences.next({ breaks });
    let samples = 0;
    const broken = (async () => {
      const { signal } = new AbortController();
      for await (const { pcm } of voice.synthesize(TEXT, { signal, turnKey: 'turn' })) samples += pcm.length;
    })();
    expect((await failureOf(broken)).code).toBe(code);
    expect(samples).toBe(10 * 60 * 24);
    expect((await speak(voice, 'Go on.')).samples).toBe(samplesOf('Go on.'));
    expect(contexts().flatMap(({ texts }) => texts)).toEqual([TEXT, 'Go on.']);
  });

  it('gives up when no audio comes', async () => {
    cloud.voice.sentences.next({ breaks: { after: 0, how: 'hang' } });
    expect((await failureOf(speak(createVoice(), TEXT))).code).toBe('provider_timeout');
    await expect.poll(() => contexts()[0]?.closedAtMs).toBeGreaterThan(0);
  });

  it.each([
    ['refused with a 500', serverBroken],
    ['reset', reset],
  ])('speaks by HTTP when sockets are %s, and does not try them again at once', async (_, trouble) => {
    cloud.voice.connects.always(trouble);
    const voice = createVoice();
    expect((await speak(voice, TEXT)).samples).toBe(samplesOf(TEXT));
    const dialled = cloud.exchanges.filter(({ method }) => method === 'GET').length;
    await speak(voice, 'Go on.');
    expect(cloud.exchanges.filter(({ method }) => method === 'GET')).toHaveLength(dialled);
    expect(cloud.httpVoice.texts).toEqual([TEXT, 'Go on.']);
  });

  it('speaks by HTTP with models that know no socket', async () => {
    expect((await speak(createVoice({ model: 'eleven_v3' }), TEXT)).samples).toBe(samplesOf(TEXT));
    expect(cloud.voice.sockets).toEqual([]);
  });

  it.each([
    ['401', wrongKey, 'provider_unauthorized'],
    ['429', tooMany, 'provider_rate_limited'],
    ['500', serverBroken, 'provider_failed'],
    ['hang', hang, 'provider_timeout'],
    ['cut', { breaks: { after: 2, how: 'cut' } }, 'provider_broken_answer'],
    ['stall', { breaks: { after: 2, how: 'hang' } }, 'provider_timeout'],
  ] as const)('tells %s over HTTP apart', async (_, trouble, code) => {
    cloud.httpVoice.next(trouble);
    expect((await failureOf(speak(createVoice({ model: 'eleven_v3' }), TEXT))).code).toBe(code);
  });

  it('ends the request when it is aborted over HTTP', async () => {
    const voice = createVoice({ model: 'eleven_v3' });
    cloud.httpVoice.next({ gapMs: 200 });
    const barge = new AbortController();
    const reader = voice.synthesize(TEXT, { signal: barge.signal, turnKey: 'turn' })[Symbol.asyncIterator]();
    await reader.next();
    barge.abort();
    await expect(reader.next()).rejects.toBe(barge.signal.reason);
    await expect.poll(() => cloud.exchanges[0]?.cut).toBe(true);
  });

  it('says what a sentence cost, once, and nothing when it was never sent', async () => {
    const usages: Usage[] = [];
    const onUsage = (usage: Usage) => usages.push(usage);
    const voice = createVoice();
    await speak(voice, TEXT, { onUsage });
    expect(usages).toEqual([
      { kind: 'speech', provider: 'elevenlabs', model: 'eleven_flash_v2_5', characters: TEXT.length },
    ]);
    cloud.voice.connects.always(wrongKey);
    await failureOf(speak(createVoice(), TEXT, { onUsage }));
    expect(usages).toHaveLength(1);
  });

  it('shows its key nowhere', async () => {
    cloud.voice.connects.always(wrongKey);
    const account = accountAt(cloud.url);
    const voice = createVoice({ account });
    const error = await failureOf(speak(voice, TEXT));
    cloud.voice.connects.always({ refuses: { code: 1008, error: `bad ${ELEVENLABS_KEY}` } });
    const closed = await failureOf(speak(createVoice(), TEXT));
    for (const shown of [error, closed, account, voice]) {
      expect(`${inspect(shown, { depth: 10, showHidden: true })} ${JSON.stringify(shown)}`).not.toContain('WXYZ');
    }
  });
});
