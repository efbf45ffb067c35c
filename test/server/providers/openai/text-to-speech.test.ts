import { describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../../../server/ports/clock.ts';
import type { Usage } from '../../../../server/ports/usage.ts';
import type { Deadlines } from '../../../../server/providers/openai/client.ts';
import { createOpenAiTextToSpeech } from '../../../../server/providers/openai/text-to-speech.ts';
import { CLOUD_KEY } from '../../../support/cloud/openai.ts';
import { SPEECH_RATE, tonePcm } from '../../../support/cloud/openai-audio.ts';
import {
  rateLimited,
  serverError,
  unauthorized,
  unknownModel,
  unsupported,
} from '../../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { failure, turnsUntil, useCloud } from './support.ts';

const use = useCloud();

function createTts(deadlines: Partial<Deadlines> = {}) {
  return createOpenAiTextToSpeech({ client: use.client(deadlines), instructions: 'Warm and calm.' });
}

async function speak(tts = createTts(), signal = new AbortController().signal, usages: Usage[] = []): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const options = { signal, turnKey: 'turn-1', onUsage: (usage: Usage) => void usages.push(usage) };
  for await (const { pcm } of tts.synthesize('How are you today?', options)) {
    chunks.push(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  }
  return Buffer.concat(chunks);
}

describe('a sentence', () => {
  it('is asked for as PCM, and comes as it is made', async () => {
    use.cloud.speech.next({ durationMs: 500, gapMs: 10 });
    const tts = createTts();
    expect(tts.sampleRate).toBe(SPEECH_RATE);
    expect((await speak(tts)).equals(tonePcm(500))).toBe(true);
    expect(use.cloud.speech.requests).toEqual([
      {
        model: 'gpt-4o-mini-tts',
        voice: 'marin',
        input: 'How are you today?',
        response_format: 'pcm',
        stream_format: 'audio',
        instructions: 'Warm and calm.',
      },
    ]);
  });

  it.each([1, 3, 4801])('is whole when samples are cut in half, in pieces of %i bytes', async (pieceBytes) => {
    use.cloud.speech.next({ durationMs: 60, pieceBytes, gapMs: pieceBytes > 100 ? 2 : 0 });
    expect((await speak()).equals(tonePcm(60))).toBe(true);
  });

  it('says what it cost', async () => {
    const usages: Usage[] = [];
    use.cloud.speech.next({ durationMs: 1500 });
    await speak(createTts(), undefined, usages);
    expect(usages).toEqual([
      { kind: 'speech', provider: 'openai', model: 'gpt-4o-mini-tts', characters: 18, audioSeconds: 1.5 },
    ]);
  });

  it('uses the connection of the one before', async () => {
    const tts = createTts();
    for (let i = 0; i < 4; i++) {
      await speak(tts);
      await sleep(systemClock, 5);
    }
    expect(use.cloud.connections).toBe(1);
  });

  it('is asked for without what the server does not know', async () => {
    use.cloud.speech.next(unsupported('stream_format'), unsupported('instructions'));
    const tts = createTts();
    await speak(tts);
    await speak(tts);
    expect(use.cloud.speech.requests).toHaveLength(4);
    expect(Object.keys(use.cloud.speech.requests.at(-1) ?? {})).toEqual(['model', 'voice', 'input', 'response_format']);
  });
});

describe('a failure', () => {
  it.each([
    ['a wrong key', unauthorized(CLOUD_KEY), 'provider_unauthorized'],
    ['a retired model', unknownModel('gpt-4o-mini-tts'), 'provider_model_unknown'],
    ['a 429', rateLimited('3'), 'provider_rate_limited'],
    ['a failing server', serverError, 'provider_failed'],
    ['a reset connection', reset, 'provider_unreachable'],
    ['a cut in the middle', { breaks: { after: 2, how: 'cut' as const } }, 'provider_broken_answer'],
    ['no sound', { durationMs: 0 }, 'provider_broken_answer'],
    ["a proxy's error page", { html: '<h1>Bad gateway</h1>' }, 'provider_broken_answer'],
  ])('%s has its code, and is asked about once', async (_, answer, code) => {
    use.cloud.speech.always(answer);
    expect((await failure(speak())).code).toBe(code);
    expect(use.cloud.speech.requests).toHaveLength(1);
  });

  it.each([
    ['before the headers', hang, 150],
    ['in the middle', { breaks: { after: 2, how: 'hang' as const } }, 120],
  ])('by silence %s ends at its deadline, and the request with it', async (_, answer, ms) => {
    use.cloud.speech.always(answer);
    const startMs = performance.now();
    const error = await failure(speak(createTts({ speechFirstMs: 150, speechGapMs: 120 })));
    expect(error.code).toBe('provider_timeout');
    expect(performance.now() - startMs).toBeGreaterThan(ms - 10);
    expect(performance.now() - startMs).toBeLessThan(ms + 5000);
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });
});

describe('an abort', () => {
  it('throws the reason and cuts the stream at the provider within one turn of the event loop', async () => {
    use.cloud.speech.next({ durationMs: 60_000, gapMs: 5 });
    const controller = new AbortController();
    const reason = new Error('barge-in');
    const usages: Usage[] = [];
    let turns: Promise<number> | undefined;
    const options = { signal: controller.signal, turnKey: 'a', onUsage: (usage: Usage) => void usages.push(usage) };
    const run = async () => {
      for await (const _ of createTts().synthesize('A very long story.', options)) {
        turns ??= turnsUntil(() => use.cloud.exchanges[0]?.cut === true);
        controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(await turns).toBeLessThanOrEqual(4);
    const sent = use.cloud.exchanges[0]?.sent;
    await sleep(systemClock, 60);
    expect(use.cloud.exchanges[0]?.sent).toBe(sent);
    expect(usages).toMatchObject([{ characters: 18 }]);
  });

  it('by leaving the iteration cuts it as well', async () => {
    use.cloud.speech.next({ durationMs: 60_000, gapMs: 5 });
    const options = { signal: new AbortController().signal, turnKey: 'a' };
    for await (const _ of createTts().synthesize('A very long story.', options)) break;
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });

  it('before it is asked asks nothing', async () => {
    await expect(speak(createTts(), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(use.cloud.connections).toBe(0);
  });
});

it('waits for a slow listener without running out of time', async () => {
  use.cloud.speech.next({ durationMs: 400 });
  const options = { signal: new AbortController().signal, turnKey: 'a' };
  let samples = 0;
  for await (const { pcm } of createTts({ speechGapMs: 50 }).synthesize('Hello.', options)) {
    samples += pcm.length;
    await sleep(systemClock, 80);
  }
  expect(samples).toBe((400 * SPEECH_RATE) / 1000);
});
