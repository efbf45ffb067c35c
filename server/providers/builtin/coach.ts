import { coachReply } from '../../coaching/reply.ts';
import { warmUp } from '../../coaching/warm-up.ts';
import type { ReplyEngine, ReplyPart, ReplyRequest } from '../../ports/language-model.ts';

export interface BuiltinCoachOptions {
  /** The person's language as a BCP 47 tag. The coach speaks English only, and says so in its greeting elsewhere. */
  language?: string;
}

/**
 * The coach for everyone without a language model: a T-GROW conversation by rules. Deterministic: the same request gets
 * the same reply. Yields the notes first, then the text sentence by sentence, each with a space after it but the last.
 * A reply is a few ms of synchronous work; creating the first one takes some tenths of a second, since tagger and patterns are compiled then.
 */
export function createBuiltinCoach({ language = 'en' }: BuiltinCoachOptions = {}): ReplyEngine {
  warmUp();
  const speaksEnglish = /^en\b/i.test(language);
  return {
    name: 'builtin',
    model: 'builtin T-GROW coach',
    isInstant: true,
    async *reply(request: ReplyRequest, { signal }: { signal: AbortSignal }): AsyncGenerator<ReplyPart> {
      signal.throwIfAborted();
      const { notes, sentences } = coachReply(request);
      yield { type: 'notes', notes };
      const spoken = request.occasion === 'greeting' && !speaksEnglish ? withEnglishOnly(sentences) : sentences;
      for (const [i, sentence] of spoken.entries()) {
        signal.throwIfAborted();
        yield { type: 'text', text: i < spoken.length - 1 ? `${sentence} ` : sentence };
      }
    },
    async close() {},
  };
}

function withEnglishOnly(sentences: readonly string[]): string[] {
  return [...sentences.slice(0, -1), 'I speak English only, I am afraid.', ...sentences.slice(-1)];
}
