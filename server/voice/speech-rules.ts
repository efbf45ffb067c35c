/**
 * How to say what voices skip, spell or stumble over. What all of them read well ("$20", "50%", "2nd", "3.5", "Dr.") is
 * not here. Which cases are was found by listening: each was spoken by the local voices and heard by the local recogniser.
 */
export type Step = readonly [pattern: RegExp, spoken: string | ((...groups: string[]) => string)];

const MONTHS = {
  Jan: 'January',
  Feb: 'February',
  Mar: 'March',
  Apr: 'April',
  May: 'May',
  Jun: 'June',
  Jul: 'July',
  Aug: 'August',
  Sep: 'September',
  Oct: 'October',
  Nov: 'November',
  Dec: 'December',
} as const;
const MONTH_NAMES = Object.values(MONTHS);
const SHORT_MONTH = `(${Object.keys(MONTHS).join('|')})(?:t(?=\\b))?\\b\\.?`;
const DAYS = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};
const CURRENCIES = { '£': 'pound', '€': 'euro', '₹': 'rupee' };
const FRACTIONS: Readonly<Record<string, string>> = {
  '1/2': 'a half',
  '1/3': 'a third',
  '2/3': 'two thirds',
  '1/4': 'a quarter',
  '3/4': 'three quarters',
};
const UNITS = {
  km: 'kilometre',
  cm: 'centimetre',
  mm: 'millimetre',
  kg: 'kilogram',
  min: 'minute',
  hr: 'hour',
  sec: 'second',
};
/** Spoken as letters although they could be read as words. Those without a vowel need not be listed. */
const SPELLED = 'CEO|COO|CIO|KPI|OKR|AI|API|UI|UX|UK|US|USA|EU|UN|ADHD|OCD|FAQ|DIY|ID|IQ|EQ|GPA|MBA|PA|QA';
const NOT_SPELLED = 'PM|DR|MR|MRS|MS|ST|VS|SHH|HMM|MM|MMM|PSST|BRR';

const LINKS: readonly Step[] = [
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (email) => email.replace('@', ' at ').replaceAll('.', ' dot ')],
  [/\b(?:https?:\/\/|www\.)[^\s<>()"']*[^\s<>()"'.,;:!?]/gi, spokenLink],
];

const SYMBOLS: readonly Step[] = [
  [/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{FE0F}\u{20E3}\u{E0020}-\u{E007F}]/gu, ' '],
  [/\s*(?:->|=>|→|⇒)\s*/g, ' to '],
  [/≈|~(?=\s?\d)/g, ' about '],
  [/≤/g, ' at most '],
  [/≥/g, ' at least '],
  [/(?<=\d)\s*[×*]\s*(?=\d)/g, ' times '],
  [/(?<=\d)\s*÷\s*(?=\d)/g, ' divided by '],
  [/(?<=\s)&(?=\s)/g, 'and'],
  [/(?<=\s)>(?=\s?\d)/g, ' more than '],
];

