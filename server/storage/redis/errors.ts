import { KukuError } from '../../errors.ts';

/**
 * What Redis or its client threw, as a `KukuError` without keys or values in its message: `store_away` (503, retryable,
 * closes with 1013) when it could not be reached, did not answer in time, or can't take writes now; `store_failed` (500)
 * when it refused the command itself.
 */
export function storeError(error: unknown): KukuError {
  if (error instanceof KukuError) return error;
  if (isRefusal(error)) {
    return new KukuError('The session store refused a request.', { code: 'store_failed', cause: error });
  }
  return new KukuError('The session store is away. Please try again.', {
    code: 'store_away',
    retryable: true,
    status: 503,
    close: 'overloaded',
    retryAfterMs: 1000,
    cause: error,
  });
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/: the first word of an error names its kind. */
const PASSING = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|NOSCRIPT)\b/;

/** An error that Redis itself answered with, and that would be the same next time. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !PASSING.test(error.message);
}
