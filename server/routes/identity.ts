/**
 * Who asks, as long as nobody signs in: a browser that creates a session is given a guest identity in a cookie, so that
 * it has a history. Without the cookie a session belongs to nobody, and its unguessable id is the only key to it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Archive } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';

const GUEST_COOKIE = 'kuku_guest';
/** Browsers keep no cookie for longer than 400 days. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;
const SECRET = /^[\w-]{43}$/;

export interface Identities {
  /** The user's id in the archive; undefined for nobody. */
  of(request: FastifyRequest): Promise<string | undefined>;
  /** The same for one who starts a session: a browser without an identity gets one. */
  welcome(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined>;
}

export interface IdentityOptions {
  archive: Archive;
  clock: Clock;
  publicUrl: string | undefined;
  /** Whether guests are given identities at all. */
  guests: boolean;
}

export function createIdentities({ archive, clock, publicUrl, guests }: IdentityOptions): Identities {
  const userOf = async (secret: string) => {
    const { id } = await archive.ensureUser({ issuer: 'guest', subject: subjectOf(secret) }, clock.now());
    return id;
  };
  const secretOf = (request: FastifyRequest) => {
    const secret = guests ? request.cookies[GUEST_COOKIE] : undefined;
    return secret !== undefined && SECRET.test(secret) ? secret : undefined;
  };
  return {
    async of(request) {
      const secret = secretOf(request);
      return secret === undefined ? undefined : userOf(secret);
    },
    async welcome(request, reply) {
      const known = secretOf(request);
      if (known === undefined && !(guests && isBrowser(request))) return undefined;
      const secret = known ?? randomBytes(32).toString('base64url');
      const userId = await userOf(secret);
      // Set again each time: the days count from the last session.
      reply.setCookie(GUEST_COOKIE, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: (publicUrl ?? `${request.protocol}:`).startsWith('https:'),
        maxAge: COOKIE_SECONDS,
      });
      return userId;
    },
  };
}

/** Browsers name the Origin of what a script posts, and newer ones say more. */
function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

/** The cookie is a key: whoever reads the database must not be able to make one from it. */
function subjectOf(secret: string): string {
  return createHash('sha256').update(`guest ${secret}`).digest('base64url');
}
