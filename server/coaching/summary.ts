/** The bridge between two stages: what has been gathered so far, in one or two sentences. */
import type { CoachNotes } from '../ports/language-model.ts';
import type { Memo } from './memo.ts';
import { toSecondPerson } from './perspective.ts';
import { capitalised } from './speech-text.ts';
import { isSpeakable, isStatement, listed, spokenCommitment, spokenGoal, spokenTopic } from './spoken-notes.ts';
import type { StageMove } from './stages.ts';
import { choose } from './variation.ts';

const PULLING_TOGETHER = [
  'Let me pull that together: {s}.',
  'Here is what I have so far: {s}.',
  'Let me check that I have it: {s}.',
  'To sum up where we are: {s}.',
] as const;

export interface BridgeContext {
  readonly notes: CoachNotes;
  readonly memo: Memo;
  readonly seed: number;
  /** What the reply has reflected: it need not be said again. */
  readonly saidJustNow: string;
}

/** One sentence for a change of stage; undefined when there is nothing worth saying. Changes `memo` (phrasings). */
export function bridge(move: StageMove, context: BridgeContext): string | undefined {
  const { memo, seed } = context;
  switch (move.why) {
    case 'stay':
      return undefined;
    case 'late':
      return choose(
        [
          "Our time is getting short, so let's look at what comes next.",
          "There isn't much time left, so let's turn to the next step.",
        ],
        memo,
        seed,
      );
    case 'new_topic':
      return "Then let's turn to that.";
    case 'new_goal':
      return 'Then the goal has changed, and that is good to know.';
    case 'more_options':
      return "Then let's look again for something that fits you better.";
    case 'promise':
    case 'skip':
      return undefined;
    case 'enough':
    case 'long':
      return gathered(move.to, context);
  }
}

function gathered(to: StageMove['to'], context: BridgeContext): string | undefined {
  const parts = partsFor(to, context);
  return parts === undefined
    ? undefined
    : choose(PULLING_TOGETHER, context.memo, context.seed).replace('{s}', () => parts);
}

function partsFor(to: StageMove['to'], { notes, memo, saidJustNow }: BridgeContext): string | undefined {
  if (to === 'goal') return topicPart(notes);
  const goal = notes.goal !== undefined && isSpeakable(notes.goal, 14) ? spokenGoal(notes.goal) : undefined;
  if (to === 'reality') return goal;
  const now = saidJustNow.toLowerCase();
  if (to === 'options')
    return joined(
      goal,
      memo.obstacles.findLast((one) => !now.includes(one.toLowerCase())),
    );
  const options = memo.options.slice(-3).map((option) => toSecondPerson(option));
  if (options.length >= 2) return `you could ${listed(options, 'or')}`;
  return goal;
}

function topicPart(notes: CoachNotes): string | undefined {
  if (notes.topic === undefined || !isSpeakable(notes.topic, 14)) return undefined;
  const said = spokenTopic(notes.topic);
  return isStatement(notes.topic) ? said : `this is about ${said}`;
}

function joined(goal: string | undefined, obstacle: string | undefined): string | undefined {
  if (goal === undefined || obstacle === undefined) return goal ?? obstacle;
  return `${goal}, and ${obstacle}`;
}

/** A whole summary, for a turn without a question: up to two sentences of what was said before this turn. */
export function lookingBack(notes: CoachNotes, memo: Memo): string[] {
  const last = notes.commitments.at(-1);
  if (notes.stage === 'way_forward' && last) return [`You'll ${spokenCommitment(last)}, and that is your own step.`];
  const known = memo.obstacles.at(-1) ?? memo.facts.at(-1);
  const goal = notes.goal === undefined ? undefined : spokenGoal(notes.goal);
  return [goal, known].flatMap((clause) => (clause === undefined ? [] : [`${capitalised(clause)}.`]));
}
