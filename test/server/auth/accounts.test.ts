/** Accounts on both databases, at the level of the port. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeAuth } from '../../../server/compose-auth.ts';
import { loadConfig } from '../../../server/config.ts';
import type { Accounts } from '../../../server/ports/accounts.ts';
import { silentLog } from '../../../server/ports/log.ts';
import type { TokenVerifier } from '../../../server/ports/token-verifier.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { pgliteForTest, postgresForTest, postgresServer, type TestDatabase } from '../../support/databases.ts';

const SECRET = 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe';
const PASSWORD = 'a quiet lamp in the hallway';
const OTHER_PASSWORD = 'seven herons over the weir';
const server = await postgresServer();
let next = 0;
/** Addresses that were not seen before, so that no test counts against another. */
const from = () => ({ address: `203.0.113.${(next += 1)}`, userAgent: 'test' });
const newEmail = () => `person-${(next += 1)}@example.org`;

describe.each([
  ['PGlite', pgliteForTest],
  ...(server === undefined ? [] : [['Postgres', () => postgresForTest(server)] as const]),
] as const)('accounts on %s', (_name, open) => {
  let database: TestDatabase;
  let accounts: Accounts;
  let verifier: TokenVerifier;

  const composed = async (env: Record<string, string> = {}) => {
    const config = loadConfig({ AUTH_SECRET: SECRET, ...env });
    const auth = await composeAuth({ config, database, clock: systemClock, log: silentLog });
    if (!auth.accounts || !auth.verifier) throw new Error('there are no accounts');
    return { accounts: auth.accounts, verifier: auth.verifier };
  };
  beforeAll(async () => {
    database = await open();
    ({ accounts, verifier } = await composed());
  }, 60_000);
  afterAll(() => database.remove(), 60_000);

  const person = async (password = PASSWORD) => {
    const email = newEmail();
    await accounts.signUp({ email, password }, from());
    const signedIn = await accounts.signIn({ email, password }, from());
    return { email, ...signedIn };
  };

  it('lets somebody sign up and in, and knows them by their token', async () => {
    const { email, token, subject } = await person();
    const seen = await verifier.verify(token);
    expect(seen).toEqual({ issuer: 'account', subject, role: 'user', signInId: expect.any(String) });
    expect(await verifier.isActive(seen.signInId ?? '')).toBe(true);
    expect(await accounts.profile(subject)).toMatchObject({ email });
    const [signIn] = await accounts.signIns(subject);
    expect(signIn).toMatchObject({ id: seen.signInId, userAgent: 'test', address: expect.stringMatching(/^203\./) });
  });

  it('takes an address however its letters are, and a password however its letters are composed', async () => {
    const email = newEmail();
    await accounts.signUp({ email, password: 'M\u00e4rchenwald im Mondlicht' }, from());
    const signedIn = await accounts.signIn(
      { email: ` ${email.toUpperCase()} `, password: 'Ma\u0308rchenwald im Mondlicht' },
      from(),
    );
    expect((await accounts.profile(signedIn.subject))?.email).toBe(email);
  });

  it('gives every sign-in a token of its own, which nobody guesses from another', async () => {
    const { email, token } = await person();
    const again = await accounts.signIn({ email, password: PASSWORD }, from());
    expect(again.token).not.toBe(token);
    expect((await verifier.verify(token)).signInId).not.toBe((await verifier.verify(again.token)).signInId);
  });

  it.each([
    ['the signature', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}=`],
    ['no signature, as the database has it', (token: string) => token.split('.')[0] ?? ''],
    ['other letters', (token: string) => `${token.startsWith('x') ? 'y' : 'x'}${token.slice(1)}`],
  ])('takes no token with %s', async (_what, change) => {
    const { token } = await person();
    await expect(verifier.verify(change(token))).rejects.toMatchObject({ code: 'invalid_token', status: 401 });
  });

  it('takes no token of a server with another secret', async () => {
    const { token } = await person();
    const other = await composed({ AUTH_SECRET: SECRET.split('').reverse().join('') });
    await expect(other.verifier.verify(token)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('says the same of an address without an account as of a wrong password', async () => {
    const { email } = await person();
    const wrong = { code: 'wrong_credentials', status: 401, message: 'The email address or the password is wrong.' };
    for (const credentials of [
      { email, password: 'not the password at all' },
      { email: newEmail(), password: PASSWORD },
      { email, password: '' },
      { email, password: 'x'.repeat(1000) },
      { email: 'no address', password: PASSWORD },
    ]) {
      await expect(accounts.signIn(credentials, from())).rejects.toMatchObject(wrong);
    }
  });

  it('leaves an account as it is when somebody signs up with its address, and says nothing of it', async () => {
    const { email, subject } = await person();
    expect(await accounts.signUp({ email, password: OTHER_PASSWORD }, from())).toBeUndefined();
    await expect(accounts.signIn({ email, password: OTHER_PASSWORD }, from())).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    expect((await accounts.signIn({ email, password: PASSWORD }, from())).subject).toBe(subject);
  });

  it('computes as many hashes for one as for the other: that is what takes the time', async () => {
    const { email } = await person();
    const { scrypt } = crypto;
    let computed = 0;
    const hashesOf = async (work: () => Promise<unknown>) => {
      computed = 0;
      await work().catch(() => undefined);
      return computed;
    };
    const counted: typeof scrypt = Object.assign((...args: unknown[]) => {
      computed += 1;
      Reflect.apply(scrypt, crypto, args);
    }, scrypt);
    crypto.scrypt = counted;
    syncBuiltinESMExports();
    try {
      for (const address of [email, newEmail()]) {
        const credentials = { email: address, password: OTHER_PASSWORD };
        expect(await hashesOf(() => accounts.signIn(credentials, from()))).toBe(1);
      }
      for (const address of [email, newEmail()]) {
        const credentials = { email: address, password: OTHER_PASSWORD };
        expect(await hashesOf(() => accounts.signUp(credentials, from()))).toBe(1);
      }
    } finally {
      crypto.scrypt = scrypt;
      syncBuiltinESMExports();
    }
  });

  it('answers no sooner for one than for the other', async () => {
    const { email } = await person();
    const took = async (work: () => Promise<unknown>) => {
      const before = performance.now();
      await work().catch(() => undefined);
      return performance.now() - before;
    };
    const known = { email, password: OTHER_PASSWORD };
    const unknown = { email: newEmail(), password: OTHER_PASSWORD };
    // Timers may fire a millisecond early by this clock.
    for (const credentials of [known, unknown]) {
      expect(await took(() => accounts.signUp(credentials, from()))).toBeGreaterThan(245);
      expect(await took(() => accounts.signIn({ ...credentials, password: PASSWORD }, from()))).toBeGreaterThan(245);
    }
  });

  it('counts wrong passwords for an account, whatever address they come from, and forgets them at a right one', async () => {
    const { email } = await person();
    const wrong = () => accounts.signIn({ email, password: 'not the password at all' }, from());
    for (let i = 0; i < 5; i += 1) await expect(wrong()).rejects.toMatchObject({ code: 'wrong_credentials' });
    await accounts.signIn({ email, password: PASSWORD }, from());
    const tries = await Promise.allSettled(Array.from({ length: 12 }, wrong));
    const codes = tries.map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : 'in'));
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(10);
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(2);
    await expect(accounts.signIn({ email, password: PASSWORD }, from())).rejects.toMatchObject({
      code: 'too_many_attempts',
      status: 429,
      retryAfterMs: expect.any(Number),
    });
  });

  it('counts them for addresses without an account, too: being locked tells nothing', async () => {
    const email = newEmail();
    const tries = await Promise.allSettled(
      Array.from({ length: 11 }, () => accounts.signIn({ email, password: PASSWORD }, from())),
    );
    const last = tries.filter((each) => (each as { reason?: { code: string } }).reason?.code === 'too_many_attempts');
    expect(last).toHaveLength(1);
  });

  it('counts what one address asks for', async () => {
    const one = from();
    const tries = await Promise.allSettled(
      Array.from({ length: 24 }, () => accounts.signIn({ email: newEmail(), password: PASSWORD }, one)),
    );
    const codes = tries.map((each) => (each as { reason?: { code: string } }).reason?.code);
    expect(codes.filter((code) => code === 'too_many_attempts').length).toBeGreaterThanOrEqual(4);
    await expect(accounts.signIn({ email: newEmail(), password: PASSWORD }, from())).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
  });

  it('refuses a weak password at once, for a known address as for an unknown', async () => {
    const { email } = await person();
    for (const address of [email, newEmail()]) {
      const weak = accounts.signUp({ email: address, password: 'passwordpassword' }, from());
      await expect(weak).rejects.toMatchObject({ code: 'weak_password', status: 400 });
    }
  });

  it('ends a sign-in, and with it its tokens', async () => {
    const { email, token, subject } = await person();
    const other = await accounts.signIn({ email, password: PASSWORD }, from());
    const minted = await accounts.mint(token);
    const { signInId = '' } = await verifier.verify(minted);
    expect(await accounts.endSignIn(subject, signInId)).toBe(true);
    expect(await accounts.endSignIn(subject, signInId)).toBe(false);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'invalid_token', status: 401 });
    await expect(verifier.verify(minted)).rejects.toMatchObject({ code: 'token_revoked', status: 401 });
    expect(await verifier.isActive(signInId)).toBe(false);
    expect(await verifier.verify(other.token)).toMatchObject({ subject });
  });

  it('ends nobody else’s sign-in', async () => {
    const [ada, bob] = [await person(), await person()];
    const { signInId = '' } = await verifier.verify(ada.token);
    expect(await accounts.endSignIn(bob.subject, signInId)).toBe(false);
    await accounts.endOtherSignIns(bob.subject, undefined);
    expect(await verifier.verify(ada.token)).toMatchObject({ subject: ada.subject });
    await expect(verifier.verify(bob.token)).rejects.toMatchObject({ status: 401 });
  });

  it('changes a password for who knows the current one, and ends all other sign-ins', async () => {
    const { email, token, subject } = await person();
    const other = await accounts.signIn({ email, password: PASSWORD }, from());
    const change = { token, email, current: PASSWORD, next: OTHER_PASSWORD };
    const wrong = accounts.changePassword({ ...change, current: 'not the password at all' }, from());
    await expect(wrong).rejects.toMatchObject({ code: 'wrong_credentials' });
    const weak = accounts.changePassword({ ...change, next: 'short' }, from());
    await expect(weak).rejects.toMatchObject({ code: 'weak_password' });
    const changed = await accounts.changePassword(change, from());
    expect(await verifier.verify(changed.token)).toMatchObject({ subject });
    for (const old of [token, other.token]) {
      await expect(verifier.verify(old)).rejects.toMatchObject({ status: 401 });
    }
    await expect(accounts.signIn({ email, password: PASSWORD }, from())).rejects.toMatchObject({ status: 401 });
    expect((await accounts.signIn({ email, password: OTHER_PASSWORD }, from())).subject).toBe(subject);
  });

  it('mints tokens that others can check by the published keys, for a quarter of an hour', async () => {
    const { token, subject } = await person();
    const minted = await accounts.mint(token);
    const keys = createLocalJWKSet((await accounts.keys()) as JSONWebKeySet);
    const { payload } = await jwtVerify(minted, keys, { issuer: 'kuku-coach', audience: 'kuku-coach' });
    expect(payload).toMatchObject({ sub: subject, sid: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
    for (const key of (await accounts.keys()).keys) expect(key).not.toHaveProperty('d');
  });

  it('mints none from a minted token, nor from a sign-in that is over', async () => {
    const { token, subject } = await person();
    const minted = await accounts.mint(token);
    const refusal = { code: 'sign_in_required', status: 401 };
    await expect(accounts.mint(minted)).rejects.toMatchObject(refusal);
    const { signInId = '' } = await verifier.verify(token);
    await accounts.endSignIn(subject, signInId);
    await expect(accounts.mint(token)).rejects.toMatchObject(refusal);
  });

  it('takes a minted token at another instance, also one that had read the keys before they were made', async () => {
    const other = await composed();
    const { token, subject } = await person();
    expect(await other.verifier.verify(await accounts.mint(token))).toMatchObject({ subject });
    // The keys of a token are replaced after a month; here, at once.
    await database.db
      .$extendTables<{ auth_keys: { id: string; expires_at: Date } }>()
      .updateTable('auth_keys')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    const renewed = await accounts.mint(token);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await other.verifier.verify(renewed)).toMatchObject({ subject });
  });

  it('takes no minted token with other claims', async () => {
    const { token } = await person();
    const minted = await accounts.mint(token);
    const [head, , signature] = minted.split('.');
    const claims = { ...decodeJwt(minted), sub: 'somebody-else' };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('forgets an account when it is to, and its address is free again', async () => {
    const { email, token, subject } = await person();
    await accounts.remove(subject);
    await expect(verifier.verify(token)).rejects.toMatchObject({ status: 401 });
    expect(await accounts.profile(subject)).toBeUndefined();
    await accounts.signUp({ email, password: OTHER_PASSWORD }, from());
    expect((await accounts.signIn({ email, password: OTHER_PASSWORD }, from())).subject).not.toBe(subject);
  });

  it('keeps no password, no key in the clear, and no list of addresses that were tried', async () => {
    const email = newEmail();
    await accounts.signIn({ email, password: PASSWORD }, from()).catch(() => undefined);
    const { token } = await person();
    await accounts.mint(token);
    const rows = await Promise.all(
      ['auth_credentials', 'auth_keys', 'auth_attempts', 'auth_rates', 'auth_sign_ins'].map((table) =>
        database.db.$extendTables<Record<string, Record<string, unknown>>>().selectFrom(table).selectAll().execute(),
      ),
    );
    const dump = JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(dump).not.toContain(PASSWORD);
    expect(dump).not.toContain('"d":');
    expect(dump).not.toContain('\\"d\\"');
    expect(dump).not.toContain(email);
    expect(dump).not.toContain(token);
  });
});
