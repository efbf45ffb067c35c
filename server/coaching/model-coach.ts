/**
 * The coach with a language model for a mind. The words are streamed as plain text; the notes (stage, goal, commitments)
 * come from a second, small call that starts with the first words. Not from a tool call behind them: models call tools
 * instead of speaking, not every server streams them, and a reply's last sentence, often its only one, would wait for
 * the notes to be written. And not before the first words: a start on words that still change costs no notes.
 */
import type { ChatModel } from '../ports/chat-model.ts';
import type { Clock } from '../ports/clock.ts';
import { createDeadline } from '../ports/deadline.ts';
import type { CoachNotes, ReplyEngine, ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import type { Log } from '../ports/log.ts';
import type { OnUsage } from '../ports/usage.ts';
import { owedDisclosure } from './disclosure.ts';
import { notesPrompt, readNotes } from './model-notes.ts';
import { coachPrompt, PROMPT_VERSION, type PromptOptions } from './prompt.ts';

/** After the last word; meanwhile the person is listening. Notes that come later are made up for by the next turn's. */
const NOTES_MS = 3000;
/** The end of a paragraph: the last sentence is known to be over and need not wait for the notes. */
const END_OF_TEXT = '\n ';

export interface ModelCoachOptions extends PromptOptions {
  model: ChatModel;
  clock: Clock;
  log: Log;
  /** How long notes are waited for after the last word. Default 3 s. */
  notesMs?: number;
}

export function createModelCoach(options: ModelCoachOptions): ReplyEngine {
  const { model, notesMs = NOTES_MS } = options;

  async function* reply(request: ReplyRequest, { signal, onUsage }: ReplyOptions): AsyncGenerator<ReplyPart> {
    let taking: NoteTaking | undefined;
    let said = '';
    try {
      for await (const text of model.stream(coachPrompt(request, options), { signal, ...(onUsage && { onUsage }) })) {
        taking ??= takeNotes(request, options, { signal, ...(onUsage && { onUsage }) });
        said += text;
        yield { type: 'text', text };
      }
      const owed = said === '' ? undefined : owedDisclosure(request, said);
      if (owed !== undefined) yield { type: 'text', text: ` ${owed}` };
      yield { type: 'text', text: END_OF_TEXT };
      const notes = await taking?.within(notesMs);
      signal.throwIfAborted();
      if (notes) yield { type: 'notes', notes };
    } finally {
      taking?.stop();
    }
  }

  return {
    name: model.name,
    model: model.model,
    prompt: PROMPT_VERSION,
    reply,
    warm: () => model.warm?.(),
    close: () => model.close(),
  };
}

interface ReplyOptions {
  signal: AbortSignal;
  onUsage?: OnUsage;
}

interface NoteTaking {
  /** The notes; undefined when there are none by then. Never rejects. */
  within(ms: number): Promise<CoachNotes | undefined>;
  stop(): void;
}

/** Undefined where nothing was said that could change them. */
function takeNotes(
  request: ReplyRequest,
  { model, clock, log }: ModelCoachOptions,
  options: ReplyOptions,
): NoteTaking | undefined {
  if (request.occasion !== 'reply') return undefined;
  const deadline = createDeadline(clock, options.signal);
  const tooLate = new Error('the notes came too late');
  const notes = model.json(notesPrompt(request), { ...options, signal: deadline.signal }).then(
    (answer) => readNotes(answer, request.notes),
    (error: unknown) => {
      if (!options.signal.aborted) log.warn({ err: error }, 'a reply goes without notes');
      return undefined;
    },
  );
  return {
    within(ms) {
      deadline.within(ms, () => tooLate);
      return notes;
    },
    stop() {
      deadline.abort(tooLate);
      deadline.close();
    },
  };
}
