import type { WordTime } from '../../protocol/messages.ts';

/** A sentence and where it lies in its turn's audio, in samples. */
export interface SpokenSentence {
  text: string;
  startSample: number;
  /** Undefined while the sentence is still being synthesised. */
  endSample: number | undefined;
  /** As far as the synthesiser tells; times count from the sentence's start. */
  words: WordTime[];
}

/** Speech without word times is taken to run at this pace, as long as the sentence's end is not known. */
const CHARS_A_SECOND = 15;
/** A word is heard when this much of it was. */
const WORD_HEARD_SHARE = 0.6;
/** A sentence cut in its last words is understood; saying it again would grate. */
const SENTENCE_HEARD_SHARE = 0.8;

/** The words heard when playback stands at `playedSamples`: whole sentences, and the last one cut after a word. */
export function heardText(sentences: readonly SpokenSentence[], playedSamples: number, rate: number): string {
  const heard: string[] = [];
  for (const sentence of sentences) {
    if (sentence.startSample >= playedSamples) break;
    const whole = sentence.endSample !== undefined && sentence.endSample <= playedSamples;
    const text = whole ? sentence.text : heardPart(sentence, playedSamples - sentence.startSample, rate);
    if (text) heard.push(text);
    if (!whole) break;
  }
  return heard.join(' ');
}

/** How many sentences were heard, all of them or all but the last words. */
export function wholeSentencesHeard(sentences: readonly SpokenSentence[], playedSamples: number): number {
  const isHeard = ({ startSample, endSample }: SpokenSentence) =>
    endSample !== undefined && startSample + (endSample - startSample) * SENTENCE_HEARD_SHARE <= playedSamples;
  return sentences.filter(isHeard).length;
}

function heardPart(sentence: SpokenSentence, samples: number, rate: number): string {
  const heardMs = (samples * 1000) / rate;
  const words = sentence.text.split(/\s+/);
  if (sentence.words.length >= words.length) {
    const count = sentence.words.filter(
      ({ startMs, endMs }) => startMs + (endMs - startMs) * WORD_HEARD_SHARE <= heardMs,
    );
    return words.slice(0, count.length).join(' ');
  }
  // No word times: letters are taken to be spread evenly over the sentence.
  const durationMs =
    sentence.endSample === undefined
      ? (sentence.text.length * 1000) / CHARS_A_SECOND
      : ((sentence.endSample - sentence.startSample) * 1000) / rate;
  const heardChars = durationMs === 0 ? 0 : (sentence.text.length * heardMs) / durationMs;
  let position = 0;
  const heard: string[] = [];
  for (const word of words) {
    if (position + word.length * WORD_HEARD_SHARE > heardChars) break;
    heard.push(word);
    position += word.length + 1;
  }
  return heard.join(' ');
}
