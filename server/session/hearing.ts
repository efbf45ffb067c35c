/** What the person's words mean for the session itself: a wish to end it, an answer to the question, or neither. */
import { randomUUID } from 'node:crypto';
import { readWrapUpIntent, type WrapUpContext, type WrapUpIntent, type WrapUpReading } from '../coaching/wrap-up.ts';
import type { LifecycleEffect, WrapUpAnswer } from './lifecycle.ts';
import type { SessionState } from './state.ts';
import type { LifecycleInput, Steering } from './steering.ts';

export interface Said {
  /** Number of the last utterance in `text`. */
  utterance: number;
  text: string;
  /** When the person began to say it, ms since 1970; undefined for what was typed. */
  startedAtMs: number | undefined;
}

export interface Heard {
  /** Whether the words also want an answer of the coach's. */
  wantsAnswer: boolean;
  effects: readonly LifecycleEffect[];
}

export interface HearingOptions {
  state: SessionState;
  steering: Steering;
  /** By the rules, and where they only guess by a model, if there is one. */
  read(text: string, context: WrapUpContext): Promise<WrapUpReading>;
}

/** Confirmation is read before anything else: in `confirming`, the next words are an answer. */
export async function hear(
  { utterance, text, startedAtMs }: Said,
  { state, steering, read }: HearingOptions,
): Promise<Heard> {
  const { phase } = state.lifecycle;
  const change = (input: LifecycleInput) =>
    steering.change([input], (before) => ({ state: { ...before, heard: utterance } }));
  if (phase === 'closing' || phase === 'ended') return { wantsAnswer: false, effects: [] };
  if (phase === 'confirming') {
    const { intent, hasContent } = await read(text, { phase });
    const began = startedAtMs === undefined ? {} : { startedAtMs };
    const effects = await change({ type: 'wrapUp.answered', answer: answerOf(intent, hasContent), ...began });
    return { wantsAnswer: !effects.some(settlesIt), effects };
  }
  // At once, by the rules alone: the answer must not wait for a model.
  const { intent, hasContent } = readWrapUpIntent(text, { phase });
  if (intent !== 'request') return { wantsAnswer: true, effects: [] };
  const effects = await change({ type: 'wrapUp.requested', proposalId: randomUUID() });
  // A request that says something else, too: the coach answers that first.
  return { wantsAnswer: hasContent, effects };
}

/** "No, there is one more thing about my boss" is content to answer, not only a no. */
function answerOf(intent: WrapUpIntent, hasContent: boolean): WrapUpAnswer {
  switch (intent) {
    case 'yes':
    case 'request':
      return 'yes';
    case 'no':
      return hasContent ? 'new_content' : 'no';
    case 'unclear':
      return 'unclear';
    case 'new_content':
    case 'none':
      return 'new_content';
  }
}

/** The words were an answer and nothing else. */
function settlesIt(effect: LifecycleEffect): boolean {
  if (effect.type === 'resumeConversation') return effect.because === 'no' || effect.because === 'unclear';
  return effect.type === 'speakRecap' || effect.type === 'askAgain';
}
