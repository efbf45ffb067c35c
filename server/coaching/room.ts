/** Replies without a question: room to go on, a look back, a word for somebody who has none at the moment. */
import type { CoachNotes } from '../ports/language-model.ts';
import type { Heard } from './hearing.ts';
import type { Memo } from './memo.ts';
import { isContentWord } from './mirrors.ts';
import { bare, wordsOf } from './speech-text.ts';
import { lookingBack } from './summary.ts';
import { choose } from './variation.ts';

/** About every fifth turn, sooner when somebody spoke at length or with feeling, and when questions bear no fruit. */
export function wantsRoom(heard: Heard, memo: Memo): boolean {
  if (heard.isLoss && memo.slot !== 'room') return true;
  // A number on a scale is nothing to go on about.
  if (memo.slot === 'scale') return false;
  if (heard.kind !== 'content') return memo.vague >= 3 && memo.vague % 3 === 0;
  const isMoved = heard.isLong || heard.feelings.some((feeling) => !feeling.pleasant);
  return memo.sinceQuiet >= 4 || (isMoved && memo.sinceQuiet >= 2);
}

export const INSIGHTS = [
  'That sounds like an important thing to see.',
  "That's worth keeping.",
  'It takes something to notice that.',
] as const;
const INVITATIONS = [
  'Tell me more about that.',
  'Go on, I am with you.',
  'Stay with that for a moment, and tell me what comes up.',
  'I would like to hear more.',
  'Say a little more about it.',
  "I'm listening.",
] as const;
const AT_THE_END = ["That's worth holding on to.", 'Let that sink in for a moment.', 'Take that with you.'] as const;
const WITHOUT_PRESSURE = [
  'Just say the first thing that comes to mind, even if it seems silly.',
  'We can also stay with it quietly for a moment.',
  'Tell me anything about it, as it comes.',
] as const;

/** No question: an invitation, sometimes after a look back. */
export function room(heard: Heard, notes: CoachNotes, memo: Memo, seed: number): string[] {
  memo.sinceQuiet = 0;
  memo.slot = 'room';
  if (heard.kind !== 'content') return [choose(WITHOUT_PRESSURE, memo, seed)];
  const isEnd = notes.stage === 'way_forward' && notes.commitments.length > 0;
  const looksBack = memo.turns > 6 && heard.wordCount < 12 && seed % 2 === 0;
  const back = looksBack
    ? lookingBack(notes, memo).filter((sentence) => unlessSaid(sentence, [heard.text]) !== undefined)
    : [];
  return [...back.slice(0, 1), choose(isEnd ? AT_THE_END : INVITATIONS, memo, seed)];
}

/** A sentence whose words have mostly been said a moment ago is left out. */
export function unlessSaid(sentence: string | undefined, before: readonly string[]): string | undefined {
  if (sentence === undefined) return undefined;
  const said = new Set(before.flatMap((text) => wordsOf(text).map(bare)));
  const words = wordsOf(sentence)
    .map(bare)
    .filter((word) => isContentWord(word) && !/^(?:pull|together|here|far|check|sum|let)$/.test(word));
  const repeated = words.filter((word) => said.has(word)).length;
  return words.length > 0 && repeated / words.length > 0.6 ? undefined : sentence;
}

/** To a turn of a word or two that says nothing by itself. */
export function acknowledge({ kind, text }: Heard, memo: Memo, seed: number): string[] {
  if (kind === 'dont_know' && memo.vague >= 2)
    return [
      choose(
        [
          "Let's come at it from another side.",
          "That's all right, let's make it smaller.",
          'No problem, an easier one then.',
        ],
        memo,
        seed,
      ),
    ];
  if (/^(?:ok|okay|alright|all right|right|good|great|cool|fine|i see)\b/i.test(text) && kind === 'hesitation')
    return [choose(['All right.', 'Good.', 'Okay then.'], memo, seed)];
  const forms: Partial<Record<Heard['kind'], readonly string[]>> = {
    dont_know: [
      "That's okay, you don't have to know yet.",
      'Not knowing is a fine place to start.',
      "That's fine, there is no right answer.",
    ],
    yes: ['Okay, yes.', 'Good, yes.', 'Yes, I see.'],
    no: ['All right.', "That's fine.", 'Okay, then not.'],
  };
  return [choose(forms[kind] ?? ['Take your time.', 'No hurry.', "It's fine to think for a moment."], memo, seed)];
}
