/** Clauses that can be said back whole: "I'm stuck with my boss" → "you're stuck with your boss". */
import { isWholeClause, lowerAt, type Term } from './grammar.ts';
import { toSecondPerson } from './perspective.ts';
import { bare, wordsOf } from './speech-text.ts';

export interface Mirror {
  /** "I'm stuck with my boss". */
  readonly said: string;
  /** As it is said back: "you're stuck with your boss". */
  readonly text: string;
  /** How much the clause tells. */
  readonly weight: number;
  readonly ofThemselves: boolean;
  /** "if you pack your bag the night before": stands alone only after a "So,". */
  readonly isCondition: boolean;
  readonly words: number;
}

const MAX_WORDS = 14;

const OPENING =
  /^(?:well|so|yeah|yes|no|okay|ok|oh|and|but|because|um|like|actually|honestly|to be honest|I guess|I suppose|the thing is|I (?:just |really |often |always )?feel like|right now|I (?:don't|do not) know(?= (?:I|he|she|they|it|we|my)\b)|maybe(?= if\b)|at the moment|currently|these days|lately|it's just that|I mean|I would say|I'd say|the problem is|the issue is|that(?= (?:he|she|they|I|it|we|my|the)\b))(?: that)?,? /i;
const CLOSING = /^(?:actually|really|though|anyway|honestly|basically|somehow|okay|now|then|too)$/;
/** What the person says of the talk itself: heard, but nothing to say back. */
const ABOUT_THE_TALK =
  /^(?:I|we) (?:want|would like|wanted|'d like|need) to (?:talk|speak|chat|discuss|ask|tell|say|mention)\b|^I'd like to (?:talk|speak|chat|discuss|ask|say)\b|^(?:I|that's|it's) (?:don't know|just|think so|guess so|mean it|it|all)$/i;
const TELLING =
  /\b(?:want|need|wish|hope|afraid|scared|feel|love|hate|can't|never|always|stuck|struggl\w+|hard|difficult|problem|really|too|avoid\w*|miss|lost|matter|important|keep|keeps|tired|angry|don't)\b/i;
const FILLING = /\b(?:guess|suppose|stuff|thing|things|something|anyway|whatever|say|said)\b/i;
const SEEING = /^I (?:just |now )?(?:realis|realiz|notice|see (?:now )?that)/i;
const CONDITION = /^(?:if|when|whenever|unless|until|before|after)$/;

/** The clause as it is said back; undefined when it is none, garbled, about the talk, or "we" would come out wrong. */
export function mirrorOf(terms: readonly Term[], place: number): Mirror | undefined {
  const core = shortened(trimmed(terms));
  const isCondition = CONDITION.test(lowerAt(core, 0));
  const clause = isCondition ? core.slice(1) : core;
  if (!isWholeClause(clause, { maxWords: MAX_WORDS }) || core.some((term) => term.lower === 'you')) return undefined;
  const said = spoken(core);
  if (ABOUT_THE_TALK.test(said) || /\b(?:want|need|like) us to\b/i.test(said)) return undefined;
  const content = core.filter((term) => isContentWord(term.lower)).length;
  if (content === 0 && !(core.length >= 5 && TELLING.test(said))) return undefined;
  const ofThemselves = /^(?:i|we|my|our|it's my|what i)\b/i.test(said);
  const fits = core.length >= 4 && core.length <= 10 ? 1.5 : 0;
  const weight =
    Math.min(content, 4) * 0.6 +
    (ofThemselves ? 1.5 : 0) +
    (TELLING.test(said) ? 1.5 : 0) -
    (FILLING.test(said) ? 1 : 0) -
    (isCondition ? 1.5 : 0) +
    (SEEING.test(said) ? 2 : 0) +
    fits +
    place * 0.5;
  const text = withPause(lowerFirst(toSecondPerson(said), core[0]));
  return { said, text, weight, ofThemselves, isCondition, words: core.length };
}

function spoken(terms: readonly Term[]): string {
  return terms.map(({ word, pause }, i) => (pause && i < terms.length - 1 ? `${word},` : word)).join(' ');
}

/** Of a long clause, what comes before its "without…", "because…", "so that…". */
function shortened(terms: readonly Term[]): readonly Term[] {
  if (terms.length <= 12) return terms;
  const cut = terms.findIndex(
    (term, i) => i >= 5 && /^(?:without|because|when|while|since|until|after|before|which|so)$/.test(term.lower),
  );
  return cut < 0 ? terms : terms.slice(0, cut);
}

function trimmed(terms: readonly Term[]): readonly Term[] {
  let rest = terms;
  for (let cut = true; cut;) {
    const text = rest.map((term) => term.word).join(' ');
    const opening = OPENING.exec(text)?.[0];
    const words = opening === undefined ? 0 : wordsOf(opening).length;
    cut = words > 0 && words < rest.length;
    if (cut) rest = rest.slice(words);
  }
  // "… is the best one I think"
  if (rest.length > 4 && lowerAt(rest, -2) === 'i' && /^(?:think|guess|suppose|mean)$/.test(lowerAt(rest, -1)))
    rest = rest.slice(0, -2);
  while (rest.length > 3 && CLOSING.test(lowerAt(rest, -1))) rest = rest.slice(0, -1);
  return rest;
}

/** "your wife she'd hold you to it" → "your wife, she'd hold you to it": as people speak. */
function withPause(text: string): string {
  return text.replace(
    /^((?:your|the|his|her|their) [\w-]+(?: (?!said|says|say|thinks?|thought|told|wants?|knows?|knew|feels?|felt|hopes?|means|\w+ed\b)[\w-]+)?) (he|she|they|it)(?=['\s])/i,
    '$1, $2',
  );
}

/** Sentence case is undone, but not a name's. */
function lowerFirst(text: string, first: Term | undefined): string {
  if (first && (first.tags.has('ProperNoun') || first.tags.has('WeekDay') || first.tags.has('Month'))) return text;
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

const STOP_WORDS = new Set(
  "a an the and or but so if then than that this these those there here i you he she it we they me him her us them my your his its our their mine yours i'm i've i'll i'd you're you've you'll he's she's it's we're they're that's there's is am are was were be been being do does did don't doesn't didn't have has had haven't can could will would should may might must can't won't to of in on at for with from by about as into up out off over not no yes yeah just very really too also some any all more most much many few one two what which who how why when where okay ok well oh um uh like get got go going say said know think guess mean want because thing things lot bit something whatever maybe sure fine actually perhaps".split(
    ' ',
  ),
);

/** Whether a word says something of its own; what makes a reply refer to what was said. */
export function isContentWord(word: string): boolean {
  const lower = bare(word);
  return lower.length > 2 && !STOP_WORDS.has(lower);
}
