import type { TextToSpeech } from '../../../../server/ports/text-to-speech.ts';

export interface Spoken {
  pcm: Int16Array;
  chunks: number;
  /** Longest chunk, in samples. */
  longest: number;
}

/** Speaks to the end, or until the signal is aborted. */
export async function speak(
  tts: TextToSpeech,
  text: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Spoken> {
  const chunks: Int16Array[] = [];
  for await (const { pcm } of tts.synthesize(text, { signal, turnKey: 'turn' })) chunks.push(pcm);
  return {
    pcm: Int16Array.from(chunks.flatMap((chunk) => [...chunk])),
    chunks: chunks.length,
    longest: Math.max(0, ...chunks.map((chunk) => chunk.length)),
  };
}

/** Root mean square, 0 to 1. */
export function loudness(pcm: Int16Array): number {
  const energy = pcm.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
  return pcm.length === 0 ? 0 : Math.sqrt(energy / pcm.length);
}

/** The largest difference of two samples; infinite for recordings of different length. */
export function difference(a: Int16Array, b: Int16Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, sample, at) => Math.max(largest, Math.abs(sample - (b[at] ?? 0))), 0);
}

/** Silence before the first and after the last sample above −50 dBFS, in ms. */
export function edges(pcm: Int16Array, sampleRate: number): { leadMs: number; tailMs: number } {
  const isSound = (sample: number) => Math.abs(sample) >= 100;
  const first = pcm.findIndex(isSound);
  const last = pcm.findLastIndex(isSound);
  return { leadMs: (first * 1000) / sampleRate, tailMs: ((pcm.length - 1 - last) * 1000) / sampleRate };
}

export const SENTENCE = 'What would you like to focus on in the next half an hour?';

/** For `test.each`: a short label, and the text. */
export const labelled = (texts: readonly string[]): [label: string, text: string][] =>
  texts.map((text) => [JSON.stringify(text.slice(0, 30)), text]);

/** Texts with nothing in them that the engines could say. */
export const SILENT_TEXTS: readonly string[] = ['', '   ', '...', '?!?!?!?!', '(((((', '🙂👍🏽🇬🇧', '日本語 русский عربي'];

/** What people and models write that no engine expects, but that has words or digits in it. */
export const ODD_TEXTS: readonly string[] = [
  '\u0000\u0007\u001b[31mred\u009f',
  'a',
  `${'Then we talked about it again and again, and '.repeat(50)}stopped.`.slice(0, 2000),
  'x'.repeat(2000),
  'xyz'.repeat(40),
  '1'.repeat(100),
  '<speed level="9999">fast</speed> & </volume>',
  '-o /tmp/x.wav -voice none',
  '%s%n%1000000d',
  '\'"\'"`$(echo hi)`',
  '\ud800 lonely',
  'A.B.C.D.E.',
  'naïve café — “quoted” … ½',
];
