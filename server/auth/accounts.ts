/** The accounts that are kept here, on better-auth. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { KukuError } from '../errors.ts';
import type { Accounts, Origin } from '../ports/accounts.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import { accountsAway, orAway } from './away.ts';
import { createAttempts, tooManyAttempts } from './attempts.ts';
import { ADDRESS_HEADER, BASE_PATH, BASE_URL, type Engine, SIGN_IN_SECONDS } from './better-auth.ts';
import { createPasswordCheck, normalized } from './passwords.ts';
import { endOtherSignIns, endSignIn, profileOf, removeUser, signInsOf } from './sign-ins.ts';
import type { AuthTables } from './tables.ts';

export interface AccountsOptions {
  engine: Engine;
  db: Kysely<AuthTables>;
  clock: Clock;
}

/**
 * What is asked of an address is answered no sooner than this: about three times what the slowest way (a hash, then two
 * rows) takes on a machine that is not busy.
 */
const ANSWER_MS = 250;

interface Request {
  path: string;
  body: object;
  token?: string;
  from: Origin;
}

export function createAccounts({ engine, db, clock }: AccountsOptions): Accounts {
  const checkPassword = createPasswordCheck();
  const attempts = createAttempts(db, clock);

  /** Through its handler, which counts requests by address. */
  const ask = async ({ path, body, token, from }: Request) => {
    const headers = new Headers({ 'content-type': 'application/json', origin: BASE_URL });
    headers.set(ADDRESS_HEADER, from.address);
    headers.set('user-agent', from.userAgent);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const request = new Request(BASE_URL + BASE_PATH + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const response = await engine.handler(request);
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw failure(response, answer);
    return { answer, headers: response.headers };
  };

  const signedIn = ({ answer, headers }: Awaited<ReturnType<typeof ask>>) => {
    const { user } = WithUser.parse(answer);
    const token = decodeURIComponent(headers.get('set-auth-token') ?? '');
    if (token === '') throw new Error('better-auth answered without a token');
    return { token, subject: user.id };
  };

  /** In the same time, whatever there is to do. */
  const evenly = async <T>(work: () => Promise<T>): Promise<T> => {
    const enough = sleep(clock, ANSWER_MS, { signal: new AbortController().signal });
    try {
      return await orAway(work);
    } finally {
      await enough;
    }
  };

  return {
    signInMs: SIGN_IN_SECONDS * 1000,
    async signUp({ email, password }, from) {
      const address = normalizedEmail(email);
      const checked = checkPassword(password, address);
      await evenly(() => ask({ path: '/sign-up/email', body: { name: '', email: address, password: checked }, from }));
    },
    signIn: ({ email, password }, from) =>
      evenly(async () => {
        const address = normalizedEmail(email);
        await attempts.begin(address);
        const body = { email: address, password: normalized(password) };
        const answered = signedIn(await ask({ path: '/sign-in/email', body, from }));
        await attempts.succeed(address);
        return answered;
      }),
    changePassword: ({ token, email, current, next }, from) =>
      evenly(async () => {
        const newPassword = checkPassword(next, email);
        await attempts.begin(email);
        const body = { currentPassword: normalized(current), newPassword, revokeOtherSessions: true };
        const answered = signedIn(await ask({ path: '/change-password', body, token, from }));
        await attempts.succeed(email);
        return answered;
      }),
    signIns: (subject) => orAway(() => signInsOf(db, subject, clock.now())),
    endSignIn: (subject, id) => orAway(() => endSignIn(db, subject, id)),
    endOtherSignIns: (subject, id) => orAway(() => endOtherSignIns(db, subject, id)),
    profile: (subject) => orAway(() => profileOf(db, subject)),
    mint: (token) =>
      orAway(async () => {
        const headers = new Headers({ authorization: `Bearer ${token}` });
        const minted = await engine.api.getToken({ headers }).catch((error: unknown) => {
          // A token that was minted itself, or a sign-in that has just ended.
          throw error instanceof Error && 'statusCode' in error && error.statusCode === 401 ? signInRequired() : error;
        });
        return minted.token;
      }),
    keys: () => orAway(async () => ({ keys: (await engine.api.getJwks()).keys })),
    remove: (subject) => orAway(() => removeUser(db, subject)),
  };
}

const WithUser = z.object({ user: z.object({ id: z.string() }) });
const Refusal = z.object({ code: z.string().optional() });

const WRONG = new Set([
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_EMAIL',
  'INVALID_PASSWORD',
  'PASSWORD_TOO_LONG',
  'CREDENTIAL_ACCOUNT_NOT_FOUND',
]);

function failure({ status, headers }: Response, answer: unknown): KukuError {
  if (status === 429) return tooManyAttempts(Number(headers.get('x-retry-after') ?? 60) * 1000);
  const { code = '' } = Refusal.safeParse(answer).data ?? {};
  if (WRONG.has(code)) return wrongCredentials();
  if (status === 401) return signInRequired();
  // What it answers 500 for is a query that failed.
  return accountsAway(new Error(`better-auth answered ${status} ${code}`));
}

function signInRequired(): KukuError {
  return new KukuError('Please sign in.', { code: 'sign_in_required', status: 401 });
}

function wrongCredentials(): KukuError {
  return new KukuError('The email address or the password is wrong.', { code: 'wrong_credentials', status: 401 });
}

function normalizedEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}
