/** `/api/auth`: who one is; signing up, in and out; where one is signed in; a token for others to check. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  type MeBody,
  type MintedBody,
  PasswordRequest,
  type PersonBody,
  type SignedInBody,
  type SignedOutBody,
  type SignedUpBody,
  SignInRequest,
  type SignInsBody,
  SignUpRequest,
} from '../../protocol/accounts.ts';
import type { Success } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Accounts, Origin, SignedIn } from '../ports/accounts.ts';
import { OWN_ISSUER } from '../ports/token-verifier.ts';
import { DOCS } from './accounts-docs.ts';
import { bearerOf, type Caller, type Callers } from './callers.ts';
import { type IsAllowedOrigin, requireOwnPage } from './guards.ts';
import { limitUser, type RateGate } from './rate-limits.ts';
import { type ById, checked } from './rest.ts';
import type { SignInCookie } from './sign-in-cookie.ts';

export interface AccountRoutesOptions {
  /** Absent: nobody has an account here. */
  accounts: Accounts | undefined;
  callers: Callers;
  cookie: SignInCookie;
  guests: boolean;
  isAllowedOrigin: IsAllowedOrigin;
  gate: RateGate;
}

type WithAccounts = AccountRoutesOptions & { accounts: Accounts };

export function accountRoutes(options: AccountRoutesOptions): FastifyPluginAsync {
  const { accounts, isAllowedOrigin } = options;
  return async (app) => {
    requireOwnPage(app, isAllowedOrigin);
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    addMe(app, options);
    if (!accounts) return;
    addSigning(app, { ...options, accounts });
    addSignIns(app, { ...options, accounts });
    addTokens(app, { ...options, accounts });
  };
}

function addMe(app: FastifyInstance, { accounts, callers, cookie, guests }: AccountRoutesOptions): void {
  app.get('/api/auth/me', { config: { doc: DOCS.me } }, async (request, reply): Promise<Success<MeBody>> => {
    const caller = await callerOf(callers, request);
    const kept = cookie.of(request);
    // Used, a sign-in lasts longer; so does its cookie. One that is not good any more goes.
    if (kept !== undefined && accounts && caller?.signInId !== undefined)
      cookie.set(request, reply, kept, accounts.signInMs);
    else if (kept !== undefined && caller?.subject === undefined) cookie.clear(request, reply);
    const user =
      caller?.subject === undefined ? null : await personOf(accounts, { ...caller, subject: caller.subject });
    return success({ user, accounts: accounts !== undefined, guests });
  });
}

function addSigning(app: FastifyInstance, { accounts, callers, cookie, gate }: WithAccounts): void {
  /** By the address of the mail, whether it has an account or not, and before a password is hashed. */
  const limitAccount = (request: FastifyRequest, email: string) => limitUser(gate, request, email.trim().toLowerCase());

  app.post(
    '/api/auth/sign-up',
    { config: { doc: DOCS.signUp, limit: 'signIns' } },
    async (request): Promise<Success<SignedUpBody>> => {
      const { email, password } = checked(SignUpRequest, request.body);
      await limitAccount(request, email);
      await accounts.signUp({ email, password }, originOf(request));
      return success({ email });
    },
  );
  app.post('/api/auth/sign-in', { config: { doc: DOCS.signIn, limit: 'signIns' } }, async (request, reply) => {
    const { email, password, token: wantsToken = false } = checked(SignInRequest, request.body);
    await limitAccount(request, email);
    const signedIn = await accounts.signIn({ email, password }, originOf(request));
    const { subject: id, role } = await callers.signedIn(request, reply, signedIn.token);
    if (!wantsToken) await keep(request, reply, signedIn);
    return success<SignedInBody>({ user: { id, email, role }, ...(wantsToken && { token: signedIn.token }) });
  });
  app.post('/api/auth/sign-out', { config: { doc: DOCS.signOut } }, async (request, reply) => {
    const caller = await callerOf(callers, request);
    if (caller?.subject !== undefined && caller.signInId !== undefined) {
      await accounts.endSignIn(caller.subject, caller.signInId);
    }
    cookie.clear(request, reply);
    return success<SignedOutBody>({});
  });
  app.post('/api/auth/password', { config: { doc: DOCS.password, limit: 'signIns' } }, async (request, reply) => {
    const { subject, role } = await account(callers, request);
    const { current, next } = checked(PasswordRequest, request.body);
    const email = (await accounts.profile(subject))?.email ?? '';
    await limitAccount(request, email);
    const token = bearerOf(request) ?? cookie.of(request) ?? '';
    const signedIn = await accounts.changePassword({ token, email, current, next }, originOf(request));
    const byProgram = bearerOf(request) !== undefined;
    if (!byProgram) cookie.set(request, reply, signedIn.token, accounts.signInMs);
    return success<SignedInBody>({ user: { id: subject, email, role }, ...(byProgram && { token: signedIn.token }) });
  });

  /** The sign-in before this one, in the same browser, is over: nobody could end it any more. */
  async function keep(request: FastifyRequest, reply: FastifyReply, { token }: SignedIn) {
    const before = await callers.of(request).catch((error: unknown) => {
      if (error instanceof KukuError && error.status === 401) return undefined;
      throw error;
    });
    if (before?.subject !== undefined && before.signInId !== undefined) {
      await accounts.endSignIn(before.subject, before.signInId);
    }
    cookie.set(request, reply, token, accounts.signInMs);
  }
}

