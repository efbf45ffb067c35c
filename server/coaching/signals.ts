/** What kind of turn it is, before its content is looked at: a question to the coach, a bare "yes", another language. */
import { complaintIn, COMPLAINTS } from './complaints.ts';
import { ASKS_WHO_SPEAKS } from './disclosure.ts';
import { bare, wordsOf } from './speech-text.ts';

const TURN_KINDS = [
  'empty',
  'crisis',
  'foreign',
  'ask_repeat',
  'ask_time',
  'ask_human',
  'ask_advice',
  'ask_opinion',
  'ask_how',
  'ask_private',
  'finish',
  'thanks',
  'hello',
  'dont_know',
  'hesitation',
  'yes',
  'no',
  ...COMPLAINTS,
  'content',
] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

/** Danger to life comes before coaching, whatever else was said. */
const CRISIS =
  /\b(?:kill(?:ing)? myself|suicid(?:e|al)|end (?:my life|it all)|take my (?:own )?life|want to die|don't want to (?:live|be alive)(?! (?:like|with|in|here|there|at|alone|together|by|near|without)\b)|better off dead|hurt(?:ing)? myself|self[- ]harm\w*|cut(?:ting)? myself|no reason to live)\b/i;

/** Checked in order on the text without punctuation. Patterns for asking look at the whole, since small talk may come before. */
const ASKING: readonly (readonly [TurnKind, RegExp])[] = [
  [
    'ask_repeat',
    /^(?:sorry |pardon |what )?(?:(?:can|could|would) you (?:please )?(?:repeat|say) (?:that|it|the question)|(?:please )?(?:say (?:that|it) again|repeat (?:that|it|the question|please))|i (?:didn't|did not|couldn't) (?:hear|catch|get) (?:that|you|it)|(?:what|pardon|sorry|excuse me)(?: me)?$|come again$|what did you (?:say|ask)|what was (?:that|the question))/i,
  ],
  [
    'ask_time',
    /\b(?:how much time|how long (?:do we|have we|is left|will this)|how many minutes|time (?:is|do we have) left|what time is it|are we (?:running )?out of time)\b/i,
  ],
  ['ask_human', ASKS_WHO_SPEAKS],
  [
    'ask_private',
    /\b(?:is this (?:private|confidential|recorded)|who (?:can|will) (?:hear|see|read) this|(?:are|do) you record\w*)\b/i,
  ],
  [
    'ask_advice',
    /\b(?:what (?:should|shall|can|could|would) i (?:do|say|tell|try|change)|what (?:would|do) you (?:do|advise|suggest|recommend)|(?:give|tell) me (?:some |an? |any |your )?(?:advice|tips?|ideas?|suggestions?|hint|example)|(?:do|have) you (?:have |got )?(?:any |some |an? )?(?:advice|tips?|ideas?|suggestions?)|any (?:advice|tips|ideas|suggestions)|can you (?:advise|suggest|give me)|tell me what to do|what's your advice|just tell me|(?:i want|i need) (?:your |some |an? )?(?:advice|suggestion)|should i (?:just )?\w+)\b/i,
  ],
  [
    'ask_opinion',
    /^you tell me$|\b(?:what do you think|what's your (?:opinion|view|take)|what is your (?:opinion|view|take)|do you (?:think|agree|believe)|do you understand|does that make sense|you know what i mean$|am i (?:wrong|right|crazy|being)|is (?:that|this|it) (?:normal|okay|ok|wrong|bad|weird))\b/i,
  ],
  [
    'ask_how',
    /\b(?:how does this work|what (?:is|are) (?:coaching|we doing|this for)|what can you do|how can you help|what happens now|what do (?:we|i) do (?:now|here)|why do you (?:ask|keep asking)|stop asking|too many questions|you (?:only|just) ask(?: me)? questions)\b/i,
  ],
  [
    'finish',
    /^(?:(?:okay|ok|well|yes|no|nothing|so|i think|i guess) )*(?:(?:let's|can we|i want to|i'd like to) (?:stop|finish|end|wrap up)(?: (?:here|now|this|it|there|for today))?|that's (?:all|it|enough)(?: for (?:today|now))?|(?:good ?bye|bye)(?: bye)?|i'm done|nothing else|i have to go)$/i,
  ],
];

const ONLY: readonly (readonly [TurnKind, RegExp])[] = [
  [
    'thanks',
    /^(?:(?:okay|ok|great|oh|well|yes|no|and|good|cool|alright|wow|that's good|(?:that's|this is|that was|this was|it was|you're|you've been|this has been)(?: (?:really|very|so|super|quite|actually|extremely))*(?: (?:helpful|useful|great|good|nice|kind|lovely|wonderful)(?: (?:of you|to hear))?)?) )*(?:thank you|thanks|cheers|that helps|that helped|(?<=\b(?:really|very|so|super|quite|actually|extremely|is|was|that's|been) )(?:helpful|useful))(?: (?:so much|very much|a lot|for (?:that|asking|listening|your help|the help|everything|this)|you|coach|again|that helps?|that helped|this was (?:helpful|great)|that was (?:helpful|great)|okay|i appreciate it))*$/i,
  ],
  [
    'hello',
    /^(?:(?:well|oh) )*(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: (?:there|coach|everyone|again|dear|kuku|my friend|well|so|where (?:do|should|shall) i (?:start|begin)|how do i (?:start|begin)|hello|hi|how are you(?: doing)?(?: today)?|nice to meet you|can you hear me|are you there))*$|^(?:can you hear me|are you (?:still )?there)$/i,
  ],
  [
    'dont_know',
    /^(?:(?:okay|ok|well|so|oh|honestly|actually|yeah|no|really|but|i mean|right now) )*(?:i (?:really |honestly |just |still |actually )*(?:don't|do not) (?:really |even |actually )?know|(?:i have )?no (?:idea|clue)|i'm not (?:really |so |too )?sure|not (?:really )?sure|i can't (?:say|think of (?:anything|any|one))|hard to say|(?:it's )?difficult to say|dunno|i have no (?:idea|clue)|who knows|good question|that's a (?:good|hard|difficult|tough) (?:question|one)|nothing comes to mind|not that i know)(?: (?:yet|either|really|honestly|what to say|right now|how to (?:say|answer)(?: (?:it|that))?|to be honest|at all|sorry|it's hard|i guess|anymore|exactly|what|how|actually|about that|that|it))*$/i,
  ],
  [
    'hesitation',
    /^(?:okay|ok|well|so|oh|right|alright|u+m+|u+h+|h+m+|mm+|mhm|mm-hm|mmhm|huh|ah|er|let me think|let me see|good|great|cool|fine|i see|wow|interesting|really|hmm i see|maybe|perhaps|it depends|depends|whatever)(?: (?:okay|ok|well|so|right|let me think|let me see|maybe|i guess|then|i see|it depends))*$/i,
  ],
  [
    'yes',
    /^(?:(?:okay|ok|well|oh|um|hm) )*(?:yes|yeah|yep|yup|sure|exactly|absolutely|definitely|of course|correct|right|true|indeed|totally|i (?:do|did|am|have|can|will|think so|guess so|suppose so|agree)|that's (?:right|true|correct|it)|kind of|sounds? (?:good|right)|a bit|a little|sometimes|probably)(?: (?:yes|yeah|sure|exactly|absolutely|definitely|of course|correct|right|true|i (?:do|did|am|have|can|think so|guess so|guess|think)|that's (?:right|true|it)|it is|it does|please|that is|indeed|so|probably|very much|a lot|really))*$/i,
  ],
  [
    'no',
    /^(?:(?:okay|ok|well|oh|um|hm) )*(?:no|nope|nah|not (?:really|yet|at all|now|today|much|so much|that much|particularly)|never|i (?:don't|didn't|haven't|can't|won't)(?: think so| want to)?|neither|none|nothing(?: really| else)?)(?: (?:no|not (?:really|yet|at all|now)|never|i (?:don't|didn't|haven't|can't)(?: think so)?|sorry|thanks|thank you|it's not|it isn't|really))*$/i,
  ],
];

/** A turn with more words than this says something. */
const MAX_SMALL_TURN_WORDS = 12;

/** The kind of a turn. `raw` is what came in, `cleaned` the same after `cleanSpeech`. Never throws; linear. */
export function turnKind(raw: string, cleaned: string): TurnKind {
  if (raw.trim() === '' || !/[\p{L}\p{N}]/u.test(raw)) return 'empty';
  if (CRISIS.test(cleaned)) return 'crisis';
  if (isForeign(raw, cleaned)) return 'foreign';
  const words = wordsOf(cleaned).map(bare);
  const plain = words.join(' ');
  if (plain === '') return 'hesitation';
  const complaint = complaintIn(plain);
  if (complaint !== undefined) return complaint;
  for (const [kind, pattern] of ASKING) if (pattern.test(plain)) return kind;
  // Bounded, because their repeated alternatives overlap ("I think", "I think so") and would backtrack without end.
  if (words.length <= MAX_SMALL_TURN_WORDS) for (const [kind, pattern] of ONLY) if (pattern.test(plain)) return kind;
  return 'content';
}

const ENGLISH =
  /^(?:the|and|to|of|i|i'm|my|is|it|that|in|was|for|you|not|have|with|this|but|me|he|she|they|we|at|so|do|don't|be|am|are|about|what|when|it's|on|a|an|just|been|would|could|there|his|her|no|yes|or|from|can|will|if|by|how|had|as|up|get|want|need|know|think|feel|more|all|who|your|help|work|because|i'll|i've|going|really|very|our|their|him|them|then|than|too|out|one|has)$/i;
/** Frequent words of large languages that are no English words (nor what an English recogniser writes by mistake). */
const ELSEWHERE =
  /^(?:ich|nicht|und|ist|das|der|aber|weil|mein|meine|wie|wir|sie|auch|für|mit|habe|bin|je|suis|pas|mais|mon|ma|est|les|une|des|avec|pour|vous|nous|que|qué|yo|estoy|pero|muy|con|para|una|los|las|mi|el|como|está|quiero|tengo|non|sono|perché|ma|ho|di|che|il|della|een|het|ik|niet|maar|van|voor|jag|och|att|det|inte|är|nie|jest|się|não|você|eu|uma|estou|minha|meu|olá|hola|bonjour|guten|danke|gracias|merci)$/iu;

/** Clearly not English: another script, or several of another language's small words and hardly one of English. */
function isForeign(raw: string, cleaned: string): boolean {
  const letters = raw.match(/\p{L}/gu)?.length ?? 0;
  const latin = raw.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters >= 2 && latin < letters * 0.5) return true;
  const words = wordsOf(cleaned).map(bare);
  const english = words.filter((word) => ENGLISH.test(word)).length;
  const elsewhere = words.filter((word) => ELSEWHERE.test(word) && !ENGLISH.test(word)).length;
  if (words.length <= 3) return elsewhere >= 1 && elsewhere >= words.length / 2 && english === 0;
  return elsewhere >= 2 && elsewhere > english;
}
