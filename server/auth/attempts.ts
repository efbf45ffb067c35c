/** Wrong passwords for one account are counted, from whatever address, whether there is such an account or not. */
import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { AuthTables } from './tables.ts';

/** NIST SP 800-63B-4, 3.2.2, wants 100 consecutive ones at most before the account is out of reach. */
const MAX_FAILURES = 10;
const WINDOW_MS = 15 * 60_000;

export interface Attempts {
  /** Counts before the password is looked at, so that many at once count, too. Throws `too_many_attempts` (429). */
  begin(email: string): Promise<void>;
  /** The password was right: counting starts anew. */
  succeed(email: string): Promise<void>;
}

export function createAttempts(db: Kysely<AuthTables>, clock: Clock): Attempts {
  return {
    async begin(email) {
      const now = new Date(clock.now());
      const cutoff = new Date(clock.now() - WINDOW_MS);
      const fresh = sql<boolean>`auth_attempts.since < ${cutoff}::timestamptz`;
      const { count, since } = await db
        .insertInto('auth_attempts')
        .values({ key: keyOf(email), count: 1, since: now })
        .onConflict((c) =>
          c.column('key').doUpdateSet({
            count: sql<number>`case when ${fresh} then 1 else auth_attempts.count + 1 end`,
            since: sql<Date>`case when ${fresh} then ${now}::timestamptz else auth_attempts.since end`,
          }),
        )
        .returning(['count', 'since'])
        .executeTakeFirstOrThrow();
      if (count > MAX_FAILURES) throw tooManyAttempts(since.getTime() + WINDOW_MS - clock.now());
      if (count === 1) await db.deleteFrom('auth_attempts').where('since', '<', cutoff).execute();
    },
    async succeed(email) {
      await db.deleteFrom('auth_attempts').where('key', '=', keyOf(email)).execute();
    },
  };
}

export function tooManyAttempts(retryAfterMs: number): KukuError {
  return new KukuError('Too many attempts. Please wait a while before the next one.', {
    code: 'too_many_attempts',
    status: 429,
    retryAfterMs,
  });
}

/** No list of the addresses that people tried. */
function keyOf(email: string): string {
  return createHash('sha256').update(`attempts ${email}`).digest('base64url');
}
