import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import type { SpeechToText } from '../../../../server/ports/speech-to-text.ts';
import type { TextToSpeech } from '../../../../server/ports/text-to-speech.ts';
import { createFliteTextToSpeech } from '../../../../server/providers/local/flite-tts.ts';
import { createPicoTextToSpeech } from '../../../../server/providers/local/pico-tts.ts';
import { createSherpaSpeechToText } from '../../../../server/providers/local/sherpa-stt.ts';
import { modelsDir } from '../../../support/clips.ts';
import { wordErrorRate } from '../../../support/word-error-rate.ts';
import { speak } from './tts-support.ts';

const SENTENCES = [
  'What would you like to focus on today?',
  'It sounds like this has been on your mind for a long time.',
  'What would it look like if everything went well?',
  'You said that you want to spend more time with your family.',
  'What is getting in the way right now?',
  'On a scale from one to ten, how sure are you that you will do it?',
  'What is the first small step that you could take this week?',
  'Thank you for sharing that with me.',
  'We have five minutes left. Would you like to wrap up?',
  'Let us look at what else you could do.',
];

let stt: SpeechToText;
beforeAll(() => {
  stt = createSherpaSpeechToText({ modelsDir: modelsDir(), clock: systemClock });
});
afterAll(() => stt.close());

async function hear(pcm: Int16Array): Promise<string> {
  const utterance = stt.open({ signal: new AbortController().signal, onPartial() {} });
  utterance.push(new Int16Array(4800));
  utterance.push(pcm);
  return (await utterance.finish()).text;
}

async function errorRate(tts: TextToSpeech): Promise<number> {
  const pairs: [string, string][] = [];
  for (const sentence of SENTENCES) pairs.push([sentence, await hear((await speak(tts, sentence)).pcm)]);
  await tts.close();
  return wordErrorRate(pairs);
}

// Measured: 8.6 % and 12.4 %, most of it the recogniser's own.
test('the recogniser understands flite', { timeout: 60_000 }, async () => {
  expect(await errorRate(createFliteTextToSpeech({ clock: systemClock }))).toBeLessThan(0.15);
});

test('the recogniser understands pico', { timeout: 60_000 }, async () => {
  expect(await errorRate(createPicoTextToSpeech({ clock: systemClock, modelsDir: modelsDir() }))).toBeLessThan(0.2);
});
