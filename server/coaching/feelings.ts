/** Feelings that the person says they have, and how a listener names them back. */
import { bare, wordAt, wordsOf } from './speech-text.ts';

export interface Feeling {
  /** The word that was said, in lower case. */
  readonly word: string;
  /** Goes into "that sounds …". */
  readonly sounds: string;
  readonly pleasant: boolean;
}

/** Said word → "that sounds …". */
const HARD: Readonly<Record<string, string>> = {
  terrible: 'really hard',
  awful: 'awful',
  horrible: 'horrible',
  shocked: 'shocking',
  betrayed: 'like a betrayal',
  disrespected: 'hurtful',
  frustrated: 'frustrating',
  frustrating: 'frustrating',
  annoyed: 'annoying',
  annoying: 'annoying',
  irritated: 'irritating',
  angry: 'upsetting',
  furious: 'really upsetting',
  mad: 'upsetting',
  upset: 'upsetting',
  upsetting: 'upsetting',
  resentful: 'bitter',
  bitter: 'bitter',
  hurt: 'painful',
  painful: 'painful',
  humiliated: 'humiliating',
  humiliating: 'humiliating',
  embarrassed: 'embarrassing',
  embarrassing: 'embarrassing',
  ashamed: 'hard to carry',
  guilty: 'hard to carry',
  disappointed: 'disappointing',
  disappointing: 'disappointing',
  sad: 'sad',
  unhappy: 'hard',
  miserable: 'really hard',
  depressed: 'really heavy',
  depressing: 'heavy',
  heartbroken: 'heartbreaking',
  lonely: 'lonely',
  alone: 'lonely',
  isolated: 'isolating',
  anxious: 'unsettling',
  nervous: 'nerve-wracking',
  worried: 'worrying',
  worrying: 'worrying',
  afraid: 'scary',
  scared: 'scary',
  scary: 'scary',
  terrified: 'terrifying',
  terrifying: 'terrifying',
  panicked: 'frightening',
  stressed: 'stressful',
  stressful: 'stressful',
  overwhelmed: 'overwhelming',
  overwhelming: 'overwhelming',
  exhausted: 'exhausting',
  exhausting: 'exhausting',
  tired: 'tiring',
  drained: 'draining',
  draining: 'draining',
  burned: 'exhausting',
  trapped: 'like a trap',
  torn: 'like a real tug of war',
  helpless: 'hard to bear',
  hopeless: 'really heavy',
  powerless: 'hard to bear',
  lost: 'disorienting',
  confused: 'confusing',
  confusing: 'confusing',
  insecure: 'unsettling',
  jealous: 'painful',
  bored: 'tedious',
  boring: 'tedious',
  ignored: 'hurtful',
  unappreciated: 'disheartening',
  undervalued: 'disheartening',
  invisible: 'hurtful',
  demotivated: 'disheartening',
  discouraged: 'discouraging',
  devastated: 'devastating',
  pressured: 'like a lot of pressure',
  restless: 'restless',
  impatient: 'trying',
};

const PLEASANT: Readonly<Record<string, string>> = {
  happy: 'good',
  glad: 'good',
  excited: 'exciting',
  exciting: 'exciting',
  proud: 'like something to be proud of',
  relieved: 'like a relief',
  grateful: 'good',
  hopeful: 'hopeful',
  optimistic: 'hopeful',
  confident: 'strong',
  motivated: 'energising',
  calm: 'calm',
  energized: 'energising',
  inspired: 'inspiring',
  pleased: 'good',
  thrilled: 'exciting',
  curious: 'intriguing',
};

const NEGATION = /^(?:not|never|no|isn't|don't|doesn't|wasn't|didn't|aren't|hardly|without|nothing|less|isnt)$/;
const OTHERS =
  /^(?:he|she|they|you|he's|she's|they're|you're|boss|mother|father|wife|husband|partner|team|manager|people|everyone)$/;
const MINE =
  /^(?:i|i'm|i've|i'd|me|i'll|we|we're|feel|feeling|felt|it's|it|that's|this|makes|made|getting|my|there's|so|very|really|too|just|pretty|quite|bit)$/;

const NOT_YET = /\b(?:should|must|ought to|want to|wanna|need to|like to|love to)(?: \w+)? (?:be|feel)(?: \w+)?$/;

const LOSS =
  /\b(?:(?:my|our) [\w' ]{2,30}? (?:just |has |have |had |suddenly |recently )*(?:died|passed away|is dying|was killed|killed (?:himself|herself))|(?:i|we) (?:just |recently |have |'ve )*(?:lost (?:my|our) (?:mother|mom|mum|father|dad|wife|husband|partner|son|daughter|child|baby|brother|sister|best friend|friend|grandmother|grandfather|grandma|grandpa|dog|cat)|had a miscarriage|have cancer|was diagnosed|got diagnosed)|funeral of (?:my|our)|death of (?:my|our))\b/i;

/** Whether the person tells of a death or a grave illness: that is met with sympathy, not with a question. */
export function tellsOfLoss(text: string): boolean {
  return LOSS.test(text);
}

/** The person's own feelings in a cleaned text, in the order they were said; not those that they deny or see in others. */
export function feelingsIn(text: string): Feeling[] {
  const words = wordsOf(text).map(bare);
  const found: Feeling[] = [];
  words.forEach((word, i) => {
    const sounds = HARD[word] ?? PLEASANT[word];
    if (sounds === undefined || found.some((feeling) => feeling.word === word)) return;
    if (!isFelt(words, i)) return;
    found.push({ word, sounds, pleasant: word in PLEASANT });
  });
  return found;
}

function isFelt(words: readonly string[], i: number): boolean {
  if (words.length <= 3) return !words.slice(0, i).some((word) => NEGATION.test(word) || OTHERS.test(word));
  const before = words.slice(Math.max(0, i - 5), i);
  // "I should be grateful", "I want to be proud": not yet.
  if ((words[i] ?? '') in PLEASANT && NOT_YET.test(before.join(' '))) return false;
  const owner = before.findLast((word) => OTHERS.test(word) || MINE.test(word));
  if (before.slice(-3).some((word) => NEGATION.test(word))) return false;
  if (words[i] === 'lost' && /^(?:my|the|a|it|him|her|his)$/.test(wordAt(words, i + 1))) return false;
  if (words[i] === 'hurt' && /^(?:my|the|him|her|them)$/.test(wordAt(words, i + 1))) return false;
  const subject = before.findLast((word) =>
    /^(?:i|i'm|i've|me|we|he|she|they|you|he's|she's|they're|you're|boss|wife|husband|manager|team)$/.test(word),
  );
  if (subject !== undefined && OTHERS.test(subject))
    return before.some((word) => /^(?:me|makes|made)$/.test(word) && word !== 'made') && before.includes('me');
  return owner !== undefined && MINE.test(owner);
}
