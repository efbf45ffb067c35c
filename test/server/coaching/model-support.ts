import { afterEach, beforeEach } from 'vitest';
import type { ChatModel } from '../../../server/ports/chat-model.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import type { Log } from '../../../server/ports/log.ts';
import { OpenAiClient } from '../../../server/providers/openai/client.ts';
import { createOpenAiLanguageModel } from '../../../server/providers/openai/language-model.ts';
import { type ChatAnswer } from '../../support/cloud/openai-chat.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../../support/cloud/openai.ts';
import type { Trouble } from '../../support/cloud/script.ts';

export interface ModelCloud {
  readonly cloud: OpenAiCloud;
  readonly model: ChatModel;
  /** What is answered to those that want JSON by this schema; the others get the script. */
  answerJson(schema: string, answer: ChatAnswer | Trouble): void;
  /** The texts that were sent with it, in order. */
  asked(schema: string): string[];
  readonly log: Log & { readonly lines: string[] };
}

/** A model by the real SDK against a loopback cloud, new for each test. */
export function useModel(): ModelCloud {
  let cloud: OpenAiCloud;
  let client: OpenAiClient;
  let model: ChatModel;
  const answers = new Map<string, ChatAnswer | Trouble>();
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  beforeEach(async () => {
    lines.length = 0;
    answers.clear();
    cloud = await startOpenAiCloud();
    cloud.chat.decide(({ response_format: format }) => answers.get(schemaOf(format) ?? ''));
    client = new OpenAiClient({ apiKey: CLOUD_KEY, baseUrl: cloud.baseUrl, clock: systemClock });
    model = createOpenAiLanguageModel({ client });
  });
  afterEach(async () => {
    await client.close();
    await cloud.close();
  });
  return {
    get cloud() {
      return cloud;
    },
    get model() {
      return model;
    },
    answerJson: (schema, answer) => void answers.set(schema, answer),
    asked: (schema) =>
      cloud.chat.requests
        .filter(({ response_format: format }) => schemaOf(format) === schema)
        .map(({ messages }) => JSON.stringify(messages)),
    log: { lines, debug: write, info: write, warn: write, error: write },
  };
}

function schemaOf(format: OpenAiCloud['chat']['requests'][number]['response_format']): string | undefined {
  return format?.type === 'json_schema' ? format.json_schema.name : undefined;
}

export const json = (value: unknown): ChatAnswer => ({ text: JSON.stringify(value) });
