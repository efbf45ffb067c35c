import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { CloudRoute } from './cloud.ts';
import { createScript, isTrouble, type Pace, type Script, type Trouble } from './script.ts';

export interface ChatAnswer extends Pace {
  /** Cut into words, a chunk each. */
  text?: string;
  /** Before the text: what reasoning models of other vendors send besides. */
  reasoning?: string;
  refusal?: string;
  toolCall?: { name: string; arguments: string };
  finish?: ChatCompletionChunk.Choice['finish_reason'];
  usage?: Partial<CompletionUsage>;
  /** An error in the middle of the stream, after the text. */
  error?: { message: string; type?: string; code?: string };
  /** Vendors differ: no last chunk with a finish reason, no `[DONE]`. */
  endsAbruptly?: boolean;
}

export interface ChatScript extends Script<ChatAnswer> {
  /** What was asked, in order. */
  readonly requests: readonly ChatCompletionCreateParamsStreaming[];
  /** Answers by the request; what it does not answer is taken from the script. */
  decide(by: (request: ChatCompletionCreateParamsStreaming) => ChatAnswer | Trouble | undefined): void;
}

/** `POST …/chat/completions` with `stream: true`. */
export function chatRoute(): { route: CloudRoute; script: ChatScript } {
  const script = createScript<ChatAnswer>({ text: 'Hello there. What is on your mind?' });
  const requests: ChatCompletionCreateParamsStreaming[] = [];
  let decide: Parameters<ChatScript['decide']>[0] = () => undefined;
  const route: CloudRoute = {
    method: 'POST',
    path: /\/chat\/completions$/,
    async respond({ body }, answer) {
      const request = JSON.parse(body.toString()) as ChatCompletionCreateParamsStreaming;
      requests.push(request);
      const scripted = decide(request) ?? script.take();
      if (isTrouble(scripted)) return answer.trouble(scripted);
      await answer.stream('text/event-stream; charset=utf-8', events(request, scripted), scripted);
    },
  };
  return { route, script: { ...script, requests, decide: (by) => void (decide = by) } };
}

function* events(request: ChatCompletionCreateParamsStreaming, answer: ChatAnswer): Generator<string> {
  const { text = '', reasoning, refusal, toolCall, error } = answer;
  const chunk = (choices: ChatCompletionChunk.Choice[], usage: CompletionUsage | null = null): string => {
    const whole = {
      id: 'chatcmpl-loopback',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: request.model,
      choices,
      ...(request.stream_options?.include_usage && { usage }),
    } satisfies ChatCompletionChunk;
    return `data: ${JSON.stringify(whole)}\n\n`;
  };
  const delta = (part: ChatCompletionChunk.Choice.Delta, finish: ChatCompletionChunk.Choice['finish_reason'] = null) =>
    chunk([{ index: 0, delta: part, finish_reason: finish, logprobs: null }]);

  yield delta({ role: 'assistant', content: '', refusal: null });
  if (reasoning) yield delta({ reasoning_content: reasoning } as ChatCompletionChunk.Choice.Delta);
  for (const word of text.match(/\S+\s*|\s+/g) ?? []) yield delta({ content: word });
  if (refusal) yield delta({ refusal });
  if (toolCall) {
    yield delta({
      tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: toolCall.name, arguments: '' } }],
    });
    yield delta({ tool_calls: [{ index: 0, function: { arguments: toolCall.arguments } }] });
  }
  if (error) return yield `data: ${JSON.stringify({ error })}\n\n`;
  if (answer.endsAbruptly) return;
  yield delta({}, answer.finish ?? (toolCall ? 'tool_calls' : 'stop'));
  if (request.stream_options?.include_usage) {
    const whole = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, ...answer.usage };
    yield chunk([], whole satisfies CompletionUsage);
  }
  yield 'data: [DONE]\n\n';
}
