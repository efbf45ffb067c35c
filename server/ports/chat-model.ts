import type { OnUsage } from './usage.ts';

/** A language model as such: messages in, text or JSON out. The coaching makes replies, recaps and readings of it. */
export interface ChatModel {
  readonly name: string;
  /** The model as it is shown to people and stored with the turn. */
  readonly model: string;
  /**
   * The answer in pieces of any size, in order, as they come. Leaving the iteration or aborting ends the work at the
   * provider; aborting makes the iteration throw the signal's reason at once. Throws a `KukuError` with a code of
   * `PROVIDER_FAILURES`, also after some text; never ends well without any text.
   */
  stream(prompt: ChatPrompt, options: ChatOptions): AsyncIterable<string>;
  /**
   * One JSON object that the schema asks for, as far as the model keeps to it: check it. Rejects with a `KukuError` as
   * above, with `provider_broken_answer` when no JSON came, or with the signal's reason.
   */
  json(prompt: ChatPrompt & { schema: JsonSchema }, options: ChatOptions): Promise<unknown>;
  /** Something is about to be asked: connections are made meanwhile. Never throws. */
  warm?(): void;
  close(): Promise<void>;
}

export interface ChatPrompt {
  /** What is the same in every call, so that a provider may cache it; comes first. */
  instructions: string;
  messages: readonly ChatMessage[];
  /** What holds for this call only; comes last. */
  now?: string;
  /** Calls that begin alike share it, so that a provider can send them to where that beginning is cached. */
  cacheKey?: string;
  maxTokens: number;
}

export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
}

export interface ChatOptions {
  signal: AbortSignal;
  onUsage?: OnUsage;
}

export interface JsonSchema {
  /** Letters, digits, `_`. */
  name: string;
  /** JSON Schema of an object: every property required, no others allowed. */
  schema: { readonly [key: string]: unknown };
}