function addSignIns(app: FastifyInstance, { accounts, callers, cookie }: WithAccounts): void {
  app.get('/api/auth/sign-ins', { config: { doc: DOCS.signIns } }, async (request) => {
    const { subject, signInId } = await account(callers, request);
    const signIns = await accounts.signIns(subject);
    return success<SignInsBody>({
      signIns: signIns.map(({ id, createdAt, lastUsedAt, address, userAgent }) => ({
        id,
        createdAt: new Date(createdAt).toISOString(),
        lastUsedAt: new Date(lastUsedAt).toISOString(),
        address,
        userAgent,
        current: id === signInId,
      })),
    });
  });
  app.delete('/api/auth/sign-ins', { config: { doc: DOCS.endOthers } }, async (request) => {
    const { subject, signInId } = await account(callers, request);
    await accounts.endOtherSignIns(subject, signInId);
    return success<SignedOutBody>({});
  });
  app.delete<ById>('/api/auth/sign-ins/:id', { config: { doc: DOCS.endOne } }, async (request, reply) => {
    const { subject, signInId } = await account(callers, request);
    const { id } = request.params;
    if (!/^[\w-]{1,64}$/.test(id) || !(await accounts.endSignIn(subject, id))) {
      throw new KukuError('There is no such sign-in.', { code: 'sign_in_not_found', status: 404 });
    }
    if (id === signInId) cookie.clear(request, reply);
    return success<SignedOutBody>({ id });
  });
}

function addTokens(app: FastifyInstance, { accounts, callers, cookie }: WithAccounts): void {
  app.post('/api/auth/token', { config: { doc: DOCS.token } }, async (request) => {
    await account(callers, request);
    return success<MintedBody>({ token: await accounts.mint(bearerOf(request) ?? cookie.of(request) ?? '') });
  });
  app.get('/api/auth/jwks', { config: { doc: DOCS.keys } }, async (_request, reply) => {
    return reply.send(await accounts.keys());
  });
}

/** Undefined for one who must sign in, and is here to. */
async function callerOf(callers: Callers, request: FastifyRequest): Promise<Caller | undefined> {
  return callers.of(request).catch((error: unknown) => {
    if (error instanceof KukuError && error.code === 'sign_in_required') return undefined;
    throw error;
  });
}

/** Throws `sign_in_required` (401) for who has no account here. */
async function account(callers: Callers, request: FastifyRequest) {
  const { issuer, subject, signInId, role } = await callers.of(request);
  if (issuer === OWN_ISSUER && subject !== undefined) return { subject, signInId, role };
  throw new KukuError('Please sign in.', { code: 'sign_in_required', status: 401 });
}

async function personOf(accounts: Accounts | undefined, caller: Caller & { subject: string }): Promise<PersonBody> {
  const { subject: id, issuer, role } = caller;
  const profile = issuer === OWN_ISSUER ? await accounts?.profile(id) : undefined;
  return { id, email: profile?.email ?? null, role };
}

function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip, userAgent: (headers['user-agent'] ?? '').slice(0, 300) };
}

function success<T>(data: T): Success<T> {
  return { success: true, data };
}
