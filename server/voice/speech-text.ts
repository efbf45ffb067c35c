/**
 * Text as it is to be spoken. A coach's words come with markdown, emoji, links and abbreviations; the voices are given
 * words. What is shown and stored stays as it was written.
 */
import removeMarkdown from 'remove-markdown';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import { RULES } from './speech-rules.ts';
import type { Step } from './speech-rules.ts';

/** Texts are worked on in parts of this length, since some patterns take quadratic time on what nobody writes. */
const WINDOW = /[^]{1,2000}(?=\s|$)|[^]{1,2000}/g;
/** Goes before markdown does: what is left of it then looks like punctuation. */
const FACE = /(?<=^|\s)(?:[:;=]-?[)(DPp/|]|<3|\^_?\^)(?=$|\s|[.!?,])/g;

/** What a voice is given for `text`; empty when nothing in it can be spoken (an emoji, "---"). Pure. */
export function speechText(text: string): string {
  const tidy = text
    .normalize('NFC')
    .replace(/(?!\n)\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}|[ \t]+/gu, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/([^\p{L}\p{N}\s])\1{3,}/gu, '$1$1$1');
  const spoken = (tidy.match(WINDOW) ?? []).map(speakWindow).join(' ').trim();
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : '';
}

function speakWindow(text: string): string {
  return RULES.reduce(apply, withoutMarkdown(text));
}

/** A voice that is given `speechText` of every sentence, and is not bothered when there is nothing to speak. */
export function withSpeechText(voice: TextToSpeech): TextToSpeech {
  return {
    name: voice.name,
    sampleRate: voice.sampleRate,
    ...(voice.voices && { voices: voice.voices }),
    async *synthesize(text, options) {
      options.signal.throwIfAborted();
      const spoken = speechText(text);
      if (spoken !== '') yield* voice.synthesize(spoken, options);
    },
    warm: () => voice.warm?.(),
    close: () => voice.close(),
  };
}

function apply(text: string, [pattern, spoken]: Step): string {
  return typeof spoken === 'string' ? text.replace(pattern, spoken) : text.replace(pattern, spoken);
}

function withoutMarkdown(text: string): string {
  const guarded = text
    .replace(FACE, ' ')
    // "2 < 3" is no tag.
    .replace(/<\s?(?=\d)/g, ' less than ')
    .replace(/<(?![a-z/!])/gi, ' ')
    // A list item without a full stop still ends there.
    .replace(/([\p{L}\p{N})][*_`]*) ?\n\s*/gu, '$1.\n');
  return removeMarkdown(guarded);
}
