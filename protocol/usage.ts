/** What providers were used for, in the units they bill by. */
import { z } from 'zod';

const amount = z.number().min(0);

/** Sums; what there was none of is absent. */
export const UsageTotals = z.object({
  /** Tokens that models read; `cachedInputTokens` of them at the lower price. */
  inputTokens: amount.optional(),
  cachedInputTokens: amount.optional(),
  /** Tokens that models wrote; `reasoningTokens` of them nobody saw. */
  outputTokens: amount.optional(),
  reasoningTokens: amount.optional(),
  /** Seconds of the person's audio that were transcribed. */
  transcribedSeconds: amount.optional(),
  /** Characters that were spoken. */
  spokenCharacters: amount.optional(),
  /** By the server's prices, in their currency; absent where it has none. */
  cost: amount.optional(),
  /** Some of it is guessed, since a call was ended before the provider said what it used. */
  estimated: z.literal(true).optional(),
});
export type UsageTotals = z.infer<typeof UsageTotals>;
