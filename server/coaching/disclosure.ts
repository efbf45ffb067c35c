/** That the coach is an AI and no therapist: said at the start, and whenever somebody asks, whichever engine speaks. */
import type { ReplyRequest } from '../ports/language-model.ts';

const SOMEBODY =
  '(?:real |actual |live |living |human |licensed |trained |qualified |professional )*(?:human(?: being)?|person|man|woman|somebody|someone|robot|bot|chat ?bot|a[. ]?i|machine|computer|program|artificial(?: intelligence)?|chatgpt|language model|therapist|psychologist|psychiatrist|psychotherapist|counsell?or|doctor|shrink)';

/** Whether they ask who, or what, they talk with, in text without punctuation. */
export const ASKS_WHO_SPEAKS = new RegExp(
  [
    `\\b(?:are|aren't) you (?:really |actually |just |even |not |only )*(?:an? |the |some )?(?:real|${SOMEBODY})\\b`,
    `\\bam i (?:really |actually |just )*(?:talking|speaking|chatting) (?:to|with) (?:an? |the |some )?(?:real|${SOMEBODY})\\b`,
    `\\b(?:is|was) (?:this|that|it|there) (?:really |actually |just )*(?:an? |the |some )?${SOMEBODY}(?: (?:there|here|speaking|talking|listening|on the (?:line|other end)|i(?:'m| am) (?:talking|speaking) (?:to|with)))`,
    `\\byou(?:'re| are) (?:not |just |only |really )*(?:an? )?${SOMEBODY} (?:are you|aren't you|right|or)\\b`,
    "\\b(?:who|what) are you\\b|\\bdo you have (?:feelings|a name)\\b|\\bwhat(?:'s| is) your name\\b",
  ].join('|'),
  'i',
);

const ASKED_IN_GERMAN =
  /\b(?:bist du|sind sie) (?:denn |eigentlich |wirklich |echt |nur )*(?:eine? )?(?:echter? |richtiger? )?(?:mensch|person|ki|k i|roboter|bot|maschine|computer|programm|therapeut(?:in)?|psycholog(?:e|in)|psychotherapeut(?:in)?|arzt|ärztin)\b|\b(?:spreche|rede) ich (?:hier |gerade |eigentlich |wirklich )*mit (?:einem|einer|dem|der) (?:echten |richtigen )?(?:menschen|person|ki|roboter|bot|maschine|computer|programm|therapeut(?:en|in))\b/i;

const SAYS_AI = /\bA\.?I\b|\bKI\b|artificial intelligence|künstliche Intelligenz/;
const SAYS_NO_THERAPIST = /therap/i;

/**
 * What a model's reply still owes: it is asked to say so by its instructions, and models forget. Undefined when nothing
 * was to be said, or it was.
 */
export function owedDisclosure(request: ReplyRequest, reply: string): string | undefined {
  const language = disclosesIn(request);
  if (language === undefined || (SAYS_AI.test(reply) && SAYS_NO_THERAPIST.test(reply))) return undefined;
  return language === 'de'
    ? 'Ich bin eine KI, kein Mensch und kein Therapeut.'
    : 'I am an AI, not a person and not a therapist.';
}

/** The language to say it in; undefined when it needn't be said now. */
export function disclosesIn({
  occasion,
  conversation,
}: Pick<ReplyRequest, 'occasion' | 'conversation'>): 'en' | 'de' | undefined {
  if (occasion === 'greeting') return 'en';
  const last = conversation.at(-1);
  if (occasion !== 'reply' || last?.sender !== 'user') return undefined;
  const text = last.text.replaceAll(/[^\p{L}\p{N}'’]+/gu, ' ').replaceAll('’', "'");
  if (ASKED_IN_GERMAN.test(text)) return 'de';
  return ASKS_WHO_SPEAKS.test(text) ? 'en' : undefined;
}
