/** When the conversation moves on, and when it goes back. Rules in a table, tried in order; the first that holds wins. */
import type { Stage } from '../../protocol/messages.ts';

export interface StageView {
  readonly stage: Stage;
  /** The person's turns with content in this stage, this one included. */
  readonly stageTurns: number;
  readonly hasTopic: boolean;
  readonly hasGoal: boolean;
  /** It has a measure or a date, or the person said how they would notice. */
  readonly goalIsConcrete: boolean;
  readonly facts: number;
  /** An obstacle or a feeling is known. */
  readonly knowsWhatHurts: boolean;
  readonly options: number;
  /** What the person said in this turn. */
  readonly said: {
    readonly newTopic: boolean;
    readonly newGoal: boolean;
    readonly firmPromise: boolean;
    readonly choice: boolean;
    readonly rejectsWay: boolean;
  };
  readonly hasCommitment: boolean;
  readonly wentBack: boolean;
  readonly elapsedMs: number;
  readonly remainingMs: number;
}

export interface StageMove {
  readonly to: Stage;
  readonly why: 'stay' | 'enough' | 'skip' | 'long' | 'late' | 'promise' | 'new_topic' | 'new_goal' | 'more_options';
}

/** After so many turns a stage is left, whatever is known: an avoidant person should not be held in it. */
const MAX_TURNS: Readonly<Record<Stage, number>> = { topic: 4, goal: 5, reality: 6, options: 6, way_forward: Infinity };
const NEXT: Readonly<Record<Stage, Stage>> = {
  topic: 'goal',
  goal: 'reality',
  reality: 'options',
  options: 'way_forward',
  way_forward: 'way_forward',
};
const LATE_SHARE = 0.25;
const LATE_MS = 5 * 60_000;

/** Less than a quarter of the time is left; or less than 5 minutes, where the session is long enough for that to be late. */
export function isLate({ elapsedMs, remainingMs }: { elapsedMs: number; remainingMs: number }): boolean {
  const totalMs = elapsedMs + remainingMs;
  if (totalMs <= 0) return true;
  return remainingMs < totalMs * LATE_SHARE || (remainingMs < LATE_MS && elapsedMs >= totalMs / 2);
}

type Rule = (view: StageView) => StageMove | undefined;

const RULES: readonly Rule[] = [
  (v) => (isLate(v) && v.stage !== 'way_forward' ? { to: 'way_forward', why: 'late' } : undefined),
  (v) => (v.said.newTopic && v.stage !== 'topic' && !isLate(v) ? { to: 'topic', why: 'new_topic' } : undefined),
  (v) =>
    v.said.newGoal && v.stage !== 'topic' && v.stage !== 'goal' && !isLate(v)
      ? { to: 'goal', why: 'new_goal' }
      : undefined,
  (v) =>
    v.stage === 'way_forward' && v.said.rejectsWay && !v.hasCommitment && !v.wentBack && !isLate(v)
      ? { to: 'options', why: 'more_options' }
      : undefined,
  (v) => (v.stage === 'options' && v.said.firmPromise ? { to: 'way_forward', why: 'promise' } : undefined),
  (v) => (v.stage === 'reality' && v.said.firmPromise ? { to: 'options', why: 'promise' } : undefined),
  (v) =>
    v.stage === 'topic' && v.hasTopic && v.hasGoal
      ? { to: v.goalIsConcrete ? 'reality' : 'goal', why: 'skip' }
      : undefined,
  (v) => (isEnough(v) ? { to: NEXT[v.stage], why: 'enough' } : undefined),
  (v) => (v.stageTurns >= MAX_TURNS[v.stage] ? { to: NEXT[v.stage], why: 'long' } : undefined),
];

export function nextStage(view: StageView): StageMove {
  for (const rule of RULES) {
    const move = rule(view);
    if (move) return move;
  }
  return { to: view.stage, why: 'stay' };
}

function isEnough(view: StageView): boolean {
  switch (view.stage) {
    case 'topic':
      return view.hasTopic && view.stageTurns >= 2;
    case 'goal':
      return view.hasGoal && (view.goalIsConcrete || view.stageTurns >= 3);
    case 'reality':
      // Somebody who names options is already a stage further.
      return (
        (view.stageTurns >= 3 && view.facts >= 2 && view.knowsWhatHurts) || (view.stageTurns >= 2 && view.options >= 2)
      );
    case 'options':
      return (
        (view.stageTurns >= 2 && (view.options >= 2 || view.hasCommitment)) || (view.said.choice && view.options >= 1)
      );
    case 'way_forward':
      return false;
  }
}
