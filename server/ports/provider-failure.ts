/** How providers fail, in the same words for all of them: what a retry, a breaker and a fallback decide by. */
import { KukuError } from '../errors.ts';

export const PROVIDER_FAILURES = {
  /** The key is wrong, or may not do this (401, 403). */
  provider_unauthorized: 'does not accept its key',
  /** The model or voice is unknown, retired, or not this key's (404). */
  provider_model_unknown: 'does not know the model',
  /** Too many requests or tokens at a time (429). */
  provider_rate_limited: 'is asked too much at the moment',
  /** Nothing left to spend (402, 429 `insufficient_quota`). */
  provider_quota_exhausted: 'has no budget left',
  /** The request itself is not accepted (other 4xx). */
  provider_bad_request: 'did not accept the request',
  /** The provider's own failure (5xx). */
  provider_failed: 'failed',
  /** No connection came about, or it was reset before an answer. */
  provider_unreachable: 'could not be reached',
  /** A deadline of ours passed. */
  provider_timeout: 'took too long',
  /** The answer was cut off, empty, or not what its format says. */
  provider_broken_answer: 'broke off its answer',
  /** The provider will not say anything to this (content filter, refusal). */
  provider_refused: 'declined to answer',
} as const;

export type ProviderFailure = keyof typeof PROVIDER_FAILURES;

/** What may well work if the same is asked of the same provider at once. A 429 is not among them: it goes to the fallback. */
export const WORTH_ASKING_AGAIN: ReadonlySet<string> = new Set<ProviderFailure>([
  'provider_failed',
  'provider_unreachable',
  'provider_broken_answer',
]);

export interface ProviderFailureDetails {
  /** As a person knows it: "OpenAI". */
  provider: string;
  /** Completes the sentence, without its full stop: "model gpt-x is unknown or retired". Nothing secret. */
  detail?: string | undefined;
  retryAfterMs?: number | undefined;
  /** Fit for the log: see that it holds no key. */
  cause?: unknown;
}

/** All of them are `retryable`, in the sense that another provider may well do it; see `WORTH_ASKING_AGAIN` for this one. */
export function providerFailure(code: ProviderFailure, details: ProviderFailureDetails): KukuError {
  const { provider, detail, retryAfterMs, cause } = details;
  return new KukuError(`${provider} ${PROVIDER_FAILURES[code]}${detail ? `: ${detail}` : ''}.`, {
    code,
    retryable: true,
    status: 503,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(cause !== undefined && { cause }),
  });
}
