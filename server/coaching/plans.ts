/** Says back a wish or an idea that comes in no whole clause: "maybe ask Tom" → "You could ask Tom." */
import type { Clause } from './clauses.ts';
import { startsWithVerb } from './commitments.ts';
import { goalIn, optionsIn } from './extraction.ts';
import type { Heard } from './hearing.ts';
import type { Memo } from './memo.ts';
import { toSecondPerson } from './perspective.ts';
import { capitalised, firstWords, wordsOf } from './speech-text.ts';
import { isSpeakable, spokenGoal } from './spoken-notes.ts';
import { choose } from './variation.ts';

const FOR_OPTION = ['You could {o}.', 'So you could {o}.', 'One way would be to {o}.', 'Okay, you could {o}.'] as const;
const COULD = /\b(?:I|we) (?:could|can|might)\b/i;
const TENTATIVE =
  /^(?:(?:well|so|okay|yes|yeah|i guess|i think|i suppose) )*(?:maybe|perhaps|possibly|or maybe|or)(?: (?:I|we))?(?:'d| could| can| might| would)?(?: also| just| even| to)* (.+)$/i;
const MAX_OPTION_WORDS = 14;

/** Undefined when neither a wish nor an idea was said. Changes `memo` (phrasings). */
export function planSentence({ clauses }: Heard, memo: Memo, seed: number): string | undefined {
  const goal = goalIn(clauses);
  if (goal !== undefined && isSpeakable(goal, MAX_OPTION_WORDS)) return capitalised(`${spokenGoal(goal)}.`);
  const option = ideaIn(clauses);
  if (option === undefined) return undefined;
  const said = firstWords(toSecondPerson(option), MAX_OPTION_WORDS);
  return choose(FOR_OPTION, memo, seed).replace('{o}', () => said);
}

/** As it stands after "you could". */
function ideaIn(clauses: readonly Clause[]): string | undefined {
  const [idea] = optionsIn(
    clauses.filter(({ text }) => COULD.test(text)),
    { asked: false },
  );
  if (idea !== undefined) return idea;
  for (const { text, lead } of clauses) {
    if (lead === 'or' && startsWithVerb(text)) return text;
    const found = TENTATIVE.exec(text)?.[1];
    if (found !== undefined && wordsOf(found).length >= 2 && startsWithVerb(found)) return found;
  }
  return undefined;
}
