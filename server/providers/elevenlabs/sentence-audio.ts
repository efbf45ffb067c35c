/**
 * The audio of one sentence as it comes out of a context: samples, times of its words, and whether that was all of it.
 *
 * A flush is not answered by anything that says "that was it": `isFinal` comes when a context is closed, and the context
 * is to stay for the next sentence. So the end is read from the alignment: the sentence is over when as many characters
 * were aligned as it has, the last ones are its last ones, and the audio reaches to the end of the last of them.
 * Counting over the whole sentence holds where single pieces don't line up with what was sent. Where it does not come
 * about (a number was read as words, no alignment came), the silence that follows is the sign, see `contexts.ts`.
 */
import type { WordTime } from '../../../protocol/messages.ts';
import type { SpeechChunk } from '../../ports/text-to-speech.ts';
import type { AudioFrame } from './speech-frames.ts';

export const SPEECH_RATE = 24_000;
/** Alignments are rounded. */
const TOLERANCE_MS = 40;
const TAIL_CHARS = 6;
/** Of a sentence that was spoken to its end at least so much is aligned, whatever was read as something else. */
const MIN_ALIGNED_SHARE = 0.6;

export interface SentenceAudio {
  push(frame: AudioFrame): SpeechChunk;
  /** The last word, once no more comes. */
  rest(): SpeechChunk | undefined;
  readonly isWhole: boolean;
  readonly hasAudio: boolean;
  /** Whether, if no more comes, that can have been the sentence. */
  readonly mayBeWhole: boolean;
}

export function createSentenceAudio(text: string): SentenceAudio {
  const expected = text.replaceAll(/\s+/g, '');
  let aligned = '';
  let samples = 0;
  let lastCharEndMs = 0;
  let oddByte: Buffer | undefined;
  let word: WordTime | undefined;
  const heardMs = () => (samples * 1000) / SPEECH_RATE;

  const decode = (base64: string): Int16Array => {
    const bytes = Buffer.from(base64, 'base64');
    const whole: Buffer = oddByte ? Buffer.concat([oddByte, bytes]) : bytes;
    oddByte = whole.length % 2 === 1 ? whole.subarray(-1) : undefined;
    const pcm = new Int16Array(whole.length >> 1);
    for (let i = 0; i < pcm.length; i++) pcm[i] = whole.readInt16LE(2 * i);
    samples += pcm.length;
    return pcm;
  };

  /** Words that are over; the one under way waits for the piece that ends it. */
  const align = ({ chars, startsMs, durationsMs }: AudioFrame['alignment'], fromMs: number): WordTime[] => {
    const words: WordTime[] = [];
    for (const [index, char] of chars.entries()) {
      const startMs = rounded(fromMs + (startsMs[index] ?? 0));
      const endMs = rounded(startMs + (durationsMs[index] ?? 0));
      if (/^\s*$/.test(char)) {
        if (word) words.push(word);
        word = undefined;
        continue;
      }
      aligned += char;
      lastCharEndMs = endMs;
      word = { word: (word?.word ?? '') + char, startMs: word?.startMs ?? startMs, endMs };
    }
    return words;
  };

  return {
    push({ audio, alignment }) {
      // Times count from the start of the piece that they come with.
      const fromMs = heardMs();
      const pcm = decode(audio);
      const words = align(alignment, fromMs);
      return { pcm, ...(words.length > 0 && { words }) };
    },
    rest() {
      if (!word) return undefined;
      const words = [word];
      word = undefined;
      return { pcm: new Int16Array(0), words };
    },
    get isWhole() {
      const reached = aligned.length >= expected.length && aligned.endsWith(expected.slice(-TAIL_CHARS));
      return samples > 0 && reached && heardMs() >= lastCharEndMs - TOLERANCE_MS;
    },
    get hasAudio() {
      return samples > 0;
    },
    get mayBeWhole() {
      const isCut = aligned !== '' && aligned.length < expected.length * MIN_ALIGNED_SHARE;
      return samples > 0 && !isCut;
    },
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
