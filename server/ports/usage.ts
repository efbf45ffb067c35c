/**
 * What a call to a provider cost, in the units it is billed by. Reported once for each call, at its end, also when it was
 * aborted or broke after the provider had begun to work: that part is paid as well.
 */
export interface Usage {
  kind: 'model' | 'transcription' | 'speech';
  /** Name of the adapter. */
  provider: string;
  model: string;
  /** All tokens that went in; `cachedInputTokens` of them at the lower price. */
  inputTokens?: number;
  cachedInputTokens?: number;
  /** All tokens that came out; `reasoningTokens` of them nobody saw. */
  outputTokens?: number;
  reasoningTokens?: number;
  /** Audio that was sent to be understood, or that was spoken. */
  audioSeconds?: number;
  /** Text that was sent to be spoken. */
  characters?: number;
  /** True when the provider did not say and the tokens are guessed from the text, 4 characters each. */
  estimated?: true;
}

export type OnUsage = (usage: Usage) => void;
