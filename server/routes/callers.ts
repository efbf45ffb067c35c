/**
 * Who asks. A token (`Authorization: Bearer`, or the cookie of a sign-in) names a user. Where guests are let in, a
 * browser that starts a session gets a guest identity in a cookie of its own, so that it has a history; without it a
 * session belongs to nobody, and its unguessable id is the only key to it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KukuError } from '../errors.ts';
import type { Archive, Identity } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import { GUEST_ISSUER, type Role, type TokenVerifier, type VerifiedToken } from '../ports/token-verifier.ts';
import { sessionNotFound } from './rest.ts';
import { isSecure, type SignInCookie } from './sign-in-cookie.ts';

export const GUEST_COOKIE = 'kuku_guest';
/** Browsers keep no cookie for longer than 400 days. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;
const GUEST_PLACE = { path: '/', httpOnly: true, sameSite: 'lax' } as const;
const SECRET = /^[\w-]{43}$/;

export interface Caller {
  /** The user's id in the archive: of who signed in, else of the guest. Undefined for nobody. */
  userId: string | undefined;
  /** The guest that this browser is, or was before it signed in. */
  guestId: string | undefined;
  role: Role;
  /** Of who signed in, by a token or by the cookie: who vouches for whom. */
  issuer: string | undefined;
  subject: string | undefined;
  /** The sign-in here that the request rests on. */
  signInId: string | undefined;
}

const NOBODY = { role: 'user', issuer: undefined, subject: undefined, signInId: undefined } as const;

