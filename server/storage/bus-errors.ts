/** How an instance's failure reaches the one that asked. */
import { z } from 'zod';
import { CLOSE, type CloseName } from '../../protocol/close-codes.ts';
import { KukuError } from '../errors.ts';

/** Nobody answers there, or not in time. */
export function ownerAway(): KukuError {
  return new KukuError('The server that has this session does not answer. Please try again.', {
    code: 'owner_away',
    status: 503,
    retryable: true,
    retryAfterMs: 1000,
  });
}

const WireError = z.object({
  message: z.string(),
  code: z.string(),
  retryable: z.boolean(),
  status: z.number(),
  close: z.optional(z.custom<CloseName>((name) => typeof name === 'string' && name in CLOSE)),
  retryAfterMs: z.optional(z.number()),
});

/** What of an error the asker is told: nothing of one that is not ours. */
export function toWireError(error: unknown): z.infer<typeof WireError> {
  if (!(error instanceof KukuError)) {
    return { message: 'Something went wrong.', code: 'internal', retryable: false, status: 500 };
  }
  const { message, code, retryable, status, close, retryAfterMs } = error;
  return { message, code, retryable, status, close, retryAfterMs };
}

export function fromWireError(error: unknown): KukuError {
  const { message, close, retryAfterMs, ...rest } = WireError.parse(error);
  return new KukuError(message, {
    ...rest,
    ...(close !== undefined && { close }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
