/** Talks about a promise: reads it back, asks when, asks how sure, and what would make it surer. */
import type { Commitment } from '../../protocol/messages.ts';
import type { CoachNotes } from '../ports/language-model.ts';
import type { Heard } from './hearing.ts';
import type { Memo } from './memo.ts';
import type { Noted } from './noting.ts';
import { promiseQuestion } from './questions.ts';
import { capitalised, firstWords } from './speech-text.ts';
import { numberWord, spokenCommitment } from './spoken-notes.ts';
import { choose } from './variation.ts';

export interface PromiseTalk {
  readonly sentences: string[];
  /** The reply is whole; otherwise the conversation goes on after these sentences. */
  readonly isComplete: boolean;
}

interface PromiseContext {
  readonly heard: Heard;
  readonly noted: Noted;
  readonly notes: CoachNotes;
  readonly memo: Memo;
  readonly seed: number;
}

const SURE = 8;
const UNSURE = 6;

/** Undefined when the turn has nothing to do with a promise. Changes `memo`. */
export function answerPromise(context: PromiseContext): PromiseTalk | undefined {
  const { noted, notes, memo, seed } = context;
  const latest = noted.touched.at(-1) ?? notes.commitments.at(-1);
  if (noted.confidence !== undefined && latest) return rated(latest, noted.confidence, memo, seed);
  if (noted.touched.length > 0) return readBack(noted.touched, memo, seed);
  if (noted.softPromise !== undefined && notes.stage !== 'topic' && notes.stage !== 'goal')
    return firmUp(noted.softPromise, memo, seed);
  const last = notes.commitments.at(-1);
  // The when or the number was asked for and not given: once is enough, a promise without it stands.
  if (last && memo.awaiting === 'when' && context.heard.kind !== 'content')
    return askConfidence(['That can stay open for now.'], last, memo, seed);
  memo.awaiting = 'nothing';
  return undefined;
}

function readBack(commitments: readonly Commitment[], memo: Memo, seed: number): PromiseTalk {
  const commitment = commitments.find((one) => one.by === undefined) ?? commitments.at(-1);
  if (!commitment) return { sentences: [], isComplete: false };
  const plans = commitments.slice(0, 3).map((one) => inOneSentence(spokenCommitment(one)));
  const said = `you'll ${plans.join(', and ')}`;
  const back = capitalised(
    choose(['So: {p}.', 'Good, {p}.', 'Okay: {p}.', 'I note that: {p}.'], memo, seed).replace('{p}', () => said),
  );
  if (commitment.by === undefined) {
    const when = promiseQuestion(memo, 'when', seed);
    if (when === undefined) return askConfidence([back], commitment, memo, seed);
    memo.awaiting = 'when';
    return { sentences: [back, when], isComplete: true };
  }
  return askConfidence([back], commitment, memo, seed);
}

function askConfidence(opening: string[], commitment: Commitment, memo: Memo, seed: number): PromiseTalk {
  const question = commitment.confidence === undefined ? promiseQuestion(memo, 'confidence', seed) : undefined;
  memo.awaiting = question === undefined ? 'nothing' : 'confidence';
  return question === undefined
    ? { sentences: opening, isComplete: false }
    : { sentences: [...opening, question], isComplete: true };
}

function rated(commitment: Commitment, confidence: number, memo: Memo, seed: number): PromiseTalk {
  const number = `${/^(?:8|11)$/.test(String(confidence)) ? 'An' : 'A'} ${numberWord(confidence)}`;
  const wasRaised = memo.awaiting === 'raise';
  memo.awaiting = 'nothing';
  if (commitment.by === undefined) {
    const when = promiseQuestion(memo, 'when', seed);
    if (when !== undefined) {
      memo.awaiting = 'when';
      return { sentences: [`${number}, good.`, when], isComplete: true };
    }
  }
  if (confidence >= SURE)
    return {
      sentences: [choose([`${number}, that's strong.`, `${number}: you sound ready.`], memo, seed)],
      isComplete: false,
    };
  const raise = wasRaised ? undefined : promiseQuestion(memo, 'raise', seed);
  const honest =
    confidence >= UNSURE
      ? `${number}, so you're well on the way.`
      : `${number}, thank you for being honest about that.`;
  if (raise === undefined) return { sentences: [honest], isComplete: false };
  memo.awaiting = 'raise';
  return { sentences: [honest, raise], isComplete: true };
}

function inOneSentence(text: string): string {
  return firstWords(text.replaceAll(/[.!?;]+(?=\s|$)/g, ','), 20);
}

function firmUp(promise: Commitment, memo: Memo, seed: number): PromiseTalk | undefined {
  const question = promiseQuestion(memo, 'firm', seed);
  if (question === undefined) return undefined;
  memo.awaiting = 'what';
  const said = inOneSentence(spokenCommitment(promise).replace(/^(?:probably|maybe|possibly) /i, ''));
  return {
    sentences: [choose([`You might ${said}.`, `Perhaps you'll ${said}.`], memo, seed), question],
    isComplete: true,
  };
}