export interface Callers {
  /**
   * Throws `invalid_token`, `token_expired` or `token_revoked` (401) for a bearer token that is not good, and
   * `sign_in_required` (401) for nobody, where people must sign in. A cookie that is not good any more is none.
   */
  of(request: FastifyRequest): Promise<Caller>;
  /** `Caller.userId`. */
  userOf(request: FastifyRequest): Promise<string | undefined>;
  /** The same for one who starts a session: a browser without an identity gets one. */
  welcome(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined>;
  /**
   * Somebody has signed in with this request. When their account is new, and this browser has been a guest, the guest
   * becomes the account: what was said is kept. An account that was used before takes nothing of a guest's, who may have
   * been somebody else.
   */
  signedIn(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<Pick<VerifiedToken, 'subject' | 'role'>>;
  /**
   * Whether the caller may know of what belongs to `ownerId`; else throws `session_not_found` (404). A guest's session
   * opens to its id alone, as nobody's does, but not to somebody who is known to be somebody else. An account's opens to
   * the account.
   */
  mustOwn(request: FastifyRequest, ownerId: string | null): Promise<Caller>;
}

export interface CallerOptions {
  archive: Archive;
  clock: Clock;
  publicUrl: string | undefined;
  cookie: Pick<SignInCookie, 'of'>;
  /** Absent: nobody can sign in. */
  verifier: TokenVerifier | undefined;
  /** Whether people may stay who they are: guests. */
  guests: boolean;
}

export function createCallers({
  archive,
  clock,
  publicUrl,
  cookie: signInCookie,
  verifier,
  guests,
}: CallerOptions): Callers {
  const asked = new WeakMap<FastifyRequest, Promise<Caller>>();
  const ensureUser = rememberingUsers(archive, clock);

  const signedIn = async (request: FastifyRequest) => {
    const bearer = bearerOf(request);
    const cookie = signInCookie.of(request);
    if (bearer !== undefined) return verifier ? verifier.verify(bearer) : refuseToken();
    if (cookie === undefined || !verifier) return undefined;
    return verifier.verify(cookie).catch((error: unknown) => {
      if (error instanceof KukuError && error.status === 401) return undefined;
      throw error;
    });
  };

  const guestOf = async (request: FastifyRequest) => {
    const secret = guests ? guestSecretOf(request) : undefined;
    return secret === undefined ? undefined : guestUser(secret);
  };
  const guestUser = (secret: string) => ensureUser({ issuer: GUEST_ISSUER, subject: guestSubject(secret) });

  const look = async (request: FastifyRequest): Promise<Caller> => {
    const token = await signedIn(request);
    const guestId = bearerOf(request) === undefined ? await guestOf(request) : undefined;
    if (!token) {
      if (!guests) throw signInRequired();
      return { ...NOBODY, userId: guestId, guestId };
    }
    const { issuer, subject, role, signInId } = token;
    const userId = await ensureUser({ issuer, subject });
    return { userId, guestId, role, issuer, subject, signInId };
  };

  const of = (request: FastifyRequest) => {
    const known = asked.get(request) ?? look(request);
    asked.set(request, known);
    return known;
  };

  /** Nobody with the id of a session of nobody's, or of a guest's whose browser gives no cookie back. */
  const holdsTheKey = async ({ userId, guestId }: Caller, ownerId: string | null) => {
    if (!guests) return false;
    if (ownerId === null) return true;
    if (userId !== undefined || guestId !== undefined) return false;
    return (await archive.user(ownerId))?.issuer === GUEST_ISSUER;
  };

  return {
    of,
    userOf: async (request) => (await of(request)).userId,
    async welcome(request, reply) {
      const { userId, guestId } = await of(request);
      const isGuest = userId === guestId;
      if (!isGuest || (guestId === undefined && !isBrowser(request))) return userId;
      const secret =
        (guestId === undefined ? undefined : guestSecretOf(request)) ?? randomBytes(32).toString('base64url');
      // Set again each time: the days count from the last session.
      reply.setCookie(GUEST_COOKIE, secret, {
        ...GUEST_PLACE,
        secure: isSecure(request, publicUrl),
        maxAge: COOKIE_SECONDS,
      });
      return guestId ?? guestUser(secret);
    },
    async signedIn(request, reply, token) {
      if (!verifier) return refuseToken();
      const { issuer, subject, role } = await verifier.verify(token);
      const secret = guestSecretOf(request);
      const guest = secret !== undefined && { issuer: GUEST_ISSUER, subject: guestSubject(secret) };
      if (guest && (await archive.reidentifyUser(guest, { issuer, subject })))
        reply.clearCookie(GUEST_COOKIE, GUEST_PLACE);
      return { subject, role };
    },
    async mustOwn(request, ownerId) {
      const caller = await of(request);
      const isOwner = ownerId !== null && (ownerId === caller.userId || ownerId === caller.guestId);
      if (isOwner || (await holdsTheKey(caller, ownerId))) return caller;
      throw sessionNotFound();
    },
  };
}

/** How many users are remembered for while the archive is away: they come back to their sessions all the same. */
const MAX_REMEMBERED = 10_000;

/** Who is asked for in the archive, and, while it is away, who was lately found there. */
function rememberingUsers(archive: Archive, clock: Clock): (identity: Identity) => Promise<string> {
  const lately = new Map<string, string>();
  return async (identity) => {
    const key = JSON.stringify([identity.issuer, identity.subject]);
    try {
      const { id } = await archive.ensureUser(identity, clock.now());
      lately.delete(key);
      lately.set(key, id);
      const [oldest] = lately.keys();
      if (lately.size > MAX_REMEMBERED && oldest !== undefined) lately.delete(oldest);
      return id;
    } catch (error) {
      const known = lately.get(key);
      if (known !== undefined && error instanceof KukuError && error.retryable) return known;
      throw error;
    }
  };
}

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +([\w.~+/%=-]{1,8192})$/i.exec(authorization) ?? [];
  return token ?? refuseToken();
}

function refuseToken(): never {
  throw new KukuError('This token is not good here.', { code: 'invalid_token', status: 401 });
}

function signInRequired(): KukuError {
  return new KukuError('Please sign in.', { code: 'sign_in_required', status: 401 });
}

/** Browsers name the Origin of what a script posts, and newer ones say more. */
function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

function guestSecretOf(request: FastifyRequest): string | undefined {
  const secret = request.cookies[GUEST_COOKIE];
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}

/** The cookie is a key: whoever reads the database must not be able to make one from it. */
function guestSubject(secret: string): string {
  return createHash('sha256').update(`guest ${secret}`).digest('base64url');
}
