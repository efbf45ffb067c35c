/** How a topic, a goal, an option or a commitment of the notes is said to the person. Notes keep the person's own words. */
import type { Commitment } from '../../protocol/messages.ts';
import { isWholeClause, tagTerms } from './grammar.ts';
import { toSecondPerson } from './perspective.ts';
import { wordsOf } from './speech-text.ts';
import { whenSpoken } from './time-phrases.ts';

const STARTS_A_CLAUSE =
  /^(?:i|i'm|i've|i'd|i'll|you|you're|you've|he|she|it|we|they|it's|he's|she's|they're|we're|there|there's|nobody|everyone|that)\b/i;
const HAS_A_VERB =
  /\b(?:is|are|was|were|isn't|don't|doesn't|never|always|keeps?|has|have|wants?|makes?|can't|won't|didn't)\b/i;

export function spokenTopic(topic: string): string {
  return toSecondPerson(topic);
}

/** Whether a topic is a statement ("I'm stuck with my boss") rather than a name for something ("my boss"). */
export function isStatement(topic: string): boolean {
  if (STARTS_A_CLAUSE.test(topic)) return true;
  if (/^(?:how|whether|what|why|when|who|to|not)\b/i.test(topic)) return false;
  return HAS_A_VERB.test(topic) || isWholeClause(tagTerms(topic), { maxWords: 20 });
}

/** A clause without a full stop: "you want to finish your thesis". */
export function spokenGoal(goal: string): string {
  // "I want us to…": "you want you to…" is nothing that anybody says.
  const said = toSecondPerson(goal.replace(/^us to /i, 'to '));
  if (/^\w+ing\b/i.test(goal) && !/^(?:nothing|something|anything|everything)\b/i.test(goal))
    return `your goal is ${said}`;
  if (STARTS_A_CLAUSE.test(goal)) return `a good outcome would be that ${said}`;
  if (
    /^(?:finish|get|find|be|have|feel|make|do|learn|start|stop|sleep|go|talk|say|know|become|build|keep|write|leave|spend|earn|work|lose|quit|change|improve|decide)\b/i.test(
      goal,
    )
  )
    return `you want to ${said}`;
  return `you want ${said}`;
}

/** "talk to her on Monday". */
export function spokenCommitment({ what, by }: Commitment): string {
  const said = toSecondPerson(what);
  return by === undefined ? said : `${said} ${whenSpoken(toSecondPerson(by))}`;
}

/** "ask Tom for help, hire an assistant, or quit". */
export function listed(items: readonly string[], last: 'and' | 'or'): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

const SMALL_NUMBERS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'zero ten twenty thirty forty fifty'.split(' ');

/** 0 to 59 in words, larger ones in digits: a synthesiser reads either, a person hears no "30". */
export function numberWord(value: number): string {
  if (value < 20) return SMALL_NUMBERS[value] ?? String(value);
  if (value >= 60) return String(value);
  const ten = TENS[Math.floor(value / 10)];
  return value % 10 === 0 ? String(ten) : `${ten}-${SMALL_NUMBERS[value % 10]}`;
}

/** "about thirty minutes", "about a minute"; above ten minutes to the nearest five. */
export function spokenMinutes(remainingMs: number): string {
  const exact = Math.round(Math.max(0, remainingMs) / 60_000);
  if (exact <= 0) return 'less than a minute';
  if (exact === 1) return 'about a minute';
  const minutes = exact > 10 ? Math.round(exact / 5) * 5 : exact;
  if (minutes === 60) return 'about an hour';
  return `about ${numberWord(minutes)} minutes`;
}

export function isSpeakable(text: string, maxWords: number): boolean {
  const count = wordsOf(text).length;
  return count >= 1 && count <= maxWords;
}
