import { KukuError } from '../errors.ts';

/** What fails for want of the database, or inside better-auth, as something to try again: never as a wrong password. */
export async function orAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof KukuError ? error : accountsAway(error);
  }
}

export function accountsAway(cause: unknown): KukuError {
  return new KukuError('Accounts can’t be reached at the moment. Please try again.', {
    code: 'accounts_away',
    status: 503,
    retryable: true,
    retryAfterMs: 2000,
    cause,
  });
}
