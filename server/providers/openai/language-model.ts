/**
 * A language model by streaming chat completions: what OpenAI and nearly every other vendor speaks. JSON is streamed as
 * well, so that an abort or a deadline ends the work at the provider in the same way.
 */
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { ChatModel, ChatOptions, ChatPrompt, JsonSchema } from '../../ports/chat-model.ts';
import { createDeadline, type Deadline } from '../../ports/deadline.ts';
import type { Usage } from '../../ports/usage.ts';
import { type ChatRequest, chatRequest, OPTIONALS } from './chat-request.ts';
import type { OpenAiClient } from './client.ts';
import { createParameters } from './parameters.ts';
import { createThoughtFilter } from './thoughts.ts';

export const DEFAULT_CHAT_MODEL = 'gpt-6-luna';

export interface LanguageModelOptions {
  client: OpenAiClient;
  /** Default: the smallest of the current models, which has its first words soonest. */
  model?: string | undefined;
}

export function createOpenAiLanguageModel({ client, model = DEFAULT_CHAT_MODEL }: LanguageModelOptions): ChatModel {
  const { clock, deadlines, failures } = client;
  const parameters = createParameters<ChatRequest>(OPTIONALS);
  const timeout = () => failures.timeout(`model "${model}"`);

  const open = (request: ChatRequest, deadline: Deadline) => {
    deadline.within(deadlines.modelFirstMs, timeout);
    return parameters.send(model, request, (attempt) =>
      client.sdk.chat.completions.create(attempt, { signal: deadline.signal }),
    );
  };

  /** Text as it comes, thoughts left out. Deadlines hold while the provider is waited for, not while the caller is. */
  async function* answer(request: ChatRequest, deadline: Deadline, bill: Bill): AsyncGenerator<string> {
    const startMs = clock.monotonicMs();
    const filter = createThoughtFilter();
    let said = false;
    const chunks = await open(request, deadline);
    bill.begin();
    for await (const chunk of chunks) {
      deadline.pause();
      const text = filter.push(textOf(chunk, bill));
      const refused = chunk.choices.some(
        ({ delta, finish_reason: reason }) => delta?.refusal || reason === 'content_filter',
      );
      if (refused && !said) throw failures.refused();
      if (text) yield text;
      said ||= text.trim() !== '';
      const untilEndMs = startMs + (said ? deadlines.modelTotalMs : deadlines.modelWordsMs) - clock.monotonicMs();
      deadline.within(Math.max(0, Math.min(deadlines.modelGapMs, untilEndMs)), timeout);
    }
    // The SDK ends quietly on an abort.
    deadline.signal.throwIfAborted();
    const rest = filter.flush();
    if (rest) yield rest;
    if (!said && rest.trim() === '') throw failures.broken('an empty answer');
  }

  async function* run(prompt: ChatPrompt, options: ChatOptions, schema?: JsonSchema): AsyncGenerator<string> {
    options.signal.throwIfAborted();
    const deadline = createDeadline(clock, options.signal);
    const request = chatRequest(model, prompt, schema);
    const bill = createBill(model, request, options.onUsage);
    let finished = false;
    try {
      yield* answer(request, deadline, bill);
      finished = true;
    } catch (error) {
      finished = true;
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw failures.of(error, { model, phase: bill.begun ? 'answering' : 'before' });
    } finally {
      // Also when the caller has left: the SDK then closes the stream as well.
      if (!finished) deadline.abort(undefined);
      if (deadline.signal.aborted) client.warm();
      deadline.close();
      bill.settle();
    }
  }

  return {
    name: 'openai',
    model,
    stream: (prompt, options) => run(prompt, options),
    async json({ schema, ...prompt }, options) {
      let text = '';
      for await (const piece of run(prompt, options, schema)) text += piece;
      try {
        return parseObject(text);
      } catch {
        throw failures.broken('no JSON');
      }
    },
    warm: () => client.warm(),
    close: () => Promise.resolve(),
  };
}

function textOf(chunk: ChatCompletionChunk, bill: Bill): string {
  if (chunk.usage) bill.know(chunk.usage);
  let text = '';
  for (const { delta, index } of chunk.choices) if (!index && delta?.content) text += delta.content;
  bill.add(text);
  return text;
}

/** The object in the text: models without a JSON mode put it in a code block, or say something before it. */
function parseObject(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
}

interface Bill {
  /** The provider works on it: from now on it costs. */
  begin(): void;
  readonly begun: boolean;
  add(text: string): void;
  know(usage: NonNullable<ChatCompletionChunk['usage']>): void;
  /** Reports it, once. */
  settle(): void;
}

const CHARS_A_TOKEN = 4;

function createBill(model: string, request: ChatRequest, onUsage: ChatOptions['onUsage']): Bill {
  let begun = false;
  let answeredChars = 0;
  let known: Partial<Usage> | undefined;
  return {
    begin: () => void (begun = true),
    get begun() {
      return begun;
    },
    add: (text) => void (answeredChars += text.length),
    know(usage) {
      known = {
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
        reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
      };
    },
    settle() {
      if (!begun) return;
      begun = false;
      const askedChars = request.messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
      // An aborted stream never tells its usage.
      const estimate = () => ({
        inputTokens: Math.ceil(askedChars / CHARS_A_TOKEN),
        outputTokens: Math.ceil(answeredChars / CHARS_A_TOKEN),
        estimated: true as const,
      });
      onUsage?.({ kind: 'model', provider: 'openai', model, ...(known ?? estimate()) });
    },
  };
}
