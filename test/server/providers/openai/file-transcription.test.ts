import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../../server/ports/usage.ts';
import type { Deadlines } from '../../../../server/providers/openai/client.ts';
import { createOpenAiFileTranscription } from '../../../../server/providers/openai/file-transcription.ts';
import { CLOUD_KEY } from '../../../support/cloud/openai.ts';
import {
  rateLimited,
  serverError,
  unauthorized,
  unknownModel,
  unsupported,
} from '../../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { tone } from '../../../support/scripted.ts';
import { wav } from '../../../support/wav.ts';
import { failure, turnsUntil, useCloud } from './support.ts';

const RATE = 16_000;
const use = useCloud();

interface Said {
  seconds?: number;
  deadlines?: Partial<Deadlines>;
  signal?: AbortSignal;
  partials?: string[];
  usages?: Usage[];
}

function say({ seconds = 1, deadlines = {}, signal, partials = [], usages = [] }: Said = {}) {
  const transcription = createOpenAiFileTranscription({ client: use.client(deadlines), language: 'en' }).open({
    signal: signal ?? new AbortController().signal,
    onPartial: (text) => void partials.push(text),
    onUsage: (usage) => void usages.push(usage),
  });
  const pcm = tone(seconds * RATE, RATE);
  for (let at = 0; at < pcm.length; at += 512) transcription.push(pcm.subarray(at, at + 512));
  return transcription;
}

describe('an utterance', () => {
  it('is sent whole, as a WAV file, when it is over', async () => {
    use.cloud.transcription.next({ text: 'I want to talk about my boss.' });
    const partials: string[] = [];
    const usages: Usage[] = [];
    const transcription = say({ partials, usages });
    expect(use.cloud.connections).toBe(0);
    expect(await transcription.finish()).toEqual({ text: 'I want to talk about my boss.', incomplete: false });
    const [request] = use.cloud.transcription.requests;
    expect(request?.fields).toEqual({
      model: 'gpt-transcribe',
      response_format: 'json',
      stream: 'true',
      language: 'en',
    });
    expect(request).toMatchObject({ name: 'utterance.wav', contentType: 'audio/wav' });
    expect(request?.bytes.equals(wav(tone(RATE, RATE), RATE))).toBe(true);
    expect(partials[0]).toBe('I ');
    expect(partials.at(-1)).toBe('I want to talk about my boss.');
    expect(usages).toMatchObject([{ kind: 'transcription', audioSeconds: 1, inputTokens: 14, outputTokens: 6 }]);
  });

  it('is understood by servers that cannot stream, whether they say so or not', async () => {
    use.cloud.transcription.next({ text: 'One.', unstreamed: true }, unsupported('stream'), { text: 'Two.' });
    expect((await say().finish()).text).toBe('One.');
    expect((await say().finish()).text).toBe('Two.');
    expect(use.cloud.transcription.requests.at(-1)?.fields).not.toHaveProperty('stream');
  });

  it('without sound is not sent', async () => {
    expect(await say({ seconds: 0.05 }).finish()).toEqual({ text: '', incomplete: false });
    expect(use.cloud.connections).toBe(0);
  });

  it('of more than 60 s loses its beginning, and says so', async () => {
    const { incomplete } = await say({ seconds: 61 }).finish();
    expect(incomplete).toBe(true);
    expect(use.cloud.transcription.requests[0]?.bytes.length).toBeLessThanOrEqual(60 * 2 * RATE + 44);
  });
});

describe('a failure', () => {
  it.each([
    ['a wrong key', unauthorized(CLOUD_KEY), 'provider_unauthorized'],
    ['a retired model', unknownModel('gpt-transcribe'), 'provider_model_unknown'],
    ['a 429', rateLimited('3'), 'provider_rate_limited'],
    ['a failing server', serverError, 'provider_failed'],
    ['a reset connection', reset, 'provider_unreachable'],
    ['a cut in the middle', { text: 'I want to', breaks: { after: 1, how: 'cut' as const } }, 'provider_broken_answer'],
    ['garbage', { text: 'I want to', breaks: { after: 1, how: 'garbage' as const } }, 'provider_broken_answer'],
  ])('%s has its code', async (_, answer, code) => {
    use.cloud.transcription.always(answer);
    expect((await failure(say().finish())).code).toBe(code);
  });

  it.each([
    ['before the headers', hang],
    ['in the middle', { text: 'I want to', breaks: { after: 1, how: 'hang' as const } }],
  ])('by silence %s ends at its deadline, and the request with it', async (_, answer) => {
    use.cloud.transcription.always(answer);
    const error = await failure(say({ deadlines: { fileFirstMs: 100, transcriptMs: 150 } }).finish());
    expect(error.code).toBe('provider_timeout');
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });
});

it('ends the request when it is aborted', async () => {
  use.cloud.transcription.always(hang);
  const controller = new AbortController();
  const final = say({ signal: controller.signal }).finish();
  await turnsUntil(() => use.cloud.transcription.requests.length === 1);
  controller.abort(new Error('left'));
  await expect(final).rejects.toThrow('left');
  await use.cloud.exchanges[0]?.over;
  expect(use.cloud.exchanges[0]?.cut).toBe(true);
});
