import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ChatPrompt } from '../../../../server/ports/chat-model.ts';
import { sleep, systemClock } from '../../../../server/ports/clock.ts';
import type { Usage } from '../../../../server/ports/usage.ts';
import type { Deadlines } from '../../../../server/providers/openai/client.ts';
import { createOpenAiLanguageModel } from '../../../../server/providers/openai/language-model.ts';
import { CLOUD_KEY } from '../../../support/cloud/openai.ts';
import {
  outOfQuota,
  rateLimited,
  refusal,
  serverError,
  unauthorized,
  unknownModel,
  unsupported,
} from '../../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { failure, turnsUntil, useCloud } from './support.ts';

const prompt: ChatPrompt = {
  instructions: 'You are a coach.',
  messages: [
    { role: 'user', text: 'Hi.' },
    { role: 'user', text: 'Are you there?' },
  ],
  now: 'Ten minutes are left.',
  cacheKey: 'coach-1',
  maxTokens: 300,
};
const schema = { name: 'notes', schema: { type: 'object' } };

const use = useCloud();

function createModel(deadlines: Partial<Deadlines> = {}, options: { model?: string; baseUrl?: string } = {}) {
  return createOpenAiLanguageModel({ client: use.client(deadlines, options.baseUrl), model: options.model });
}

async function ask(model = createModel(), signal = new AbortController().signal, usages: Usage[] = []) {
  let text = '';
  for await (const piece of model.stream(prompt, { signal, onUsage: (usage) => usages.push(usage) })) text += piece;
  return text;
}

describe('an answer', () => {
  it('comes word by word, as it is written', async () => {
    use.cloud.chat.next({ text: 'One two three.', firstMs: 30, gapMs: 20 });
    const pieces: string[] = [];
    const atMs: number[] = [];
    const model = createModel();
    for await (const piece of model.stream(prompt, { signal: new AbortController().signal })) {
      pieces.push(piece);
      atMs.push(performance.now());
    }
    expect(pieces).toEqual(['One ', 'two ', 'three.']);
    expect((atMs[2] ?? 0) - (atMs[0] ?? 0)).toBeGreaterThan(20);
  });

  it('is asked for with what never changes first, what holds now last, and the roles in turns', async () => {
    await ask();
    expect(use.cloud.chat.requests[0]).toMatchObject({
      model: 'gpt-6-luna',
      messages: [
        { role: 'system', content: 'You are a coach.' },
        { role: 'user', content: 'Hi.\nAre you there?' },
        { role: 'system', content: 'Ten minutes are left.' },
      ],
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      reasoning_effort: 'none',
      verbosity: 'low',
      prompt_cache_key: 'coach-1',
      max_completion_tokens: 300,
    });
    expect(use.cloud.exchanges[0]?.headers.authorization).toBe(`Bearer ${CLOUD_KEY}`);
  });

  it('says what it cost, once', async () => {
    const usages: Usage[] = [];
    use.cloud.chat.next({ text: 'Yes.', usage: { prompt_tokens: 900, prompt_tokens_details: { cached_tokens: 800 } } });
    await ask(createModel(), undefined, usages);
    expect(usages).toEqual([
      {
        kind: 'model',
        provider: 'openai',
        model: 'gpt-6-luna',
        inputTokens: 900,
        cachedInputTokens: 800,
        outputTokens: 20,
        reasoningTokens: 0,
      },
    ]);
  });

  it('holds no thoughts of the model, wherever a vendor puts them', async () => {
    use.cloud.chat.next({ text: '<think> They seem sad.\nAsk. </think>\n\nHow are you?', reasoning: 'hm' });
    expect(await ask()).toBe('How are you?');
    use.cloud.chat.next({ text: '<b>Well</b> < that' });
    expect(await ask()).toBe('<b>Well</b> < that');
  });

  it('is taken from vendors that end without a finish reason, without usage, with tool calls besides', async () => {
    use.cloud.chat.next(
      { text: 'Fine.', endsAbruptly: true },
      { text: 'Good.', toolCall: { name: 'x', arguments: '{}' } },
    );
    const model = createModel();
    expect(await ask(model)).toBe('Fine.');
    expect(await ask(model)).toBe('Good.');
  });
});

describe('JSON', () => {
  const json = (model = createModel()) => model.json({ ...prompt, schema }, { signal: new AbortController().signal });

  it('is asked for by its schema, and found in whatever is around it', async () => {
    use.cloud.chat.next({ text: '{"stage": "goal"}' }, { text: 'Sure!\n```json\n{"stage": "goal"}\n```' });
    expect(await json()).toEqual({ stage: 'goal' });
    expect(await json()).toEqual({ stage: 'goal' });
    expect(use.cloud.chat.requests[0]?.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'notes', schema: { type: 'object' }, strict: true },
    });
  });

  it('that is none is a broken answer', async () => {
    use.cloud.chat.next({ text: 'I would rather not.' });
    expect((await failure(json())).code).toBe('provider_broken_answer');
  });
});

