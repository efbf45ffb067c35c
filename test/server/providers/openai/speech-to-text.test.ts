import { describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../../../server/ports/clock.ts';
import type { SpeechToText } from '../../../../server/ports/speech-to-text.ts';
import type { Usage } from '../../../../server/ports/usage.ts';
import type { Deadlines } from '../../../../server/providers/openai/client.ts';
import { createOpenAiSpeechToText } from '../../../../server/providers/openai/speech-to-text.ts';
import { CLOUD_KEY } from '../../../support/cloud/openai.ts';
import { outOfQuota, rateLimited, serverError, unauthorized } from '../../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { tone } from '../../../support/scripted.ts';
import { failure, turnsUntil, useCloud } from './support.ts';

const RATE = 16_000;
const use = useCloud();

function createStt(deadlines: Partial<Deadlines> = {}, model?: string): SpeechToText {
  return createOpenAiSpeechToText({ client: use.client(deadlines), model });
}

interface Said {
  seconds?: number;
  signal?: AbortSignal;
  partials?: string[];
  usages?: Usage[];
}

/** An utterance in windows of 32 ms, as the microphone gives them. */
function say(stt: SpeechToText, { seconds = 1, signal, partials = [], usages = [] }: Said = {}) {
  const transcription = stt.open({
    signal: signal ?? new AbortController().signal,
    onPartial: (text) => void partials.push(text),
    onUsage: (usage) => void usages.push(usage),
  });
  const pcm = tone(seconds * RATE, RATE);
  for (let at = 0; at < pcm.length; at += 512) transcription.push(pcm.subarray(at, at + 512));
  return transcription;
}

describe('an utterance', () => {
  it('goes to a transcription session of our own end of turn, and comes back as text', async () => {
    use.cloud.realtime.utterances.next({ text: 'I want to talk about my boss.' });
    const final = await say(createStt()).finish();
    expect(final).toEqual({ text: 'I want to talk about my boss.', incomplete: false });
    expect(use.cloud.realtime.sessions[0]?.update).toEqual({
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: { model: 'gpt-live-transcribe' },
          turn_detection: null,
        },
      },
    });
    expect(use.cloud.exchanges[0]?.headers.authorization).toBe(`Bearer ${CLOUD_KEY}`);
  });

  it('is heard whole, resampled to 24 kHz', async () => {
    await say(createStt(), { seconds: 2 }).finish();
    const heard = use.cloud.realtime.sessions[0]?.utterances[0] ?? Buffer.alloc(0);
    expect(heard.length / 2).toBe(48_000);
    const samples = new Int16Array(heard.buffer.slice(heard.byteOffset, heard.byteOffset + heard.length));
    const expected = tone(48_000, 24_000);
    const middle = samples.subarray(1000, 47_000).map((sample, i) => sample - (expected[i + 1000] ?? 0));
    expect(Math.max(...middle.map((difference) => Math.abs(difference)))).toBeLessThan(60);
  });

  it('shows its words while they are said, each time the whole text so far', async () => {
    use.cloud.realtime.utterances.next({ text: 'one two three four', wordMs: 240 });
    const partials: string[] = [];
    const transcription = say(createStt(), { partials });
    await turnsUntil(() => partials.length === 4);
    expect(partials).toEqual(['one', 'one two', 'one two three', 'one two three four']);
    expect((await transcription.finish()).text).toBe('one two three four');
  });

  it('says what it cost in tokens, or else in seconds', async () => {
    const usages: Usage[] = [];
    const usage = { type: 'tokens' as const, input_tokens: 40, output_tokens: 8, total_tokens: 48 };
    use.cloud.realtime.utterances.next(
      { text: 'one', usage },
      { text: 'two', usage: { type: 'duration', seconds: 2 } },
    );
    const stt = createStt();
    await say(stt, { usages }).finish();
    await say(stt, { usages }).finish();
    const common = { kind: 'transcription', provider: 'openai', model: 'gpt-live-transcribe' };
    expect(usages).toEqual([
      { ...common, audioSeconds: 1, inputTokens: 40, outputTokens: 8 },
      { ...common, audioSeconds: 2 },
    ]);
  });

  it('of less than a tenth of a second is no word and no error', async () => {
    const final = await say(createStt(), { seconds: 0.05 }).finish();
    expect(final).toEqual({ text: '', incomplete: false });
    expect(use.cloud.realtime.sessions[0]?.utterances ?? []).toEqual([]);
  });

  it('can be finished twice, with the same answer', async () => {
    const transcription = say(createStt());
    expect(transcription.finish()).toBe(transcription.finish());
    await transcription.finish();
  });
});

