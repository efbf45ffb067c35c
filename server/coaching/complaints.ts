/** What somebody says who is cross with the coach, and what it says to that: it owns up, and gives the talk back. */
import type { Memo } from './memo.ts';
import { choose } from './variation.ts';

export const COMPLAINTS = ['complain_again', 'complain_unheard', 'complain_useless', 'complain_machine'] as const;
export type Complaint = (typeof COMPLAINTS)[number];

const LEAD = '(?:(?:okay|ok|well|honestly|look|hey|come on|but|so|sorry|no|wait|again|seriously|great|god|oh) )*';
const DEGREE = '(?:(?:so|really|just|all|totally|a bit|pretty|completely|kind of|getting|quite|such|not|very|only) )*';

/** The whole turn is the complaint, so that "this is stupid, but my boss…" is heard as what it is about. */
const PATTERNS: readonly (readonly [Complaint, RegExp])[] = [
  [
    'complain_again',
    /\b(?:you(?:'ve| have)? (?:just |already )+(?:asked|said|told)(?: me)? (?:that|this|it)|you (?:asked|said)(?: me)? (?:that|this) (?:already|before|twice)|you (?:keep|are|'re) (?:repeating|asking (?:me )?the same)|you're (?:repeating|asking (?:me )?the same)|i (?:just|already) (?:said|told you|answered) (?:that|this|so)|(?:why do you|stop) (?:repeat|repeating|parrot|parroting|echo|echoing)(?:ing)?)\b/i,
  ],
  [
    'complain_unheard',
    new RegExp(
      `^${LEAD}(?:that's not what i (?:said|meant|mean|asked)|i (?:didn't|never) (?:say|said) that|you (?:(?:really |just )?(?:don't|didn't|do not) (?:understand|get|hear|listen to)|(?:got|get) (?:that|it|me) wrong|misunderstood|(?:aren't|are not) (?:really )?listening|never listen)(?: (?:me|it|that|this|anything|at all|what i (?:said|mean|meant)|a word))*|you're not (?:really )?listening(?: to me)?)$`,
      'i',
    ),
  ],
  [
    'complain_machine',
    new RegExp(
      `^${LEAD}(?:(?:this|it) is ${DEGREE}\\w+ )?you(?:'re| are) ${DEGREE}(?:an? )?(?:stupid |dumb |silly )?(?:machine|robot|bot|computer|program|ai|algorithm)(?: (?:anyway|after all))?$|^${LEAD}(?:i (?:don't|do not) (?:want|like) to (?:talk|speak) (?:to|with) (?:an? )?(?:machine|robot|bot|computer|ai)|you(?:'re| are) (?:stupid|dumb|useless|an idiot|no help)(?: at all)?)$`,
      'i',
    ),
  ],
  [
    'complain_useless',
    new RegExp(
      `^${LEAD}(?:i (?:think|feel like|guess) )?(?:(?:this|it|that|all this|all of this|coaching|this talk|this conversation) (?:is|feels|seems|isn't|does|doesn't) ${DEGREE}(?:stupid|useless|pointless|ridiculous|silly|nonsense|dumb|a joke|(?:an? )?(?:complete |total |huge |big |utter |real )?waste of (?:my )?time|helping|helpful|working|annoying|help|going (?:anywhere|nowhere))(?: (?:me|at all|anymore))*)$`,
      'i',
    ),
  ],
];

/** `plain` is in lower case, without punctuation. A turn of more than fourteen words is about something. */
export function complaintIn(plain: string): Complaint | undefined {
  if (plain.split(' ').length > 14) return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(plain))?.[0];
}

const INVITATIONS = ['Tell me what you would rather look at.', 'Take it wherever it is useful to you.'] as const;

const OWNING_UP: Readonly<Record<Complaint, readonly string[]>> = {
  complain_again: ["You're right, and I'm sorry.", "Fair point, I'm sorry for going round in circles."],
  complain_unheard: ["I'm sorry, I missed what you meant.", "Then I got you wrong, and I'm sorry."],
  complain_useless: ['Thank you for saying that so plainly.', 'I hear that this is no use to you so far.'],
  complain_machine: [
    "That's true, I'm only a program.",
    "You're right, I'm a machine, and there is much that I don't get.",
  ],
};

const USEFUL = [
  'What would make the rest of our time worth it for you?',
  'What would have to happen here so that it helps you a little?',
] as const;

/** Two sentences; at most one question, each of which is asked once. Changes `memo` (phrasings). */
export function answerComplaint(complaint: Complaint, memo: Memo, seed: number): string[] {
  const opening = choose(OWNING_UP[complaint], memo, seed);
  if (complaint === 'complain_unheard')
    return [
      opening,
      choose(
        ['Say it once more in your own way, and I stay with your words.', 'Tell me again, and I listen more closely.'],
        memo,
        seed,
      ),
    ];
  if (complaint === 'complain_again') return [opening, choose(INVITATIONS, memo, seed)];
  const useful = USEFUL.find((_, i) => !memo.asked.includes(`c-useful-${i}`));
  if (useful === undefined) return [opening, choose(INVITATIONS, memo, seed)];
  memo.asked.push(`c-useful-${USEFUL.indexOf(useful)}`);
  return [opening, useful];
}