const NUMBERS: readonly Step[] = [
  [
    /\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b/g,
    (_, year, month, day) => `${Number(day)} ${MONTH_NAMES[Number(month) - 1]} ${year}`,
  ],
  [/½/g, ' 1/2'],
  [/⅓/g, ' 1/3'],
  [/¼/g, ' 1/4'],
  [/¾/g, ' 3/4'],
  [/\b24\/7\b/g, 'twenty-four seven'],
  [
    /(?<![\d/])(\d{1,3})\/(\d{1,3})(?![\d/])/g,
    (fraction, part, whole) => FRACTIONS[fraction] ?? `${part} out of ${whole}`,
  ],
  [/(?<![\d.:-])(\d{1,4}(?:\.\d+)?%?)\s?[-–]\s?(?=\d{1,4}(?:\.\d+)?%?(?![\d:-]))/g, '$1 to '],
  [/\bUS\$/g, '$$'],
  [/([£€₹])\s?(\d+(?:,\d{3})*(?:\.\d+)?)(?:\s?(k\b|thousand\b|million\b|billion\b))?/g, spokenMoney],
  [/(?<=\d)k\b/g, ' thousand'],
  [/(?<=\d)x\b/g, ' times'],
  [/(?<=\d)\s?°\s?C\b/g, ' degrees Celsius'],
  [/(?<=\d)\s?°\s?F\b/g, ' degrees Fahrenheit'],
  [/(?<=\d)\s?°/g, ' degrees'],
  [
    /\b(\d+(?:\.\d+)?)\s?(km|cm|mm|kg|min|hr|sec)s?\b(?:\.(?=\s[a-z]))?/g,
    (_, count, unit) => plural(count, UNITS[unit as keyof typeof UNITS]),
  ],
  [
    /\b(1[3-9]|2[0-3]):([0-5]\d)\b/g,
    (_, hour, minute) => `${Number(hour) - 12}${minute === '00' ? '' : `:${minute}`} PM`,
  ],
  [/\b(\d{1,2}):00(?=\s?[ap]\.?m\b)/gi, '$1'],
  [/\b(\d{1,2}):00\b/g, "$1 o'clock"],
  [/(?:#|\bNo\.\s?)(?=\d)/g, 'number '],
  [/(?<![\d.,-])[1-9]\d{4,14}(?![\d-]|[.,]\d)/g, (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')],
  // Flite counts a year of the last centuries out in thousands.
  [/(?<=\b(?:in|since|year|before|after|until)\s)(1[7-9])(\d\d)\b(?![,.]\d)/gi, spokenYear],
];

const WORDS: readonly Step[] = [
  [/\be\.\s?g\.,?/gi, 'for example,'],
  [/\bi\.\s?e\.,?/gi, 'that is,'],
  [/\bapprox\.(?=\s)/gi, 'approximately'],
  [/\bw\/o(?=\s)/gi, 'without'],
  [/\bw\/(?=\s)/gi, 'with'],
  [
    new RegExp(`\\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|rs|r|nes|ur)?\\b\\.?(?=,?\\s(?:\\d|${SHORT_MONTH}))`, 'g'),
    (_, day) => DAYS[day as keyof typeof DAYS],
  ],
  [
    new RegExp(`\\b${SHORT_MONTH}(?=\\s\\d)|(?<=\\d\\s)${SHORT_MONTH}`, 'g'),
    (_, before, after) => MONTHS[(before ?? after) as keyof typeof MONTHS],
  ],
  [/\band\/or\b/gi, 'and or'],
  [/(?<=\p{L}{2})\/(?=\p{L}{2})/gu, ' or '],
  [
    new RegExp(`\\b(?!(?:${NOT_SPELLED})\\b)(${SPELLED}|[B-DF-HJ-NP-TV-XZ]{2,5})(s?)\\b`, 'g'),
    (_, letters = '', plural) => letters.split('').join(' ') + (plural ? "'s" : ''),
  ],
];

const REST: readonly Step[] = [
  [/\s+[–—]\s+|—/g, ', '],
  [/\s*\|\s*/g, ', '],
  [/[*_`#~^\\{}[\]<>|•·]+/g, ' '],
  [/([!?])[!?]+/g, '$1'],
  [/\.{4,}/g, '...'],
  [/(?:,\s*){2,}/g, ', '],
  [/\s+(?=[.,;:!?](?:\s|$))/g, ''],
  [/^[\s,;:]+|\s+$/g, ''],
  [/\s+/g, ' '],
];

/** To be applied in this order. */
export const RULES: readonly Step[] = [LINKS, SYMBOLS, NUMBERS, WORDS, REST].flat();

/** The host is what people say of a link. */
function spokenLink(link: string): string {
  const host =
    link
      .replace(/^https?:\/\//i, '')
      .replace(/^www\./i, '')
      .split(/[/?#:]/)[0] ?? '';
  return host.replaceAll('.', ' dot ');
}

function spokenMoney(_: string, sign: string, amount: string, scale = ''): string {
  const factor = scale === 'k' ? 'thousand' : scale;
  const currency = CURRENCIES[sign as keyof typeof CURRENCIES];
  return factor ? `${amount} ${factor} ${currency}s` : plural(amount, currency);
}

function spokenYear(_: string, century: string, year: string): string {
  if (year === '00') return `${century} hundred`;
  return year.startsWith('0') ? `${century} oh ${year.slice(1)}` : `${century} ${year}`;
}

function plural(count: string, one: string): string {
  return `${count} ${one}${count === '1' ? '' : 's'}`;
}
