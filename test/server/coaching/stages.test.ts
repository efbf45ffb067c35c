import { describe, expect, it } from 'vitest';
import { isLate, nextStage, type StageMove, type StageView } from '../../../server/coaching/stages.ts';

const MINUTE_MS = 60_000;
const said = { newTopic: false, newGoal: false, firmPromise: false, choice: false, rejectsWay: false };
const base: StageView = {
  stage: 'topic',
  stageTurns: 1,
  hasTopic: true,
  hasGoal: false,
  goalIsConcrete: false,
  facts: 0,
  knowsWhatHurts: false,
  options: 0,
  said,
  hasCommitment: false,
  wentBack: false,
  elapsedMs: 5 * MINUTE_MS,
  remainingMs: 25 * MINUTE_MS,
};

const CASES: readonly (readonly [
  name: string,
  view: Partial<StageView>,
  to: StageMove['to'],
  why: StageMove['why'],
])[] = [
  ['one turn about the topic', {}, 'topic', 'stay'],
  ['two turns about the topic', { stageTurns: 2 }, 'goal', 'enough'],
  ['two turns that named no topic', { stageTurns: 2, hasTopic: false }, 'topic', 'stay'],
  ['four turns that named no topic', { stageTurns: 4, hasTopic: false }, 'goal', 'long'],
  ['a topic that is a goal already', { hasGoal: true }, 'goal', 'skip'],
  ['a topic that is a goal with a date', { hasGoal: true, goalIsConcrete: true }, 'reality', 'skip'],
  ['a goal without a measure', { stage: 'goal', hasGoal: true }, 'goal', 'stay'],
  ['a concrete goal', { stage: 'goal', hasGoal: true, goalIsConcrete: true }, 'reality', 'enough'],
  ['a vague goal after three turns', { stage: 'goal', hasGoal: true, stageTurns: 3 }, 'reality', 'enough'],
  ['no goal after three turns', { stage: 'goal', stageTurns: 3 }, 'goal', 'stay'],
  ['no goal after five turns', { stage: 'goal', stageTurns: 5 }, 'reality', 'long'],
  ['facts without what hurts', { stage: 'reality', stageTurns: 3, facts: 3 }, 'reality', 'stay'],
  ['facts and an obstacle', { stage: 'reality', stageTurns: 3, facts: 2, knowsWhatHurts: true }, 'options', 'enough'],
  [
    'facts and an obstacle too soon',
    { stage: 'reality', stageTurns: 1, facts: 2, knowsWhatHurts: true },
    'reality',
    'stay',
  ],
  ['options named early', { stage: 'reality', stageTurns: 2, options: 2 }, 'options', 'enough'],
  ['six turns of reality', { stage: 'reality', stageTurns: 6 }, 'options', 'long'],
  ['one option', { stage: 'options', stageTurns: 3, options: 1 }, 'options', 'stay'],
  ['two options', { stage: 'options', stageTurns: 2, options: 2 }, 'way_forward', 'enough'],
  ['a promise among the options', { stage: 'options', said: { ...said, firmPromise: true } }, 'way_forward', 'promise'],
  ['a promise in the reality', { stage: 'reality', said: { ...said, firmPromise: true } }, 'options', 'promise'],
  [
    'a choice among the options',
    { stage: 'options', options: 2, said: { ...said, choice: true } },
    'way_forward',
    'enough',
  ],
  ['a choice of nothing', { stage: 'options', said: { ...said, choice: true } }, 'options', 'stay'],
  ['options after a promise', { stage: 'options', stageTurns: 2, hasCommitment: true }, 'way_forward', 'enough'],
  ['the real issue being another', { stage: 'options', said: { ...said, newTopic: true } }, 'topic', 'new_topic'],
  [
    'the real issue named in the way forward',
    { stage: 'way_forward', said: { ...said, newTopic: true } },
    'topic',
    'new_topic',
  ],
  ['another goal', { stage: 'options', said: { ...said, newGoal: true } }, 'goal', 'new_goal'],
  ['another goal while at the goal', { stage: 'goal', said: { ...said, newGoal: true } }, 'goal', 'stay'],
  ['no way that fits', { stage: 'way_forward', said: { ...said, rejectsWay: true } }, 'options', 'more_options'],
  [
    'no way that fits, again',
    { stage: 'way_forward', wentBack: true, said: { ...said, rejectsWay: true } },
    'way_forward',
    'stay',
  ],
  [
    'doubts after a commitment',
    { stage: 'way_forward', hasCommitment: true, said: { ...said, rejectsWay: true } },
    'way_forward',
    'stay',
  ],
  ['little time left', { elapsedMs: 24 * MINUTE_MS, remainingMs: 6 * MINUTE_MS }, 'way_forward', 'late'],
  [
    'another topic with little time left',
    { stage: 'options', elapsedMs: 24 * MINUTE_MS, remainingMs: 6 * MINUTE_MS, said: { ...said, newTopic: true } },
    'way_forward',
    'late',
  ],
  ['the way forward, however long', { stage: 'way_forward', stageTurns: 40 }, 'way_forward', 'stay'],
];

describe('the stage', () => {
  it.each(CASES)('after %s (%o) is %s: %s', (_name, view, to, why) => {
    expect(nextStage({ ...base, ...view })).toEqual({ to, why });
  });
});

describe('time', () => {
  it.each([
    [0, 30, false],
    [20, 10, false],
    [23, 7, true],
    [6, 4.5, true],
    [1, 4, false],
    [0, 0, true],
  ])('is late after %d minutes with %d left: %s', (elapsed, remaining, late) => {
    expect(isLate({ elapsedMs: elapsed * MINUTE_MS, remainingMs: remaining * MINUTE_MS })).toBe(late);
  });
});
