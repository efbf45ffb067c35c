import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createModelCoach } from '../../../../server/coaching/model-coach.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { emptyNotes, type ReplyRequest } from '../../../../server/ports/language-model.ts';
import { silentLog } from '../../../../server/ports/log.ts';
import { createOpenAiFileTranscription } from '../../../../server/providers/openai/file-transcription.ts';
import { createOpenAiLanguageModel } from '../../../../server/providers/openai/language-model.ts';
import { createOpenAiSpeechToText } from '../../../../server/providers/openai/speech-to-text.ts';
import { createOpenAiTextToSpeech } from '../../../../server/providers/openai/text-to-speech.ts';
import { tone } from '../../../support/scripted.ts';
import { useCloud } from './support.ts';

const use = useCloud();
const second = tone(16_000, 16_000);
const request: ReplyRequest = {
  occasion: 'reply',
  conversation: [{ sender: 'user', text: 'My boss never asks me.' }],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs: 1_200_000 },
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function heapBytes(): Promise<number> {
  // The cloud remembers everything for its tests; that is not what is measured.
  const { cloud } = use;
  const { chat, speech, transcription, realtime, exchanges } = cloud;
  const remembered = [chat.requests, speech.requests, transcription.requests, exchanges];
  for (const list of [...remembered, ...realtime.sessions.map(({ utterances }) => utterances)]) {
    (list as unknown[]).length = 0;
  }
  for (let i = 0; i < 3; i++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('memory and listeners stay flat over 200 turns of one session, with barge-ins', async () => {
  const client = use.client();
  const coach = createModelCoach({ model: createOpenAiLanguageModel({ client }), clock: systemClock, log: silentLog });
  const voice = createOpenAiTextToSpeech({ client });
  const recognisers = [createOpenAiSpeechToText({ client }), createOpenAiFileTranscription({ client })];
  const session = new AbortController();
  use.cloud.speech.always({ durationMs: 500 });

  const turn = async (bargeIn: boolean) => {
    for (const recogniser of recognisers) {
      const utterance = recogniser.open({ signal: session.signal, onPartial() {} });
      utterance.push(second);
      await utterance.finish();
    }
    for await (const _ of coach.reply(request, { signal: session.signal })) if (bargeIn) break;
    for await (const _ of voice.synthesize('Hello.', { signal: session.signal, turnKey: 'a' })) if (bargeIn) break;
  };
  for (let i = 0; i < 60; i++) await turn(i % 4 === 0);
  const before = await heapBytes();
  for (let i = 0; i < 200; i++) await turn(i % 4 === 0);
  const grownBytes = (await heapBytes()) - before;

  expect(getEventListeners(session.signal, 'abort')).toEqual([]);
  expect(grownBytes / 200).toBeLessThan(8 * 1024);
  expect(use.cloud.realtime.sessions.length).toBe(1);
}, 120_000);
