import { inspect } from 'node:util';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createOpenAiFileTranscription } from '../../../../server/providers/openai/file-transcription.ts';
import { createOpenAiLanguageModel } from '../../../../server/providers/openai/language-model.ts';
import { createOpenAiSpeechToText } from '../../../../server/providers/openai/speech-to-text.ts';
import { createOpenAiTextToSpeech } from '../../../../server/providers/openai/text-to-speech.ts';
import { CLOUD_KEY } from '../../../support/cloud/openai.ts';
import { refusal, serverError, unauthorized } from '../../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { tone } from '../../../support/scripted.ts';
import { failure, useCloud } from './support.ts';

const use = useCloud();
const deadlines = { connectMs: 100, modelFirstMs: 100, speechFirstMs: 100, fileFirstMs: 100, transcriptMs: 100 };

/** Providers that quote the key in every field there is. */
const chatty = refusal(
  400,
  { message: `Bad request by ${CLOUD_KEY}`, code: `code ${CLOUD_KEY}`, type: CLOUD_KEY, param: `Bearer ${CLOUD_KEY}` },
  { 'x-request-id': CLOUD_KEY, 'set-cookie': CLOUD_KEY },
);

it.each([
  ['a refused key', unauthorized(CLOUD_KEY)],
  ['a quoting server', chatty],
  ['a failing server', serverError],
  ['a reset', reset],
  ['a hang', hang],
])(
  'the key is nowhere in what comes of %s: not in an error, its causes, a log line or an adapter',
  async (_, trouble) => {
    use.cloud.chat.always(trouble);
    use.cloud.speech.always(trouble);
    use.cloud.transcription.always(trouble);
    use.cloud.realtime.connects.always(trouble);
    const client = use.client(deadlines);
    const { signal } = new AbortController();
    const model = createOpenAiLanguageModel({ client });
    const tts = createOpenAiTextToSpeech({ client });
    const stts = [createOpenAiSpeechToText({ client }), createOpenAiFileTranscription({ client })];
    const prompt = { instructions: 'x', messages: [], maxTokens: 1 };
    const drain = async (items: AsyncIterable<unknown>) => {
      for await (const _item of items);
    };
    const errors = [
      await failure(drain(model.stream(prompt, { signal }))),
      await failure(drain(tts.synthesize('Hello.', { signal, turnKey: 'a' }))),
    ];
    for (const stt of stts) {
      const utterance = stt.open({ signal, onPartial() {} });
      utterance.push(tone(16_000, 16_000));
      errors.push(await failure(utterance.finish()));
    }
    expect(errors).toHaveLength(4);

    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    for (const thing of [...errors, client, model, tts, ...stts]) {
      lines.push(
        inspect(thing, { depth: 20, showHidden: true, getters: false }),
        JSON.stringify(thing),
        `${thing instanceof Error ? thing.stack : ''}`,
      );
      log.error({ err: thing, thing }, 'failed');
    }
    const everything = lines.join('\n');
    expect(everything.length).toBeGreaterThan(1000);
    expect(everything).not.toContain(CLOUD_KEY);
    // Nor a good part of it.
    for (let at = 8; at + 10 <= CLOUD_KEY.length; at++) expect(everything).not.toContain(CLOUD_KEY.slice(at, at + 10));
  },
);
