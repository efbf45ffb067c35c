/** Enters what was heard into the notes: topic, goal, facts, options, insights, commitments. */
import type { Commitment } from '../../protocol/messages.ts';
import type { CoachNotes } from '../ports/language-model.ts';
import { type Promise, promisesIn } from './commitments.ts';
import { confidenceIn } from './confidence.ts';
import {
  goalFromAnswer,
  goalIn,
  insightsIn,
  isGoalShift,
  isObstacle,
  optionsIn,
  topicIn,
  topicShiftIn,
} from './extraction.ts';
import type { Heard } from './hearing.ts';
import { isContentWord } from './mirrors.ts';
import { type Memo, remember } from './memo.ts';
import { bare, firstWords, sentencesOf, wordsOf } from './speech-text.ts';
import { isStatement, spokenTopic } from './spoken-notes.ts';
import { whenIn } from './time-phrases.ts';

/** Remembered among the feelings. */
export const LOSS = 'loss';

const CHOICE =
  /\b(?:most (?:realistic|likely|helpful|promising|appealing|doable)|(?:appeals|excites|speaks to|attracts|interests) (?:to )?me(?: the)? most|i(?:'d| would| will|'ll) (?:go|start) with|i(?:'d| would)? (?:prefer|choose|pick|favou?r)|my favou?rite|the (?:first|second|third|last) (?:one|option|idea)|the best (?:one|option|idea|way)|(?:is|seems|feels|sounds|would be) (?:the )?(?:best|better|easiest|easier|right one))\b/i;

const MAX_INSIGHTS = 6;
const MAX_COMMITMENTS = 6;

/** What the turn changed, for the stage rules and for the answer. */
export interface Noted {
  readonly notes: CoachNotes;
  readonly newTopic: boolean;
  readonly newGoal: boolean;
  readonly newInsight: boolean;
  /** One of several options was preferred: "asking Tom is the most realistic". */
  readonly hasChosen: boolean;
  /** The commitments that were made or dated in this turn. */
  readonly touched: readonly Commitment[];
  readonly madePromise: boolean;
  readonly softPromise: Commitment | undefined;
  readonly confidence: number | undefined;
}

/** Changes `memo`; the notes are returned anew. */
export function note(heard: Heard, before: CoachNotes, memo: Memo): Noted {
  const sentences = sentencesOf(heard.text).map((sentence) => sentence.replace(/[.!?;,]+$/, ''));
  const promises = promisesIn(heard.text, { asked: memo.awaiting === 'what' || memo.slot === 'act' });
  const kept = keepPromises(before.commitments, promises, heard, memo);
  const shift = before.topic === undefined ? undefined : topicShiftIn(sentences);
  if (shift !== undefined) forget(memo);
  const topic = shift ?? before.topic ?? topicOf(heard, kept.made);
  if (topic !== undefined && (memo.focus === '' || shift !== undefined)) memo.focus = focusOf(topic, heard);
  const newGoal = goalOf(heard, before, memo);
  const goal = newGoal ?? (shift === undefined ? before.goal : undefined);
  noteSituation(heard, before, memo, kept.made);
  const insights = [...before.insights, ...insightsIn(sentences).filter((one) => !before.insights.includes(one))].slice(
    -MAX_INSIGHTS,
  );
  // Who has chosen need not be asked to choose.
  const hasChosen = before.stage === 'options' && CHOICE.test(heard.text);
  if (hasChosen) remember(memo, 'asked', 'o-weigh');
  // Seeing something new answers the question for it.
  if (insights.length > before.insights.length) remember(memo, 'asked', 'w-insight');
  const { topic: _topic, goal: _goal, ...rest } = before;
  return {
    notes: {
      ...rest,
      ...(topic === undefined ? {} : { topic }),
      ...(goal === undefined ? {} : { goal }),
      insights,
      commitments: kept.commitments,
    },
    newTopic: shift !== undefined,
    newInsight: insights.length > before.insights.length,
    newGoal: newGoal !== undefined && before.goal !== undefined,
    hasChosen,
    touched: kept.touched,
    madePromise: kept.made,
    softPromise: kept.made ? undefined : promises.find((promise) => promise.soft)?.commitment,
    confidence: kept.confidence,
  };
}

/** Another topic: what was gathered about the last one would only mislead. */
function forget(memo: Memo): void {
  memo.facts = [];
  memo.obstacles = [];
  memo.options = [];
  memo.goalSigns = 0;
  memo.focus = '';
}

/** A promise or a goal is no topic: what it is about is. */
function topicOf(heard: Heard, madePromise: boolean): string | undefined {
  const named = topicIn(heard.clauses);
  if (named !== undefined) return named;
  // "I don't hate it" names nothing.
  const [best] = heard.mirrors
    .filter(({ words, said }) => words <= 10 && !/\b(?:it|that|them|this)$/i.test(said))
    .toSorted((a, b) => b.weight - a.weight);
  const noun = heard.nouns[0]?.said;
  const isPlan = madePromise || goalIn(heard.clauses) !== undefined;
  if (best && best.weight >= 3 && !(isPlan && noun !== undefined)) return best.said;
  if (noun !== undefined) return noun;
  return wordsOf(heard.text).some(isContentWord) ? firstWords(heard.text.split(/[.!?;]\s/)[0] ?? '', 8) : undefined;
}

/** A short name for the topic that fits into any sentence. */
function focusOf(topic: string, heard: Heard): string {
  const spoken = spokenTopic(topic);
  if (!isStatement(topic) && wordsOf(topic).length <= 5 && /^(?:my|our|the)\b/i.test(topic)) return spoken;
  const isNamed = (said: string) => topic.toLowerCase().includes(said.toLowerCase());
  const own = heard.nouns.find(
    ({ said }) => /^(?:my|our|the) /i.test(said) && wordsOf(said).length <= 4 && isNamed(said),
  );
  return own?.text ?? '';
}

function goalOf(heard: Heard, before: CoachNotes, memo: Memo): string | undefined {
  const said = goalIn(heard.clauses);
  if (before.goal !== undefined) return isGoalShift(heard.text) ? said : undefined;
  if (said !== undefined) return said;
  if (before.stage !== 'goal') return undefined;
  // A whole clause tells how things are, not what is wanted.
  if ((memo.slot === 'goal' || memo.slot === 'scope') && heard.mirrors.length === 0)
    return goalFromAnswer(heard.clauses);
  return undefined;
}

function noteSituation(heard: Heard, before: CoachNotes, memo: Memo, madePromise: boolean): void {
  if (heard.isLoss) remember(memo, 'feelings', LOSS);
  for (const feeling of heard.feelings) if (!feeling.pleasant) remember(memo, 'feelings', feeling.word);
  if (memo.slot === 'sign' && before.goal !== undefined && heard.wordCount >= 3) memo.goalSigns++;
  const asksForOptions = before.stage === 'options' && memo.slot === 'option';
  if (before.stage === 'options' || before.stage === 'reality') {
    for (const option of optionsIn(heard.clauses, { asked: asksForOptions })) remember(memo, 'options', option);
  }
  if (madePromise || before.stage === 'options') return;
  const isPlan = optionsIn(heard.clauses, { asked: false }).length > 0;
  for (const mirror of heard.mirrors.toSorted((a, b) => b.weight - a.weight).slice(0, 2)) {
    if (mirror.words < 3 || mirror.isCondition || /^you(?:'d| could| might| can)\b/.test(mirror.text)) continue;
    remember(memo, 'facts', mirror.text);
    if ((memo.slot === 'obstacle' && !isPlan) || isObstacle(mirror.said)) remember(memo, 'obstacles', mirror.text);
  }
}

interface Kept {
  readonly commitments: readonly Commitment[];
  readonly touched: readonly Commitment[];
  readonly made: boolean;
  readonly confidence: number | undefined;
}

/** New promises are added, or complete one that was made before; a when or a number that was asked for is filled in. */
function keepPromises(before: readonly Commitment[], promises: readonly Promise[], heard: Heard, memo: Memo): Kept {
  const commitments = [...before];
  const touched = new Set<number>();
  for (const { commitment } of promises.filter(({ soft }) => !soft)) {
    const known = commitments.findIndex((one) => isSamePlan(one.what, commitment.what));
    const old = commitments[known];
    if (old) commitments[known] = commitment.by === undefined ? old : { ...old, by: commitment.by };
    touched.add(old ? known : commitments.push(commitment) - 1);
  }
  const made = commitments.length > before.length;
  // What is promised is an option that need not be asked for any more.
  for (const { what } of commitments.slice(before.length)) remember(memo, 'options', what);
  const by = memo.awaiting === 'when' ? whenIn(heard.text)?.by : undefined;
  const undated = commitments.findLastIndex((one) => one.by === undefined);
  const open = commitments[undated];
  if (by !== undefined && open && promises.length === 0) {
    commitments[undated] = { ...open, by };
    touched.add(undated);
  }
  const corrects = before.some((one) => one.confidence !== undefined) && heard.wordCount <= 4;
  const asked = memo.awaiting === 'confidence' || memo.awaiting === 'raise' || corrects;
  const confidence = commitments.length === 0 ? undefined : confidenceIn(heard.text, { asked });
  const rated = confidence === undefined ? commitments : withConfidence(commitments, confidence);
  return {
    commitments: rated.slice(-MAX_COMMITMENTS),
    touched: [...touched].flatMap((at) => rated[at] ?? []),
    made,
    confidence,
  };
}

/** "An eight" is said of all that was promised and not rated yet, else of the last promise. */
function withConfidence(commitments: readonly Commitment[], confidence: number): Commitment[] {
  const last = commitments.length - 1;
  const allRated = commitments.every((one) => one.confidence !== undefined);
  return commitments.map((one, i) =>
    one.confidence === undefined || (allRated && i === last) ? { ...one, confidence } : one,
  );
}

function isSamePlan(a: string, b: string): boolean {
  const words = (text: string) => wordsOf(text).map(bare).filter(isContentWord);
  const [left, right] = [words(a), words(b)];
  if (left.length === 0 || right.length === 0) return a.toLowerCase() === b.toLowerCase();
  const shared = left.filter((word) => right.includes(word)).length;
  return shared / Math.min(left.length, right.length) >= 0.6;
}
