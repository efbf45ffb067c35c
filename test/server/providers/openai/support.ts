import { afterEach, beforeEach, expect } from 'vitest';
import { KukuError } from '../../../../server/errors.ts';
import { type Clock, systemClock } from '../../../../server/ports/clock.ts';
import { type Deadlines, OpenAiClient } from '../../../../server/providers/openai/client.ts';
import { CLOUD_KEY, type OpenAiCloud, startOpenAiCloud } from '../../../support/cloud/openai.ts';

/** A loopback cloud for each test, and clients of it that are closed after. */
export function useCloud(): {
  readonly cloud: OpenAiCloud;
  client(deadlines?: Partial<Deadlines>, baseUrl?: string, clock?: Clock): OpenAiClient;
} {
  let cloud: OpenAiCloud | undefined;
  const clients: OpenAiClient[] = [];
  beforeEach(async () => {
    cloud = await startOpenAiCloud();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await cloud?.close();
  });
  const here = () => {
    if (!cloud) throw new Error('no cloud outside a test');
    return cloud;
  };
  return {
    get cloud() {
      return here();
    },
    client(deadlines = {}, baseUrl = here().baseUrl, clock = systemClock) {
      const client = new OpenAiClient({ apiKey: CLOUD_KEY, baseUrl, clock, deadlines });
      clients.push(client);
      return client;
    },
  };
}

/** The error of ours that it rejects with. */
export async function failure(promise: Promise<unknown>): Promise<KukuError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KukuError);
  return error as KukuError;
}

/** Turns of the event loop until something holds; rejects after very many. */
export async function turnsUntil(holds: () => boolean, max = 100_000): Promise<number> {
  for (let turns = 0; turns < max; turns++) {
    if (holds()) return turns;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error(`it did not come about within ${max} turns of the event loop`);
}
