/**
 * What the coach says to somebody who speaks of harm: the same words always, no model's. And when they have gone on to
 * something else: only what is clearly that ends care, since staying a moment too long does no harm.
 */
import type { Help } from './help-lines.ts';
import { readDanger } from './safety.ts';
import { wordsOf } from './speech-text.ts';

export type CareLanguage = 'en' | 'de';
/** First said, said again, or neither of both while care is on. */
export type CareOccasion = 'first' | 'again' | 'stay';

/** Sentences to be spoken, numbers as single digits so that every voice reads them as such. */
export function careWords(occasion: CareOccasion, language: CareLanguage, help: Help): string[] {
  return language === 'de' ? german(occasion, help) : english(occasion, help);
}

function english(occasion: CareOccasion, { line, emergency }: Help): string[] {
  const urgent = emergency ? spoken(emergency) : 'your local emergency number';
  const call = line
    ? `Please call ${line.name} at ${spoken(line.number)}; they are there ${line.hours === '24/7' ? 'day and night' : `from ${line.hours.replace('–', ' to ')}`}.`
    : 'Please call a crisis line near you, or somebody you trust.';
  switch (occasion) {
    case 'first':
      return [
        'I am glad that you told me, and I take it seriously.',
        'I am an AI, not a therapist, and this needs a person.',
        call,
        `If you or somebody else may be in danger now, call ${urgent}.`,
        'There is no hurry here; our time stands still.',
        'When you want to go on with something else, just tell me what it is.',
      ];
    case 'again':
      return ['I hear you, and I am still here.', call, `In danger, call ${urgent} now.`];
    case 'stay':
      return [
        'I am here, and there is no hurry.',
        call,
        'When you want to go on with our talk, just tell me what it is about.',
      ];
  }
}

function german(occasion: CareOccasion, { line, emergency }: Help): string[] {
  const urgent = emergency ? spoken(emergency) : 'den örtlichen Notruf';
  const call = line
    ? `Bitte ruf ${line.name} an, ${spoken(line.number)}; dort ist ${line.hours === '24/7' ? 'Tag und Nacht' : `von ${line.hours.replace('–', ' bis ')}`} jemand da.`
    : 'Bitte ruf ein Krisentelefon in deiner Nähe an, oder jemanden, dem du vertraust.';
  switch (occasion) {
    case 'first':
      return [
        'Gut, dass du mir das sagst, ich nehme es ernst.',
        'Ich bin eine KI und kein Therapeut, und das braucht einen Menschen.',
        call,
        `Wenn du oder jemand anders jetzt in Gefahr ist, ruf ${urgent} an.`,
        'Hier eilt nichts, unsere Zeit steht still.',
        'Wenn du mit etwas anderem weitermachen möchtest, sag mir einfach, womit.',
      ];
    case 'again':
      return ['Ich höre dich, und ich bin noch da.', call, `Bei Gefahr ruf jetzt ${urgent} an.`];
    case 'stay':
      return ['Ich bin da, und es eilt nicht.', call, 'Wenn du weiterreden möchtest, sag mir einfach, worum es geht.'];
  }
}

function spoken(number: string): string {
  return number.replaceAll(/\d(?=\d)/g, '$& ');
}

/** Somebody who is still in it says such words, whatever else. */
const STILL =
  /\b(?:alone|lonely|scared|afraid|hurts?|pain|cry(?:ing)?|help|hopeless|nobody|worthless|burden|useless|anymore|phone|call|number|hotline|ambulance|police|hospital|pills|tablets|knife|gun|rope|blood|bleeding|dead|die|dying|death|tonight|goodbye|give up|what to do|no idea|allein|angst|schmerz\w*|weine|hilfe|hilf|hoffnungslos|anrufen|nummer|tot|sterben|tod|blut|messer|seil|abschied|aufgeben|was ich tun soll)\b/iu;
/** Says outright that something else comes, in however few words. */
const GOES_ON =
  /\b(?:talk about|go on with|back to|continue with|let'?s continue|move on|just a (?:joke|figure of speech)|did ?n'?t mean|not what i meant|misunderst\w+|joking|kidding|reden über|weiter mit|zurück zu|weitermachen|war nicht so gemeint|falsch verstanden|nur ein scherz)\b/iu;
const ORDINARY_WORDS = 5;

/** Whether the person has gone on to something else. */
export function goesOn(text: string): boolean {
  if (readDanger(text) !== undefined) return false;
  if (GOES_ON.test(text)) return true;
  return wordsOf(text).length >= ORDINARY_WORDS && !STILL.test(text);
}
