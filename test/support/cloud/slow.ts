/** A loopback cloud that takes its time, as real ones do, and makes sense as far as nobody listens closely. */
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ChatAnswer } from './openai-chat.ts';
import type { elevenLabsRoutes } from './elevenlabs.ts';
import type { openAiRoutes } from './openai.ts';

export interface Waits {
  /** From the end of the turn to the final transcript. */
  recogniserMs: number;
  /** To the model's first words. */
  modelMs: number;
  /** To the first audio of a sentence. */
  synthesiserMs: number;
}

type Scripts = Pick<ReturnType<typeof openAiRoutes>, 'chat' | 'speech' | 'realtime' | 'transcription'> &
  Pick<ReturnType<typeof elevenLabsRoutes>, 'voice' | 'httpVoice' | 'scribe'>;

/** Words are known at about the pace at which they are spoken. */
const WORD_MS = 110;

/** Whatever is said, `said` is understood; the model gives it back and asks. */
export function takeTime(scripts: Scripts, said: string, waits: Waits): void {
  const { recogniserMs: finalMs, modelMs, synthesiserMs: firstMs } = waits;
  const heard = { text: said, wordMs: WORD_MS, finalMs };
  scripts.realtime.utterances.always(heard);
  scripts.scribe.always(heard);
  scripts.transcription.always({ text: said, firstMs: finalMs });
  scripts.chat.decide((request) => ({ ...answerTo(request), firstMs: modelMs }));
  scripts.speech.always({ firstMs });
  scripts.voice.sentences.always({ firstMs });
  scripts.httpVoice.always({ firstMs });
}

function answerTo({ response_format: format, messages }: ChatCompletionCreateParamsStreaming): ChatAnswer {
  if (format) return { text: '{}' };
  const said = messages.findLast(({ role }) => role === 'user')?.content;
  if (typeof said !== 'string' || said.startsWith('(')) return { text: 'Hello, I am Kuku. What is on your mind?' };
  return { text: `You said: ${said.replace(/[.?!]*$/, '.')} What would help you?` };
}
