/** Picks the next question: one that was never asked, that fits the stage, what is still missing, and how the person answers. */
import type { Stage } from '../../protocol/messages.ts';
import { confidenceIn } from './confidence.ts';
import type { Heard } from './hearing.ts';
import { type Memo, remember } from './memo.ts';
import { GENTLE, QUESTIONS, type Question } from './question-bank.ts';
import { HOOKS, IDEAS, ONE_HIGHER, PROMISE_QUESTIONS, SPARES, TOGETHER } from './question-extras.ts';

export interface AskContext {
  readonly stage: Stage;
  readonly heard: Heard;
  readonly seed: number;
  /** The stage has just begun: its first question comes first. */
  readonly isNew: boolean;
  readonly hasGoal: boolean;
  readonly hasCommitment: boolean;
}

/** The question as it is spoken, noted as asked; undefined when all have been asked. Changes `memo`. */
export function nextQuestion(memo: Memo, context: AskContext): string | undefined {
  const person = context.heard.person;
  const ready = (question: Question) => !memo.asked.includes(question.id) && canBeFilled(question, memo, person);
  const found = hookFor(memo, context) ?? candidates(memo, context).find(ready);
  return found && ask(memo, found, person);
}

/** A question about a promise; undefined when its wordings are used up. Changes `memo`. */
export function promiseQuestion(memo: Memo, kind: keyof typeof PROMISE_QUESTIONS, seed: number): string | undefined {
  const left = PROMISE_QUESTIONS[kind].filter((question) => !memo.asked.includes(question.id));
  const found = left[seed % Math.max(1, left.length)];
  return found && ask(memo, found, undefined);
}

/** For somebody who asks for advice: first their own, then one idea of ours. Undefined when all are used up. Changes `memo`. */
export function adviceQuestion(memo: Memo, about: string): { text: string; isIdea: boolean } | undefined {
  const isFresh = (question: Question) => !memo.asked.includes(question.id);
  const together = TOGETHER.find(isFresh);
  const idea = IDEAS.find((one) => isFresh(one) && one.on.test(about));
  const found = memo.adviceAsked > 1 ? (idea ?? together) : (together ?? idea);
  return found && { text: ask(memo, found, undefined), isIdea: found === idea };
}

function ask(memo: Memo, question: Question, person: string | undefined): string {
  remember(memo, 'asked', question.id);
  memo.slot = question.slot;
  return question.text.replace('{about}', () => memo.focus).replace('{person}', () => person ?? '');
}

function canBeFilled({ text }: Question, memo: Memo, person: string | undefined): boolean {
  return !(text.includes('{about}') && memo.focus === '') && !(text.includes('{person}') && person === undefined);
}

/** A question that takes up the person's own word; not twice in a row, and never instead of a stage's first question. */
function hookFor(memo: Memo, { stage, heard, isNew }: AskContext): Question | undefined {
  if (isNew || memo.slot.startsWith('hook') || memo.vague > 0) return undefined;
  const hasRated = memo.slot === 'scale' && confidenceIn(heard.text, { asked: true }) !== undefined;
  if (hasRated && !memo.asked.includes(ONE_HIGHER.id)) return ONE_HIGHER;
  return HOOKS.find((hook) => hook.stages.includes(stage) && !memo.asked.includes(hook.id) && hook.on.test(heard.text));
}

function candidates(memo: Memo, context: AskContext): readonly Question[] {
  const { stage, seed, isNew, hasCommitment } = context;
  const gentle = GENTLE[stage].filter((question) => question.slot !== 'act' || !hasCommitment);
  const own = QUESTIONS[stage].filter((question) => isWanted(question, memo, context));
  // Vague answers get something smaller; a stage's opening question is asked all the same.
  if (memo.vague > 0 && !isNew) return [...gentle, ...own, ...SPARES];
  const spares = stage === 'topic' ? [] : rotated(SPARES, seed);
  // A promise from before this stage is a start, not the whole way.
  const first = isNew && hasCommitment ? own.filter((question) => question.id === 'w-next') : [];
  return [...first, ...freshSlotsFirst(own, memo), ...spares, ...gentle];
}

function isWanted({ slot, id }: Question, memo: Memo, { stage, hasGoal, hasCommitment }: AskContext): boolean {
  if (stage === 'goal' && slot === 'goal') return !hasGoal;
  if (stage === 'goal' && slot !== 'scope') return hasGoal;
  if (id === 'r-obstacle') return memo.obstacles.length === 0;
  if (id === 'o-could') return memo.options.length === 0;
  if (stage === 'options' && (slot === 'weigh' || id === 'o-small' || id === 'o-more'))
    return memo.options.length >= (id === 'o-weigh' ? 2 : 1);
  if (id === 'w-block-2') return hasCommitment && memo.slot === 'ahead' && memo.vague === 0;
  if (stage === 'way_forward' && slot !== 'act') return hasCommitment;
  if (stage === 'way_forward') return id === 'w-next' ? hasCommitment : !hasCommitment;
  return true;
}

/** Keeps the bank's order, but a slot that was not asked for comes before one that was. */
function freshSlotsFirst(questions: readonly Question[], memo: Memo): Question[] {
  const askedSlots = new Set(
    questions.filter((question) => memo.asked.includes(question.id)).map((question) => question.slot),
  );
  return [
    ...questions.filter((question) => !askedSlots.has(question.slot)),
    ...questions.filter((question) => askedSlots.has(question.slot)),
  ];
}

/** Of a list that is never empty. */
function rotated<T>(items: readonly T[], seed: number): T[] {
  const start = seed % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
