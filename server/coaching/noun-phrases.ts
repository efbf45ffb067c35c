/** Noun phrases worth speaking of: the person's own things and people before things in general. */
import { lowerAt, type Term } from './grammar.ts';

const EMPTY_NOUN =
  /^(?:things?|lot|bit|way|ways|time|times|kind|stuff|something|anything|everything|nothing|someone|somebody|anyone|everyone|day|moment|point|fact|case|sort|one|ones|yeah|yes|no|ok|okay|well|example|maybe|sure|please|thanks|hi|hello|hey|right|reason|idea|issue|problem|topic|goal|question|today|tomorrow|yesterday|now|who|what|there|here|up|down|us|both|self|gut|end|couple|number|guess|whole|top|anymore|mine|yours|nobody|everybody|night|nights|week|weeks|month|months|year|years|morning|evening|afternoon|hour|hours|minute|minutes|while)$/;

export interface NounPhrase {
  /** As it was said: "my fellow Americans". */
  readonly text: string;
  readonly score: number;
}

/** Noun phrases worth speaking of, best first: the person's own things and people before things in general. */
export function nounPhrases(terms: readonly Term[]): NounPhrase[] {
  const found: NounPhrase[] = [];
  for (let start = 0; start < terms.length;) {
    const end = phraseEnd(terms, start);
    const phrase = end > start ? scored(terms.slice(start, end), start / terms.length) : undefined;
    if (phrase) found.push(phrase);
    start = Math.max(end, start + 1);
  }
  return found.sort((a, b) => b.score - a.score);
}

function phraseEnd(terms: readonly Term[], start: number): number {
  let nounEnd = start;
  for (const [i, term] of terms.slice(start, start + 6).entries()) {
    const at = start + i;
    const opener = /^(?:my|our|his|her|their|the|a|an|this|these|those)$/.test(term.lower);
    if (opener && at !== start && lowerAt(terms, at - 1) !== 'of') break;
    if (isRealNoun(term)) nounEnd = at + 1;
    else if (
      !opener &&
      !isDescribing(term) &&
      !/^(?:more|very|really)$/.test(term.lower) &&
      !(term.lower === 'of' && nounEnd === at && at > start)
    )
      break;
  }
  return nounEnd;
}

function isRealNoun({ tags, lower }: Term): boolean {
  if (
    tags.has('Pronoun') ||
    tags.has('Negative') ||
    tags.has('Date') ||
    tags.has('Holiday') ||
    tags.has('Value') ||
    /^(?:my|our|his|her|their|its|your|me|ask)$/.test(lower)
  )
    return false;
  return tags.has('Noun') && !tags.has('Expression');
}

function isDescribing({ tags, lower }: Term): boolean {
  return tags.has('Adjective') && !/^(?:able|sure|only|other|same|own|more|much|many|such|first|last)$/.test(lower);
}

function scored(terms: readonly Term[], place: number): NounPhrase | undefined {
  const head = terms.at(-1);
  if (!head || EMPTY_NOUN.test(head.lower) || terms.length > 6 || head.lower.length < 3) return undefined;
  const first = lowerAt(terms, 0);
  const own = /^(?:my|our)$/.test(first) ? 3 : 0;
  const person = terms.some((term) => term.tags.has('Actor') || term.tags.has('Person')) ? 2 : 0;
  const score = own + person + Math.min(terms.length, 4) * 0.5 + Math.min(head.lower.length, 10) * 0.1 + place;
  return {
    text: terms
      .map((term) =>
        term.tags.has('ProperNoun') ? term.word.slice(0, 1).toUpperCase() + term.word.slice(1) : term.word,
      )
      .join(' '),
    score,
  };
}