describe('a server that does not know all parameters', () => {
  const strict = (known: readonly string[]) => {
    use.cloud.chat.decide((request) => {
      const unknown = Object.keys(request).find((name) => !known.includes(name));
      return unknown === undefined ? undefined : unsupported(unknown);
    });
  };

  it('is asked without them after the first 400 that names each, and from then on', async () => {
    strict(['model', 'messages', 'stream', 'max_tokens']);
    const model = createModel();
    expect(await ask(model)).toBe('Hello there. What is on your mind?');
    const first = use.cloud.chat.requests.length;
    expect(first).toBeGreaterThan(4);
    expect(await ask(model)).toBe('Hello there. What is on your mind?');
    expect(use.cloud.chat.requests.length).toBe(first + 1);
    expect(Object.keys(use.cloud.chat.requests.at(-1) ?? {}).toSorted()).toEqual([
      'max_tokens',
      'messages',
      'model',
      'stream',
    ]);
  });

  it('keeps what it knows: only the one named is left out', async () => {
    strict(['model', 'messages', 'stream', 'stream_options', 'max_completion_tokens', 'reasoning_effort', 'verbosity']);
    await ask();
    const { prompt_cache_key: key, ...rest } = use.cloud.chat.requests.at(-1) ?? {};
    expect(key).toBeUndefined();
    expect(rest).toMatchObject({ reasoning_effort: 'none', verbosity: 'low', max_completion_tokens: 300 });
  });

  it('is understood when it complains in the manner of FastAPI', async () => {
    const detail = [{ type: 'extra_forbidden', loc: ['body', 'verbosity'], msg: 'Extra inputs are not permitted' }];
    use.cloud.chat.next({ trouble: 'status', status: 422, body: { detail } });
    expect(await ask()).toBe('Hello there. What is on your mind?');
    expect(use.cloud.chat.requests.at(-1)).not.toHaveProperty('verbosity');
  });

  it('gets what holds now with the first message when it allows one system message only', async () => {
    use.cloud.chat.next(refusal(400, { message: 'System message must be at the beginning.' }));
    await ask();
    expect(use.cloud.chat.requests.at(-1)?.messages).toEqual([
      { role: 'system', content: 'You are a coach.\n\nTen minutes are left.' },
      { role: 'user', content: 'Hi.\nAre you there?' },
    ]);
  });

  it('gets a 400 that names nothing of ours reported, after one request', async () => {
    use.cloud.chat.always(refusal(400, { message: 'Your prompt is too long.' }));
    expect((await failure(ask())).code).toBe('provider_bad_request');
    expect(use.cloud.chat.requests).toHaveLength(1);
  });
});

describe('a failure', () => {
  it.each([
    ['a wrong key', unauthorized(CLOUD_KEY), 'provider_unauthorized'],
    ['an unknown model', unknownModel('gpt-6-luna'), 'provider_model_unknown'],
    ['a retired model', refusal(400, { message: 'The model gpt-4o has been deprecated.' }), 'provider_model_unknown'],
    ['a used-up quota', outOfQuota, 'provider_quota_exhausted'],
    ['a failing server', serverError, 'provider_failed'],
    ['a reset connection', reset, 'provider_unreachable'],
    [
      'an error in mid-stream',
      { text: 'I', error: { message: 'overloaded', type: 'server_error' } },
      'provider_failed',
    ],
    ['a cut in mid-stream', { text: 'I see.', breaks: { after: 2, how: 'cut' as const } }, 'provider_broken_answer'],
    [
      'garbage in mid-stream',
      { text: 'I see.', breaks: { after: 2, how: 'garbage' as const } },
      'provider_broken_answer',
    ],
    ['an empty answer', { text: '' }, 'provider_broken_answer'],
    ['a refusal', { refusal: 'I cannot help with that.' }, 'provider_refused'],
    ['a content filter', { finish: 'content_filter' as const }, 'provider_refused'],
  ])('%s has its code, and is asked about once', async (_, answer, code) => {
    use.cloud.chat.always(answer);
    const error = await failure(ask());
    expect(error.code).toBe(code);
    expect(error.retryable).toBe(true);
    expect(use.cloud.chat.requests).toHaveLength(1);
  });

  it('of a model that is retired names it', async () => {
    use.cloud.chat.always(unknownModel('gpt-4o'));
    expect((await failure(ask(createModel({}, { model: 'gpt-4o' })))).message).toBe(
      'OpenAI does not know the model: "gpt-4o" is unknown or retired.',
    );
  });

  it.each([
    ['7', 7000],
    ['0.5', 500],
    [new Date(systemClock.now() + 60_000).toUTCString(), 60_000],
  ])('429 with Retry-After %s says how long to wait', async (header, ms) => {
    use.cloud.chat.always(rateLimited(header));
    const error = await failure(ask());
    expect(error.code).toBe('provider_rate_limited');
    expect(Math.abs((error.retryAfterMs ?? 0) - ms)).toBeLessThan(2000);
  });

  it('in the first hop is no connection: nobody listens there', async () => {
    const { baseUrl } = use.cloud;
    await use.cloud.close();
    expect((await failure(ask(createModel({}, { baseUrl })))).code).toBe('provider_unreachable');
  });
});

