/**
 * Turns what a person says of themselves into what is said to them: "I'm stuck with my boss" → "you're stuck with your
 * boss". A "you" in the person's mouth is mostly everybody ("you never know"), so it stays, but for the patterns in
 * which it is the coach ("I want you to help me").
 */
import { bare, wordAt, wordsOf } from './speech-text.ts';

const SWITCHED: Readonly<Record<string, string>> = {
  i: 'you',
  me: 'you',
  my: 'your',
  mine: 'yours',
  myself: 'yourself',
  "i'm": "you're",
  "i've": "you've",
  "i'll": "you'll",
  "i'd": "you'd",
  we: 'you',
  us: 'you',
  our: 'your',
  ours: 'yours',
  ourselves: 'yourselves',
  "we're": "you're",
  "we've": "you've",
  "we'll": "you'll",
  "we'd": "you'd",
};

const VERB_FOR_YOU: Readonly<Record<string, string>> = {
  am: 'are',
  was: 'were',
  "wasn't": "weren't",
  "ain't": "aren't",
};
const TO_COACH: Readonly<Record<string, string>> = { you: 'me', your: 'my', yours: 'mine', yourself: 'myself' };
/** After these, with "I" as the subject, "you" is the coach. */
const ADDRESSING =
  /^(?:want|need|ask|asked|tell|told|thank|hope|wish|trust|expect|expected|like|love|hate|believe|understand|hear)$/;
/** "your idea", "your question": the coach's. */
const OF_THE_COACH = /^(?:questions?|ideas?|help|advice|suggestions?|opinion|voice|view)$/;
const ADVERB =
  /^(?:really|never|always|just|also|still|actually|so|not|already|only|once|probably|often|usually|honestly|sometimes|then|even|almost|maybe|definitely|certainly|ever|too|all|both)$/;
const FIRST_PERSON = new Set(['i']);
const OTHER_SUBJECT = new Set(['he', 'she', 'it', 'they', 'that', 'this', 'there', 'who', 'what', 'which']);

/** The clause as it is said to the person; case of the first word and punctuation are kept. Idempotent but for "you". */
export function toSecondPerson(clause: string): string {
  const words = wordsOf(andMeFirst(clause));
  const lower = words.map(bare);
  const switched = words.map((word, i) => {
    const to = switchWord(lower, i);
    return to === undefined ? word : dressed(word, to);
  });
  return switched.join(' ');
}

/** "Tom and I" → "I and Tom": it becomes "you and Tom", which nobody would say the other way round. */
function andMeFirst(clause: string): string {
  return clause.replace(
    /^((?:and |but |so )?)((?:my |our |the )?[\w'-]+(?: [\w'-]+)?) and (i|me)\b(?!')/i,
    (whole, lead: string, other: string) =>
      /^(?:i|we|you|he|she|they|it)\b/i.test(other) || other.includes(' and') ? whole : `${lead}I and ${other}`,
  );
}

function switchWord(words: readonly string[], i: number): string | undefined {
  const word = wordAt(words, i);
  const before = wordAt(words, i - 1);
  if (word === 'am') return /^\d/.test(before) ? undefined : 'are';
  if (word in VERB_FOR_YOU) return belongsToMe(words, i) ? VERB_FOR_YOU[word] : undefined;
  if (word in TO_COACH) return isTheCoach(words, i) ? TO_COACH[word] : undefined;
  if (word === 'mine' && /^(?:a|the|this|that|coal|gold|salt)$/.test(before)) return undefined;
  if (word === 'me' && before === 'excuse') return undefined;
  return SWITCHED[word];
}

/** Whether the verb at `i` has "I" as its subject: "I really was", "was I", "I went home and was tired". */
function belongsToMe(words: readonly string[], i: number): boolean {
  const after = wordAt(words, i + 1);
  if (FIRST_PERSON.has(after)) return !OTHER_SUBJECT.has(wordAt(words, i - 1));
  let at = i - 1;
  while (at >= 0 && ADVERB.test(wordAt(words, at))) at--;
  const near = wordAt(words, at);
  if (FIRST_PERSON.has(near)) return true;
  if (near !== 'and' && near !== 'but') return false;
  const subject = words
    .slice(0, at)
    .findLast((word) => word.startsWith("i'") || word === 'i' || OTHER_SUBJECT.has(word));
  return subject !== undefined && !OTHER_SUBJECT.has(subject);
}

function isTheCoach(words: readonly string[], i: number): boolean {
  const word = wordAt(words, i);
  const before = wordAt(words, i - 1);
  if (word === 'your') return OF_THE_COACH.test(wordAt(words, i + 1));
  if (word === 'yourself' || word === 'yours') return false;
  return ADDRESSING.test(before) && /^(?:i|i'd|i'll|would|to|can|don't|do)$/.test(wordAt(words, i - 2));
}

/** Puts the new word into the old one's capital letter and punctuation. "I" is no capital of its own. */
function dressed(old: string, fresh: string): string {
  const [, lead = '', core = '', tail = ''] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec(old) ?? [];
  const capital = /^\p{Lu}/u.test(core) && !/^I(?:'|$)/.test(core);
  return `${lead}${capital ? fresh.slice(0, 1).toUpperCase() + fresh.slice(1) : fresh}${tail}`;
}
