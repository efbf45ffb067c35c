/** The request of a chat completion, and what of it other vendors may not know. */
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ChatMessage, ChatPrompt, JsonSchema } from '../../ports/chat-model.ts';
import type { Optional } from './parameters.ts';

export type ChatRequest = ChatCompletionCreateParamsStreaming;

/**
 * What stays the same comes first and what changes with each call last, so that the provider's cache holds everything
 * up to the last message. No thinking and few words: the first of them is waited for.
 */
export function chatRequest(model: string, prompt: ChatPrompt, schema?: JsonSchema): ChatRequest {
  const { instructions, messages, now, cacheKey, maxTokens } = prompt;
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      ...inTurns(messages).map(({ role, text }) => ({ role, content: text })),
      ...(now === undefined ? [] : [{ role: 'system' as const, content: now }]),
    ],
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    reasoning_effort: 'none',
    verbosity: 'low',
    max_completion_tokens: maxTokens,
    ...(cacheKey !== undefined && { prompt_cache_key: cacheKey }),
    ...(schema && { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }),
  };
}

/** Many models' templates want the roles to take turns. */
function inTurns(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role === message.role) turns[turns.length - 1] = { ...last, text: `${last.text}\n${message.text}` };
    else turns.push(message);
  }
  return turns;
}

const without =
  (name: keyof ChatRequest) =>
  (request: ChatRequest): ChatRequest => {
    const { [name]: _, ...rest } = request;
    return rest as ChatRequest;
  };

const plain = (name: keyof ChatRequest): Optional<ChatRequest> => ({
  name,
  isIn: (request) => request[name] !== undefined,
  without: without(name),
});

const hasSystemAtEnd = ({ messages }: ChatRequest) => messages.length > 1 && messages.at(-1)?.role === 'system';

/** In the order in which they go when an answer could mean several. */
export const OPTIONALS: readonly Optional<ChatRequest>[] = [
  {
    name: 'stream_options.include_obfuscation',
    isIn: ({ stream_options: options }) => options?.include_obfuscation !== undefined,
    without: (request) => ({ ...request, stream_options: { include_usage: true } }),
  },
  plain('stream_options'),
  {
    name: 'reasoning_effort',
    // Some models think a little or not at all; some know neither word, and then it goes.
    isIn: (request) => request.reasoning_effort === 'none',
    without: (request) => ({ ...request, reasoning_effort: 'minimal' }),
  },
  plain('reasoning_effort'),
  plain('verbosity'),
  plain('prompt_cache_key'),
  {
    name: 'max_completion_tokens',
    isIn: (request) => request.max_completion_tokens !== undefined,
    without: (request) => ({
      ...without('max_completion_tokens')(request),
      max_tokens: request.max_completion_tokens ?? 0,
    }),
  },
  {
    name: 'response_format',
    pattern: /response_format|json_schema|structured output/i,
    isIn: (request) => request.response_format?.type === 'json_schema',
    without: (request) => ({ ...request, response_format: { type: 'json_object' } }),
  },
  plain('response_format'),
  {
    // What holds for this call alone goes to the beginning where templates allow one system message only.
    name: 'messages',
    pattern: /\bsystem\b|\broles?\b|alternat/i,
    isIn: hasSystemAtEnd,
    without(request) {
      const [first, ...rest] = request.messages;
      const systemTexts = [first, rest.pop()]
        .map((message) => message?.content)
        .filter((text) => typeof text === 'string');
      const content = systemTexts.join('\n\n');
      return { ...request, messages: [{ role: 'system', content }, ...rest] };
    },
  },
];