describe('a deadline', () => {
  const deadlines = { modelFirstMs: 150, modelGapMs: 120, modelWordsMs: 300, modelTotalMs: 500 };

  it.each([
    ['before the headers', hang, 150],
    ['in mid-stream', { text: 'One two three.', breaks: { after: 2, how: 'hang' as const } }, 120],
    ['in a slow drip of bytes without words', { reasoning: 'hm', text: '  '.repeat(40), gapMs: 100 }, 120],
    ['in an endless drip of words', { text: 'one '.repeat(100), gapMs: 20 }, 500],
  ])('ends a hang %s, and the request with it', async (_, answer, ms) => {
    use.cloud.chat.always(answer);
    const startMs = performance.now();
    const error = await failure(ask(createModel(deadlines)));
    expect(error.code).toBe('provider_timeout');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(ms - 5);
    expect(performance.now() - startMs).toBeLessThan(ms + 5000);
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });

  it('for connecting ends a handshake that nobody answers', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const startMs = performance.now();
    const model = createModel({ connectMs: 100, modelFirstMs: 5000 }, { baseUrl: `https://127.0.0.1:${port}/v1` });
    expect((await failure(ask(model))).code).toBe('provider_timeout');
    expect(performance.now() - startMs).toBeLessThan(4500);
    silent.close();
  });

  it('does not run while it is the caller who takes the time', async () => {
    use.cloud.chat.next({ text: 'One two three.', gapMs: 1 });
    let text = '';
    const model = createModel({ modelGapMs: 100 });
    for await (const piece of model.stream(prompt, { signal: new AbortController().signal })) {
      text += piece;
      await sleep(systemClock, 150);
    }
    expect(text).toBe('One two three.');
  });
});

describe('an abort', () => {
  const endless = { text: 'word '.repeat(500), gapMs: 5 };

  it('throws the reason and closes the request at the provider within one turn of the event loop', async () => {
    use.cloud.chat.next(endless);
    const controller = new AbortController();
    const reason = new Error('barge-in');
    const usages: Usage[] = [];
    let turns: Promise<number> | undefined;
    const run = async () => {
      for await (const _ of createModel().stream(prompt, {
        signal: controller.signal,
        onUsage: (usage) => usages.push(usage),
      })) {
        if (turns) continue;
        turns = turnsUntil(() => use.cloud.exchanges[0]?.cut === true);
        controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    // The kernel's turn and the cloud's own are among them: it sits in the same process.
    expect(await turns).toBeLessThanOrEqual(4);
    const sent = use.cloud.exchanges[0]?.sent;
    await sleep(systemClock, 60);
    expect(use.cloud.exchanges[0]?.sent).toBe(sent);
    // What was asked and answered until then is paid, so it is told, as a guess.
    expect(usages).toMatchObject([{ kind: 'model', estimated: true, inputTokens: 14 }]);
  });

  it('before the first word takes the request along', async () => {
    use.cloud.chat.next(hang);
    const controller = new AbortController();
    const running = ask(createModel(), controller.signal);
    await turnsUntil(() => use.cloud.exchanges.length > 0);
    controller.abort(new Error('changed their mind'));
    await expect(running).rejects.toBe(controller.signal.reason);
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });

  it('before it is asked asks nothing', async () => {
    await expect(ask(createModel(), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(use.cloud.exchanges).toEqual([]);
  });

  it('leaves a warm connection for the next turn', async () => {
    use.cloud.chat.next(endless);
    const model = createModel();
    const controller = new AbortController();
    await expect(
      (async () => {
        for await (const _ of model.stream(prompt, { signal: controller.signal })) controller.abort(new Error('stop'));
      })(),
    ).rejects.toThrow('stop');
    await turnsUntil(() => use.cloud.connections === 2);
    await sleep(systemClock, 50);
    await ask(model);
    expect(use.cloud.connections).toBe(2);
  });

  it('by leaving the iteration closes the request as well', async () => {
    use.cloud.chat.next(endless);
    for await (const _ of createModel().stream(prompt, { signal: new AbortController().signal })) break;
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });
});

it('uses one connection for all turns of a conversation', async () => {
  const model = createModel();
  for (let turn = 0; turn < 5; turn++) {
    await ask(model);
    await sleep(systemClock, 5);
  }
  expect(use.cloud.connections).toBe(1);
});
