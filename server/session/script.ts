/** The words of a turn: where in them the question stands, and when they are not begun at all. */
import type { ReplyPart } from '../ports/language-model.ts';
import { splitSentences } from '../voice/sentences.ts';

/** Where in the turn's text the question itself begins, after what leads to it; beyond the end when it was not come to. */
export function questionStart(sentences: readonly string[], question: string): number {
  const text = sentences.join(' ');
  const at = text.lastIndexOf(splitSentences(question).at(-1) ?? question);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** Nothing of the parts is asked for once the signal has gone. */
export async function* unlessAborted(
  signal: AbortSignal,
  parts: () => AsyncIterable<ReplyPart>,
): AsyncIterable<ReplyPart> {
  signal.throwIfAborted();
  yield* parts();
}
