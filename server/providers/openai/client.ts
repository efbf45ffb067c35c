/** The SDK on connections that we keep warm, with deadlines of ours. One for all adapters of a server. */
import OpenAI from 'openai';
import { Agent, buildConnector } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { createFailures, type Failures } from './failures.ts';
import { fetchThrough } from './fetch.ts';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** The design's deadlines. `first` is from the request to the first byte of use, `gap` from one to the next. */
export const DEADLINES = {
  connectMs: 1500,
  modelFirstMs: 2500,
  modelGapMs: 3000,
  /** Until the first words: a model that thinks first sends bytes, but nothing to say. */
  modelWordsMs: 8000,
  /** A whole answer, however steadily it drips. */
  modelTotalMs: 30_000,
  speechFirstMs: 1000,
  speechGapMs: 1000,
  /** From the commit, or the last word since, to the final transcript. */
  transcriptMs: 3000,
  /** For a file there is besides this a tenth of its length. */
  fileFirstMs: 2500,
} as const;
export type Deadlines = { [Name in keyof typeof DEADLINES]: number };

export interface OpenAiClientOptions {
  /** None for a server of one's own that asks for none. */
  apiKey?: string | undefined;
  /** Any server that speaks the API, with its path: `https://…/v1`. */
  baseUrl?: string | undefined;
  clock: Clock;
  deadlines?: Partial<Deadlines>;
}

/** Idle connections live this long unless the server says less: turns of a conversation are half a minute apart. */
const KEEP_ALIVE_MS = 120_000;
/** The SDK's own deadline for headers; ours are shorter. */
const SDK_TIMEOUT_MS = 60_000;
const AFTER_BREAK_MS = 20;

/** A class, so that neither `JSON.stringify` nor an inspecting log finds the key in it. */
export class OpenAiClient {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly failures: Failures;
  readonly #apiKey: string | undefined;
  readonly #agent: Agent;
  readonly #sdk: OpenAI;
  #cancelWarming: (() => void) | undefined;

  constructor({ apiKey, baseUrl = OPENAI_BASE_URL, clock, deadlines }: OpenAiClientOptions) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.clock = clock;
    this.deadlines = { ...DEADLINES, ...deadlines };
    this.failures = createFailures({ apiKey, clock });
    this.#apiKey = apiKey;
    this.#agent = createAgent(this);
    this.#sdk = new OpenAI({
      // The SDK insists on a key; servers without keys don't look at it.
      apiKey: apiKey ?? 'none',
      baseURL: this.baseUrl,
      // Else it would read them from the environment, which only config.ts may.
      organization: null,
      project: null,
      adminAPIKey: null,
      webhookSecret: null,
      maxRetries: 0,
      timeout: SDK_TIMEOUT_MS,
      logLevel: 'off',
      fetch: fetchThrough(this.#agent, clock),
    });
  }

  get sdk(): OpenAI {
    return this.#sdk;
  }

  /** Headers of a socket's handshake. Not for logs. */
  authorization(): Record<string, string> {
    return this.#apiKey === undefined ? {} : { Authorization: `Bearer ${this.#apiKey}` };
  }

  /**
   * Opens a connection for the next request, where none is idle: an aborted request took its own along, and a handshake
   * across an ocean costs as much as the first words. Costs nothing at the provider; failing does not matter.
   */
  warm(): void {
    // While a connection breaks, undici closes the pool that it was the last of, with all that is new in it.
    this.#cancelWarming?.();
    this.#cancelWarming = this.clock.after(AFTER_BREAK_MS, () => void this.#connect().catch(() => {}));
  }

  async #connect(): Promise<void> {
    const { origin, pathname } = new URL(this.baseUrl);
    const headersTimeout = 2 * this.deadlines.connectMs;
    // Not a HEAD: undici closes its connection.
    const { body } = await this.#agent.request({ origin, path: pathname, method: 'OPTIONS', headersTimeout });
    await body.dump();
  }

  async close(): Promise<void> {
    this.#cancelWarming?.();
    await this.#agent.destroy();
  }
}

function createAgent({ clock, deadlines, failures }: OpenAiClient): Agent {
  const { connectMs } = deadlines;
  // HTTP/1.1: an abort closes the connection, which every server understands at once.
  const connector = buildConnector({ timeout: 0, allowH2: false });
  const connect: buildConnector.connector = (options, callback) => {
    // Its own timer is only good to a second. It returns the socket, which its types don't say.
    const socket: unknown = connector(options, (...result) => {
      cancel();
      callback(...result);
    });
    const giveUp = () => (socket as { destroy(error: Error): void }).destroy(failures.timeout('no connection'));
    const cancel = clock.after(connectMs, giveUp);
  };
  return new Agent({
    connect,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: 5 * KEEP_ALIVE_MS,
    // Deadlines are the adapters' affair.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