describe('a connection', () => {
  it('is kept for the next utterance', async () => {
    const stt = createStt();
    use.cloud.realtime.utterances.next({ text: 'one' }, { text: 'two' }, { text: 'three' });
    const texts = [];
    for (let i = 0; i < 3; i++) texts.push((await say(stt).finish()).text);
    expect(texts).toEqual(['one', 'two', 'three']);
    expect(use.cloud.realtime.sessions).toHaveLength(1);
    expect(use.cloud.realtime.sessions[0]?.utterances).toHaveLength(3);
  });

  it('serves one utterance at a time: two people are heard over two', async () => {
    const stt = createStt();
    use.cloud.realtime.utterances.next({ text: 'one', finalMs: 30 }, { text: 'two', finalMs: 30 });
    const finals = await Promise.all([say(stt).finish(), say(stt).finish()]);
    expect(finals.map(({ text }) => text).toSorted()).toEqual(['one', 'two']);
    expect(use.cloud.realtime.sessions).toHaveLength(2);
  });

  it('carries nothing over from an utterance that was given up for being short', async () => {
    const stt = createStt();
    await say(stt, { seconds: 1 }).finish();
    await say(stt, { seconds: 0.05 }).finish();
    await say(stt, { seconds: 1 }).finish();
    expect(use.cloud.realtime.sessions[0]?.utterances.map((bytes) => bytes.length)).toEqual([48_000, 48_000]);
  });

  it('is rotated before its session dies', async () => {
    const inSeconds = (seconds: number) => systemClock.now() / 1000 + seconds;
    use.cloud.realtime.connects.next({ expiresAt: inSeconds(120.3) }, { expiresAt: inSeconds(3600) });
    const stt = createStt();
    await say(stt).finish();
    // Two minutes before its end, while it is idle.
    await sleep(systemClock, 400);
    expect(use.cloud.realtime.sessions[0]?.closed).toBe(true);
    await say(stt).finish();
    await say(stt).finish();
    expect(use.cloud.realtime.sessions).toHaveLength(2);
  });

  it('that is too old during an utterance is closed after it', async () => {
    use.cloud.realtime.connects.next({ expiresAt: systemClock.now() / 1000 + 120.2 });
    const stt = createStt();
    const transcription = say(stt);
    await sleep(systemClock, 300);
    expect((await transcription.finish()).text).toBe('Hello from the socket.');
    await turnsUntil(() => use.cloud.realtime.sessions[0]?.closed === true);
  });

  it('that dies while it is idle is not noticed by anybody', async () => {
    const stt = createStt();
    await say(stt).finish();
    use.cloud.cutAll();
    await turnsUntil(() => use.cloud.realtime.sessions[0]?.closed === true);
    expect((await say(stt).finish()).text).toBe('Hello from the socket.');
  });

  it('that turns out to be dead in the first word is replaced, and all is said again', async () => {
    const stt = createStt();
    await say(stt).finish();
    const transcription = say(stt, { seconds: 2 });
    use.cloud.cutAll();
    expect((await transcription.finish()).text).toBe('Hello from the socket.');
    expect(use.cloud.realtime.sessions[1]?.utterances[0]?.length).toBe(96_000);
  });

  it('that no longer answers pings is given up', async () => {
    const clock = createFakeClock();
    const stt = createOpenAiSpeechToText({ client: use.client({}, undefined, clock) });
    await say(stt).finish();
    await clock.advance(60_000);
    await say(stt).finish();
    expect(use.cloud.realtime.sessions).toHaveLength(1);
    use.cloud.realtime.sessions[0]?.freeze();
    await clock.advance(40_000);
    await say(stt).finish();
    expect(use.cloud.realtime.sessions).toHaveLength(2);
    await stt.close();
  });

  it('is closed with the adapter', async () => {
    const stt = createStt();
    await say(stt).finish();
    expect(use.cloud.realtime.sessions[0]?.closed).toBe(false);
    await stt.close();
    expect(await turnsUntil(() => use.cloud.realtime.sessions[0]?.closed === true)).toBeGreaterThan(0);
  });
});

