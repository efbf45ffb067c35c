/** Finds the topic, the goal, options, insights and obstacles in what was said, each in the person's own words. */
import type { Clause } from './clauses.ts';
import { bare, firstWords, wordsOf } from './speech-text.ts';

const MAX_PHRASE_WORDS = 14;
const TRAILING =
  /[\s,]+(?:and|but|so|because|or|i guess|i think|you know|really|actually|i suppose|to|of|the|a|my|that|if|then|please|today|with)\s*$/i;

/** "… and my team is demotivated": no part of the phrase before it. */
const NEXT_CLAUSE =
  /,? and (?:my|the|our|his|her|their) [\w' ]{1,25}\b(?:is|are|was|were|isn't|doesn't|don't|has|have|keeps?|never|always|won't|can't)\b.*$/i;

function phrase(text: string): string {
  let cut = firstWords(text.replace(/\s*[.!?;].*$/, '').replace(NEXT_CLAUSE, ''), MAX_PHRASE_WORDS);
  while (TRAILING.test(cut)) cut = cut.replace(TRAILING, '');
  return cut;
}

const TOPIC = [
  /\b(?:want(?:ed)?|would like|i'd like|like|love|need|hoping|hope) to (?:talk|speak|chat|discuss|think|work|focus|look)(?: (?:to you|with you|today))*(?: (?:about|on|at|through|over|into))? (.+)$/i,
  /\b(?:my|the|our) (?:topic|subject|issue|problem|question|challenge|concern)(?: for today| today| right now| really)? (?:is|would be) (?:that |about |with )?(.+)$/i,
  /\b(?:let's|can we|could we) (?:talk|speak|discuss|look)(?: (?:about|at))? (.+)$/i,
  /\b(?:i'm|i've been|i am|i have been|i was) (?:having (?:trouble|problems|issues|difficulties) with|struggling with|stuck (?:with|on|in)|thinking about|worried about|dealing with|fighting with) (.+)$/i,
  /\b(?:i have|i've got|there's|there is) (?:a |an |this |some )?(?:big |huge |bit of a )?(?:problems?|issues?|trouble|conflict|difficulty|challenge) (?:with|at|about|in) (.+)$/i,
  /^(?:it's|it is|that's|it would be) (?:all |mostly |mainly |really )?about (.+)$/i,
  /^(?:about|maybe|probably|perhaps) ((?:my|the|our|how|whether) .+)$/i,
];

/** The topic when it is named as one; undefined when it has to be told from the content. */
export function topicIn(clauses: readonly Clause[]): string | undefined {
  for (const pattern of TOPIC) {
    for (const { text } of clauses) {
      const found = pattern.exec(text)?.[1];
      if (found !== undefined && !/^(?:it|this|that|you|something|do|be)$/i.test(bare(found))) return phrase(found);
    }
  }
  return undefined;
}

const GOAL = [
  /\b(?:my|the|our) (?:main |real |new |big )?(?:goal|aim|target|objective|dream)(?: for (?:today|this|now|me))? (?:is|would be|is really) (?:that )?(.+)$/i,
  /\b(?:i|we) (?:really |just |actually |mainly |mostly |also |only )*(?:want|wanted|wish|would (?:really )?(?:like|love)|hope|need) (?:to |that (?=(?:i|he|she|they|we|it|my) )|(?=my |the |a |an |more |less |some |better |him |her |them |us |people |things |our |clarity|peace))(.+)$/i,
  /\b(?:i'd|we'd) (?:really |just )*(?:like|love) (?:to )?(.+)$/i,
  /\bwhat i(?:'d| would)?(?: really| actually| truly| most)* (?:want|need|wish|wish for|like|love) (?:is|would be) (?:to )?(.+)$/i,
  /\b(?:i|we) (?:just |really |so |only )*wish (?:that )?((?:i|we|he|she|they|my [a-z]+|it) (?:could|would|had|didn't|wouldn't|weren't|were|was)\b.+)$/i,
  /\b(?:i'm|i am) (?:hoping|aiming) to (.+)$/i,
  /\b(?:a good outcome|success|ideally|a success)(?: for me)?(?: would be| is| means| would mean)?,? (?:that |if |to |for me to )?(.+)$/i,
];
/** What "I want to…" says of the conversation, of escape or of a thing not wanted, rather than of a goal. */
const NO_GOAL =
  /^(?:talk|speak|chat|discuss|say|tell you|know (?:what|if|how) you|ask you|scream|cry|die|run away|give up|go back|start with|you|it$|that$|this$|do$|be$|hear|mention|stop here|finish here|wrap up|end (?:this|here)|leave it|help$|work on|focus on|look at|think about|hurt|upset|disappoint|do (?:that|it|this)$)\b/i;

/** The goal as it goes after "you want": "to finish my thesis", "more time for my kids". */
export function goalIn(clauses: readonly Clause[]): string | undefined {
  for (const { text } of clauses) {
    for (const pattern of GOAL) {
      const match = pattern.exec(text);
      const found = match?.[1];
      if (!match || found === undefined || wordsOf(found).length < 2 || NO_GOAL.test(found)) continue;
      if (/\b(?:don't|didn't|do not|not|never|if)\s*$/i.test(text.slice(0, match.index))) continue;
      const clean = phrase(found);
      if (wordsOf(clean).length < 2) continue;
      return asWanted(clean, match[0]);
    }
  }
  return undefined;
}

const NOUN_START =
  /^(?:my|the|a|an|our|more|less|some|better|him|her|them|people|no|clarity|peace|to|that|it|he|she|they|we|i|things|everyone|us|\w+ing|\w+ness|confidence|balance|respect)\b/i;

function asWanted(found: string, matched: string): string {
  return /\bto $/i.test(matched.slice(0, matched.length - found.length)) || !NOUN_START.test(found)
    ? `to ${found}`
    : found;
}

const WISHED_FOR =
  /^(?:more|less|better|no|a|an|some|to|peace|clarity|\w+ing|finish|get|find|be|have|feel|make|learn|start|stop|sleep|become|build|keep|spend|earn|work|lose|quit|change|improve|decide)\b/i;

/** An answer to "what would you like?" that names no wanting: "a better relationship", "finish it by June". */
export function goalFromAnswer(clauses: readonly Clause[]): string | undefined {
  const [first] = clauses;
  if (!first) return undefined;
  const text = phrase(
    first.text.replace(
      /^(?:(?:well|so|okay|ok|yes|yeah|probably|maybe|i think|i guess|that|just|if|it would be|it's|being able to|for me) )+(?=\w)/i,
      '',
    ),
  );
  const words = wordsOf(text);
  if (words.length < 2 || words.length > 12 || !(words.length <= 4 || WISHED_FOR.test(text))) return undefined;
  if (/^(?:i|i'm|it's|it|he|she|they|we|there|that's|that|had|not|nothing|because|if|when) /i.test(`${text} `))
    return undefined;
  return text;
}

const INSIGHT =
  /\b(?:i (?:just |now |only |suddenly |actually )*(?:realis|realiz)(?:e|ed)|i'm realis?ing|i've (?:just )?realis?ed|i'm realizing|i've (?:just )?realized|i(?: just| now)? (?:notice|noticed|see now|understand now|see)(?= (?:that|how|i ))|it (?:just )?(?:hit|struck|occurred to) me|now i (?:see|understand|get)|i guess (?:the|my) real (?:problem|issue|thing|question) is|(?:the|my) real (?:problem|issue|question|thing) is|what (?:this|it) (?:really )?comes down to is|deep down|the truth is|maybe (?:the|my) (?:real )?(?:problem|issue) is|i (?:never|hadn't|haven't) thought (?:of|about) (?:it|that) (?:that|this) way|it turns out|i've learned|i learned)(?: now| then| just)?[,:]?(?: that)? (.+)$/i;

/** What the person came to see, as they put it. */
export function insightsIn(sentences: readonly string[]): string[] {
  return sentences.flatMap((sentence) => {
    const found = INSIGHT.exec(sentence)?.[1];
    if (found === undefined) return [];
    const clean = firstWords(found.replace(/\s*[.!?;].*$/, ''), 20).replace(TRAILING, '');
    return wordsOf(clean).length < 3 ? [] : [clean];
  });
}

const OPTION = [
  /\b(?:i|we)(?: guess i| suppose i)? (?:could|can|might|may) (?:also |maybe |always |just |perhaps |probably |even |try to )*(.+)$/i,
  /\b(?:one (?:thing|option|idea|way|possibility)|another (?:thing|option|idea|way|possibility|one)|an option|the other option|an idea|the first (?:thing|option))(?: is| would be| might be| could be)(?: to| that i| if i)? (.+)$/i,
  /\b(?:what if|how about|what about) (?:i |we )?(.+)$/i,
  /\b(?:i'd|i would) (?:probably |maybe |just |also )?(?!like|love|be|have|say|feel|rather not|never|hate|not)(.+)$/i,
  /^(?:maybe|perhaps|or|or maybe|possibly|then|also|and maybe) (?:i |to |try )?(?:could |can )?(.+)$/i,
  /^(?:to )?((?:ask|talk|speak|tell|write|call|find|hire|leave|quit|change|start|stop|delegate|say|get|take|make|go|move|join|set|plan|block|book|look|apply|learn|work|use|try|have|do|give|send|let|keep|cut|share|meet|read|practise|practice|split|reduce|negotiate)(?:ing)? .+)$/i,
  /^((?:asking|talking|speaking|telling|writing|calling|finding|hiring|leaving|quitting|changing|starting|stopping|delegating|saying|getting|taking|making|going|moving|joining|setting|planning|blocking|booking|looking|applying|learning|working|using|trying|having|doing|giving|sending|cutting|sharing|meeting|reducing) .+)$/i,
];
/** Asked for options, one or two words may be one: "delegate", "maybe say no". */
const SHORT_OPTION =
  /^(?:(?:maybe|perhaps|just|to|or) )?(?:ask|delegate|quit|leave|say|talk|rest|wait|stop|start|write|call|change|move|apply|learn|practi[cs]e|plan|sleep|exercise|negotiate|resign|meditate|walk|run|outsource|automate|prioriti[sz]e|focus|cut|share|sell|rent)(?: [\w']+){0,2}$/i;
const NO_OPTION =
  /^\w+ing [\w' ]{1,20}\b(?:is|was|would be|seems|feels|sounds)\b|^(?:not|never|see|understand|feel|n't|be honest with you|think of|say (?:it|that)|imagine|tell you|hear|it'?s|be$|know|remember|i'?m|i don't|he|she|they)\b/i;

/** Options as a verb phrase ("ask Tom for help"), where the coach has asked for some or the person says "I could". */
export function optionsIn(clauses: readonly Clause[], { asked }: { asked: boolean }): string[] {
  const [only] = clauses;
  if (asked && only && clauses.length === 1 && SHORT_OPTION.test(only.text))
    return [phrase(only.text.replace(/^(?:maybe|perhaps|just|to|or) /i, ''))];
  return clauses.flatMap(({ text }) => {
    const plain = text.replace(/^(?:(?:well|so|okay|ok|yes|yeah|i guess|i think|i suppose) )+/i, '');
    for (const pattern of asked ? OPTION : OPTION.slice(0, 3)) {
      const found = pattern.exec(plain)?.[1];
      if (found === undefined || NO_OPTION.test(found) || wordsOf(found).length < 2) continue;
      return [phrase(found)];
    }
    return [];
  });
}

const OBSTACLE =
  /\b(?:can't|cannot|couldn't|afraid|scared|fear|no time|don't have (?:the |any |enough )?(?:time|money|energy|support|courage)|too (?:busy|tired|much|many|hard|expensive|late|shy|difficult)|never (?:listens?|have|has|get|gets|works?)|stops? me|holding me back|gets? in the way|don't know (?:how|what|where)|lack|lacking|struggl\w+|difficult|impossible|keeps? (?:\w+ing)|won't (?:let|listen)|doesn't (?:listen|care|work)|problem|procrastinat\w+|avoid\w*|distract\w*)\b/i;

export function isObstacle(text: string): boolean {
  return OBSTACLE.test(text);
}

const OTHER_TOPIC =
  /\b(?:actually|really|no|wait|honestly|but|maybe|i (?:think|guess)|hang on)?,? ?(?:the|my) (?:real|actual|bigger|deeper|main|true) (?:issue|problem|topic|question|thing)(?: here)? (?:is|isn't that|might be) (?:actually |really |that )?(?!that$)(.+)$|\b(?:i'd rather|i would rather|can we|could we|let's|i want to|i'd like to) (?:instead )?(?:talk|speak) about (.+?)(?: instead)?$|\b(?:change|switch|different) (?:the )?topics?(?: to)? (.+)$|\bit's (?:actually|really) (?:more )?about (.+)$/i;

/** Another topic than the one so far: "actually the real issue is my marriage". */
export function topicShiftIn(sentences: readonly string[]): string | undefined {
  for (const sentence of sentences) {
    const match = OTHER_TOPIC.exec(sentence);
    const found = match?.slice(1).find((group) => group !== undefined);
    if (found !== undefined && wordsOf(found).length >= 1) return phrase(found);
  }
  return undefined;
}

const OTHER_GOAL =
  /\b(?:(?:change|changed|rethink|different|another|new|wrong) (?:my |the )?goal|goal (?:has changed|is wrong|should be|is different)|what i(?: really| actually| truly)+ want|i (?:actually|really) (?:don't|do not) want|i don't (?:actually|really) want|that's not (?:really )?(?:my|the) goal|that's not (?:really )?what i want)\b/i;

export function isGoalShift(text: string): boolean {
  return OTHER_GOAL.test(text);
}
