/**
 * Finds when something is to be done, in the person's own words. A phrase table, not a date parser: "after lunch" and
 * "when I get home" are as good a promise as "on the fifth", and what is read back has to be what was said.
 */
const WEEKDAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';
const MONTH = '(?:january|february|march|april|may|june|july|august|september|october|november|december)';
const PART = '(?:morning|afternoon|evening|night|noon|lunchtime)';
const COUNT =
  '(?:\\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of|the next|the next few|the next couple of|the coming)';
const UNIT = '(?:minutes?|hours?|days?|weeks?|months?)';
const HOUR = '(?:\\d{1,2}(?::\\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const ORDINAL =
  '(?:\\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ]\\w+|thirtieth|thirty[- ]first)';
const EVENT =
  '(?:(?:the |my |our |this )?(?:lunch|dinner|breakfast|work|school|bed|bedtime|(?:next |weekly |team |staff )*meeting|class|gym|weekend|holidays?|vacation|call|session|conversation|coaching|stand-?up|christmas|easter|summer|christmas break|deadline|new year|exam|interview))';

const DAY = `(?:(?:this|next|coming|this coming|the coming|every|each) )?${WEEKDAY}(?: ${PART}| at ${HOUR}(?: o'clock| ?[ap]\\.?m\\.?)?)?(?: of next week| next week)?`;
const DATE = `(?:the )?(?:${MONTH}(?: the)? (?:${ORDINAL}|\\d{1,2})|${ORDINAL}(?: of ${MONTH})?|${MONTH})`;

const PATTERNS: readonly string[] = [
  `(?:by|before|until|at|towards?) (?:the )?(?:very )?(?:end|beginning|start|middle) of (?:the|this|next|my|${MONTH})(?: (?:day|week|weekend|month|quarter|year|semester|term|working day|workday))?`,
  `(?:(?:by|on|before|until|from|no later than|starting|this|next) )?${DAY}`,
  `(?:by |before |until |starting |from |first thing )?(?:the day after )?tomorrow(?: ${PART})?(?: at ${HOUR}(?: o'clock| ?[ap]\\.?m\\.?)?)?`,
  `(?:by |before |first thing |later )?(?:tonight|today)`,
  `(?:by |before |in )?(?:(?:this|next|the coming|over the|at the|on the|every|each|by the|by|in|until|before|after) )(?:week|weekend|month|quarter|year|${PART}|summer|spring|autumn|fall|winter|semester)`,
  `(?:in|within|over|during) ${COUNT} ${UNIT}(?: or (?:so|two))?(?:' time)?`,
  `in the next ${COUNT} ${UNIT}`,
  `(?:by|on|before|until|in|at|from) ${DATE}`,
  `(?!at (?:the |my )?(?:work|school|gym)\\b)(?:right |straight |directly |immediately )?(?:after|before|during|over|at) ${EVENT}(?! (?:on|to|with|for))`,
  `(?:in the|first thing in the|every|each) ${PART}`,
  `(?:every|each) (?:single )?(?:other )?(?:day|week|month|${PART}|${WEEKDAY})`,
  `(?:once|twice|three times|two times|${COUNT} times) (?:a|per|every|each) (?:day|week|month)`,
  `(?:right|straight) (?:after (?:this|that|we hang up|we finish|our talk|our call|our conversation|this call)|away|now)`,
  `after (?:this|we hang up|we finish|our talk|our call|our conversation)`,
  `immediately|first thing|daily|weekly`,
  `(?:as soon as|when|once|the moment|the next time) (?:i|we|i'm|we're|i've) (?:get|am|are|come|hang|finish|see|wake|leave|arrive|have)(?:'m)?(?: (?!and |but |because |if )[\\w']+){0,4}`,
  `at (?:noon|midnight|lunchtime|lunch|${HOUR}(?: (?:thirty|fifteen|forty-five))?(?: o'clock| ?[ap]\\.?m\\.?| in the ${PART})?)`,
  `(?:around|about) (?:noon|${HOUR}(?: o'clock| ?[ap]\\.?m\\.?))`,
];

/** Matched against lower case: with the flag `i`, compiling it takes twice as long. */
const WHEN = new RegExp(`(?<![\\w'])(?:${PATTERNS.map((pattern) => `(?:${pattern})`).join('|')})(?![\\w'])`, 'g');
/** Vague times: a wish, not a plan. */
const VAGUE =
  /\b(?:soon|someday|some day|sometime|eventually|at some point|one day|later|whenever|in the future|when I have time|when i can)\b/i;

export interface When {
  /** As said, without a leading "on": "Monday", "by the end of the week". */
  readonly by: string;
  readonly start: number;
  readonly end: number;
}

/** The first time phrase in `text`, with neighbours joined ("tomorrow morning at nine"); undefined when there is none. */
export function whenIn(text: string): When | undefined {
  const lower = text.toLowerCase();
  // Some letters get longer in lower case, and the places would be off.
  if (lower.length !== text.length) return undefined;
  let start = -1;
  let end = -1;
  for (const match of lower.matchAll(WHEN)) {
    if (start >= 0 && !/^,? $/.test(lower.slice(end, match.index))) break;
    if (start < 0) start = match.index;
    end = match.index + match[0].length;
  }
  if (start < 0) return undefined;
  return { by: weekdaysCased(text.slice(start, end).replace(/^on (?=\w)/i, '')), start, end };
}

export function isVagueTime(text: string): boolean {
  return VAGUE.test(text);
}

/** As it stands in a sentence: "Monday" → "on Monday", "the fifth" → "on the fifth", the rest as it is. */
export function whenSpoken(by: string): string {
  const said =
    /^(?:\w+days?\b|the \w+(?:st|nd|rd|th|first|second|third)\b|\d|(?:january|february|april|june|july|august|september|october|november|december)\b)/i;
  return said.test(by) && !/^(?:today|every|each|next|this|yesterday|someday|holidays?)/i.test(by) ? `on ${by}` : by;
}

const NAMES = new RegExp(`\\b(?:${WEEKDAY}|${MONTH.replace('|may', '')})\\b`, 'gi');

function weekdaysCased(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
    .replaceAll(NAMES, (day) => day.slice(0, 1).toUpperCase() + day.slice(1).toLowerCase())
    .replaceAll(/\bi\b/g, 'I');
}