describe('a failure', () => {
  it.each([
    ['a wrong key', unauthorized(CLOUD_KEY), 'provider_unauthorized'],
    ['a used-up quota', outOfQuota, 'provider_quota_exhausted'],
    ['a failing server', serverError, 'provider_failed'],
    ['a reset handshake', reset, 'provider_unreachable'],
    [
      'an unknown model',
      { refuses: { message: 'Model "x" not found.', param: 'session.audio.input.transcription.model' } },
      'provider_model_unknown',
    ],
  ])('at the start, %s, shows when it is finished', async (_, answer, code) => {
    use.cloud.realtime.connects.always(answer);
    const error = await failure(say(createStt()).finish());
    expect(error.code).toBe(code);
    expect(error.retryable).toBe(true);
    expect(use.cloud.exchanges).toHaveLength(1);
  });

  it('of a retired model names it', async () => {
    const refuses = { message: 'gone', code: 'model_not_found' };
    use.cloud.realtime.connects.always({ refuses });
    const error = await failure(say(createStt({}, 'whisper-1')).finish());
    expect(error.message).toBe('OpenAI does not know the model: "whisper-1" is unknown or retired.');
  });

  it('with Retry-After says how long to wait', async () => {
    use.cloud.realtime.connects.always(rateLimited('12'));
    const error = await failure(say(createStt()).finish());
    expect(error).toMatchObject({ code: 'provider_rate_limited', retryAfterMs: 12_000 });
  });

  it.each([
    ['a policy violation', { how: 'close' as const, code: 1008, reason: 'policy' }, 'provider_broken_answer', 1],
    ['a failing server', { how: 'close' as const, code: 1011 }, 'provider_broken_answer', 2],
    ['a reset', { how: 'reset' as const }, 'provider_broken_answer', 2],
    ['garbage', { how: 'garbage' as const }, 'provider_broken_answer', 2],
    [
      'a failed transcription',
      { how: 'failed' as const, code: 'rate_limit_exceeded', message: 'slow down' },
      'provider_rate_limited',
      1,
    ],
  ])('in the middle, %s, is tried again only where that may help', async (_, breaks, code, sessions) => {
    use.cloud.realtime.utterances.always({ text: 'never', breaks });
    const usages: Usage[] = [];
    const error = await failure(say(createStt(), { usages }).finish());
    expect(error.code).toBe(code);
    expect(use.cloud.realtime.sessions).toHaveLength(sessions);
    expect(usages).toMatchObject([{ audioSeconds: 1, estimated: true }]);
  });

  it('in mid-utterance goes unheard when the second try does it, and words are not shown twice', async () => {
    const breaks = { how: 'close' as const, code: 1011 };
    use.cloud.realtime.utterances.next(
      { text: 'one two three', wordMs: 300, breaks, breaksAfterMs: 700 },
      { text: 'one two three', wordMs: 300 },
    );
    const partials: string[] = [];
    const final = await say(createStt(), { partials }).finish();
    expect(final).toEqual({ text: 'one two three', incomplete: false });
    expect(partials).toEqual([...new Set(partials)]);
    expect(partials.at(-1)).toBe('one two three');
  });

  it('of a session that ends of age in mid-utterance goes unheard', async () => {
    use.cloud.realtime.connects.next({ livesMs: 50 });
    const transcription = say(createStt());
    await turnsUntil(() => use.cloud.realtime.sessions[0]?.closed === true);
    expect((await transcription.finish()).text).toBe('Hello from the socket.');
  });

  it.each([
    ['no handshake', () => use.cloud.realtime.connects.always(hang), 200],
    ['no final transcript', () => use.cloud.realtime.utterances.always({ text: '', breaks: { how: 'hang' } }), 300],
  ])('by silence, %s, ends at its deadline', async (_, script, ms) => {
    script();
    const startMs = performance.now();
    const error = await failure(say(createStt({ connectMs: 200, transcriptMs: 300 })).finish());
    expect(error.code).toBe('provider_timeout');
    expect(performance.now() - startMs).toBeGreaterThan(ms - 10);
    expect(performance.now() - startMs).toBeLessThan(ms + 5000);
  });

  it('nobody waits for is no unhandled rejection', async () => {
    use.cloud.realtime.connects.always(serverError);
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    say(createStt());
    await turnsUntil(() => use.cloud.exchanges.length === 1);
    await sleep(systemClock, 30);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('an abort', () => {
  it('closes the socket within one turn of the event loop, and finishes with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('left');
    const transcription = say(createStt(), { signal: controller.signal });
    await turnsUntil(() => (use.cloud.realtime.sessions[0]?.pendingBytes ?? 0) > 0);
    controller.abort(reason);
    expect(await turnsUntil(() => use.cloud.realtime.sessions[0]?.closed === true)).toBeLessThanOrEqual(5);
    await expect(transcription.finish()).rejects.toBe(reason);
    expect(use.cloud.realtime.sessions[0]?.utterances).toEqual([]);
  });

  it('before the utterance opens nothing', async () => {
    const transcription = say(createStt(), { signal: AbortSignal.abort(new Error('left')) });
    await expect(transcription.finish()).rejects.toThrow('left');
    expect(use.cloud.connections).toBe(0);
  });
});

it('loses the oldest audio past 60 s that nobody could be sent, and says so', async () => {
  // All of it in one go, before there is a connection.
  const final = await say(createStt(), { seconds: 61 }).finish();
  expect(final.incomplete).toBe(true);
  expect((use.cloud.realtime.sessions[0]?.utterances[0]?.length ?? 0) / 48_000).toBeCloseTo(60, 1);
});
