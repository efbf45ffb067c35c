/** Hears what the person says they will do: what, and by when. Wishes, fears, states and other people's promises are none. */
import type { Commitment } from '../../protocol/messages.ts';
import { clausesOf, type Clause } from './clauses.ts';
import { bare, wordsOf } from './speech-text.ts';
import { isVagueTime, whenIn } from './time-phrases.ts';

export interface Promise {
  readonly commitment: Commitment;
  /** Meant, but not decided: "I'll try to…", "maybe I'll…", "I'll think about it". To be firmed up, not noted. */
  readonly soft: boolean;
}

/** Whether a phrase begins as an answer to "what could you do?" does: "call her", "put it in writing". */
export const startsWithVerb = (text: string): boolean => BARE_VERB.test(text);

export interface CommitmentOptions {
  /** Whether the coach has just asked what the person will do: then "call her on Monday" is an answer. */
  asked: boolean;
}

const ADVERBS =
  '(?:(?:definitely|just|then|also|first|probably|maybe|certainly|simply|actually|really|now|finally|surely|absolutely|at least) )*';
const WILL = `(?:I'll|I will|I shall|we'll|we will|I'm going to|I am going to|we're going to|I'm gonna|I plan to|I intend to|I promise to|I commit to|I'm committed to|I've decided to|I decided to|I have decided to|I'm planning to|I'm definitely going to|I'm determined to|I've made up my mind to|my plan is to|the plan is to|my next step is to|my first step is to|I'm ready to)`;
const PROMISE = new RegExp(`(?<![\\w'])(?:${WILL}) ${ADVERBS}(.+)$`, 'i');
const PROGRESSIVE =
  /(?<![\w'])(?:I'm|I am) (?:definitely |just |also )?((?!going\b|feeling\b|being\b|thinking\b|trying\b|hoping\b|getting\b|doing\b(?! (?:it|that))|struggling\b|having\b|looking\b|working\b|dying\b|losing\b)\w{2,}ing\b.*)$/i;
const GOING_SOMEWHERE = /(?<![\w'])(?:I'm|I am) (going to (?:the|a|my|see) .+)$/i;

/** The clause says that it is not a plan: fear, doubt, condition, report, question, past. */
const NOT_A_PLAN =
  /\b(?:afraid|scared|worried|worry|fear|fears|doubt|hope|hoping|wish|wonder|wondering|don't think|didn't think|don't know (?:if|whether|how|what|when)|not sure|no idea|unless|what if|as if|told|said|thought|says|thinks|was going to|were going to|think that i'll never|keeps? thinking|imagin\w+|picture|dread\w*|suspect|would)\b/i;
const CONDITION = /(?<![\w'])(?:if|unless|in case|provided|assuming|supposing)(?![\w'])/i;
const SOFT =
  /\b(?:maybe|perhaps|might|probably|possibly|try|trying|attempt|see if|see whether|consider|think about|think it over|think on it|look into it|hopefully|i guess|sleep on it|keep (?:it|that) in mind|give it some thought|see what happens|do my best|at some point)\b/i;
/** What happens to one, or is said in passing, rather than done. */
const NO_ACTION =
  /^(?:never|not|no longer|always|be (?:\d+|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b|be (?:\w+ing )?(?:honest|frank|fine|ok|okay|late|tired|sad|happy|alone|stuck|fired|lost|there|able|glad|the|a|an|in|so|too|very|really|more|less|sorry|in trouble|out|better|ready|free|old|\w+ed)\b|have to|need|want|like|love|hate|miss|regret|lose|fail|end up|feel|know|believe|understand|forget|die|probably never|admit|say\b|tell you|give you|give up|be honest|get (?:fired|sick|lost|hurt|in trouble|into trouble|stuck|bored|tired|angry|nervous|old|better|worse|used)|become|remember this|suffer|explode|cry|hear|see(?:$| (?:how|what|where|that)\b)|take that|pass|manage$|survive|let you|have (?:no|been|a problem|nothing)|look (?:stupid|silly|bad|weak)|seem|burn out|fall|crack|quit if|go (?:crazy|mad|insane|bankrupt|with that)|think\b|ask you|answer)\b/i;
const BARE_VERB =
  /^(?:call|phone|ring|ask|talk|speak|write|send|email|text|message|book|schedule|plan|set|make|do|go|start|begin|finish|tell|meet|see|read|sign|apply|look|find|list|draft|prepare|block|put|take|say|buy|clean|run|walk|practise|practice|try|stop|give|get|invite|arrange|sit|sort|update|research|check|join|cancel|delegate|review|show|submit|visit|move|turn|leave|work|cook|sleep|spend|save|contact|discuss|organise|organize|create|complete|pick|choose|order|learn|study|record|share|keep|let)\b/i;

/** What the person commits to in a cleaned text, in order. */
export function promisesIn(text: string, { asked }: CommitmentOptions): Promise[] {
  const whole = text.replaceAll(/\s+/g, ' ');
  if (/\?\s*$/.test(whole) && !asked) return [];
  return clausesOf(whole).flatMap((clause, i, all) => {
    const found = promiseInClause(clause.text, asked && i === 0);
    return found ? datedBy(found, all[i - 1], all[i + 1]) : [];
  });
}

/** A short clause after the promise may say when, or one before it: "tomorrow after school I'll call her". */
function datedBy(promise: Promise, previous: Clause | undefined, next: Clause | undefined): Promise {
  const { commitment, soft } = promise;
  if (soft || commitment.by !== undefined) return promise;
  const ahead = previous ? whenIn(previous.text) : undefined;
  const after = next && wordsOf(next.text).length <= 5 ? whenIn(next.text)?.by : undefined;
  const by = after ?? (ahead?.start === 0 ? ahead.by : undefined);
  return by === undefined ? promise : { soft, commitment: { ...commitment, by } };
}

function promiseInClause(clause: string, asked: boolean): Promise | undefined {
  const plan = planIn(clause, asked);
  if (!plan) return undefined;
  const { before, action } = plan;
  if (NO_ACTION.test(action) && !SOFT.test(action)) return undefined;
  if (/^(?:never|not)\b/i.test(action) || NOT_A_PLAN.test(before) || CONDITION.test(before)) return undefined;
  const described = describe(action);
  if (!described) return undefined;
  const by = described.by ?? whenIn(before)?.by;
  const commitment = by === undefined ? described : { ...described, by };
  const soft =
    (asked &&
      commitment.by === undefined &&
      /^(?:\w+ ){0,2}?(?:I |we )?(?:could|should|would|might|maybe|I'd)\b/i.test(clause)) ||
    SOFT.test(clause) ||
    CONDITION.test(action) ||
    (isVagueTime(clause) && commitment.by === undefined);
  return { commitment, soft };
}

function planIn(clause: string, asked: boolean): { before: string; action: string } | undefined {
  const promise = PROMISE.exec(clause);
  if (promise?.[1] !== undefined) {
    const somewhere = GOING_SOMEWHERE.exec(clause)?.[1];
    const action = somewhere ?? promise[1];
    if (/^(?:(?:going to )?(?:the|a|an|my|our|his|her|bed|work$|school|hell)\b)/i.test(promise[1]) && !whenIn(clause))
      return undefined;
    return { before: clause.slice(0, promise.index), action: somewhere ? action.replace(/^going/i, 'go') : action };
  }
  const progressive = PROGRESSIVE.exec(clause);
  if (
    progressive?.[1] !== undefined &&
    whenIn(clause) &&
    !/\b(?:every|each|daily|weekly|times? a)\b|right now|today/i.test(clause)
  ) {
    return { before: clause.slice(0, progressive.index), action: infinitive(progressive[1]) };
  }
  if (!asked) return undefined;
  const bareAnswer = clause.replace(
    /^(?:(?:well|so|okay|ok|yes|yeah|to|i can|i could|i want to|i'd like to|i should|i need to|i have to|probably|maybe|first|just|let me|i would|i'd),?\s+)+/i,
    '',
  );
  return BARE_VERB.test(bareAnswer) && wordsOf(bareAnswer).length >= 2 ? { before: '', action: bareAnswer } : undefined;
}

/** Splits what from when; undefined when nothing is left to do. */
function describe(action: string): Commitment | undefined {
  const when = whenIn(action);
  const rest = when ? `${action.slice(0, when.start)} ${action.slice(when.end)}` : action;
  const what = wordsOf(
    rest
      .replace(/[.,;:!?]+/g, ' ')
      .replace(
        /\s(?:and then|then|for sure|definitely|probably|i think|i guess|i promise|really|okay|right|instead|please|and|so|or|but|maybe|soon|later|by|on|at)\s*$/i,
        ' ',
      ),
  )
    .slice(0, 14)
    .join(' ');
  if (what === '' || /^(?:do|go|be|have|get|it|that|this)$/i.test(what))
    return when && /^(?:do|go)$/i.test(what) ? { what: /^do$/i.test(what) ? 'do it' : 'go', by: when.by } : undefined;
  return when ? { what, by: when.by } : { what };
}

const DOUBLED = /([bdgklmnprt])\1ing$/;
/** Verbs in "-e" whose gerund hides it; others lose their "-ing". */
const SILENT_E =
  /^(?:writ|mak|tak|giv|leav|schedul|driv|invit|arrang|mov|sav|organis|organiz|prepar|shar|creat|delegat|hav|us|discuss?e|practic|practis|updat|com|chang|decid|clos|hir|resum|propos|complet|brows|rehears)$/;

function infinitive(gerundPhrase: string): string {
  const [gerund = '', ...rest] = wordsOf(gerundPhrase);
  const lower = bare(gerund);
  const stem = lower.slice(0, -3);
  const keepsDouble = /(?:call|tell|sell|spell|fill|pull|roll|add)ing$/.test(lower);
  const verb = SILENT_E.test(stem) ? `${stem}e` : DOUBLED.test(lower) && !keepsDouble ? stem.slice(0, -1) : stem;
  return [verb, ...rest].join(' ');
}
