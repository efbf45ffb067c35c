/** What is checked before a route: where a write came from, and who may see the server's inside. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KukuError } from '../errors.ts';
import { bearerOf, type Callers, GUEST_COOKIE } from './callers.ts';
import type { SignInCookie } from './sign-in-cookie.ts';

/** Whether a browser's page of this origin may speak for whoever sits before it. */
export type IsAllowedOrigin = (origin: string, request: FastifyRequest) => boolean;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** As HTTP/1.1 has it (RFC 9112, 3.2). */
export function requireHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers, raw }) => {
    if (headers.host !== undefined || raw.httpVersion === '1.0') return;
    throw new KukuError('The request names no host.', { code: 'bad_host', status: 400 });
  });
}

/**
 * A cookie goes along with what any page makes the browser send: a write that rests on one must come from a page that
 * may (`origin_not_allowed`, 403). A token in a header is put there by somebody who has it. Browsers name the Origin of
 * every write; what names none and says nothing of its site is no browser.
 */
export function guardWrites(app: FastifyInstance, cookie: Pick<SignInCookie, 'of'>, isAllowed: IsAllowedOrigin): void {
  app.addHook('onRequest', async (request) => {
    const hasCookie = cookie.of(request) !== undefined || request.cookies[GUEST_COOKIE] !== undefined;
    if (hasCookie && request.headers.authorization === undefined) checkPage(request, isAllowed);
  });
}

/** The same whatever the write rests on: nobody is to be signed in by a page of somebody else's. */
export function requireOwnPage(app: FastifyInstance, isAllowed: IsAllowedOrigin): void {
  app.addHook('onRequest', async (request) => checkPage(request, isAllowed));
}

function checkPage(request: FastifyRequest, isAllowed: IsAllowedOrigin): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (READS.has(request.method)) return;
  const isOurs =
    origin === undefined ? site === undefined || site === 'same-origin' || site === 'none' : isAllowed(origin, request);
  if (!isOurs) throw new KukuError('This origin may not do that.', { code: 'origin_not_allowed', status: 403 });
}

/**
 * A page elsewhere can have its own name lead to this machine (DNS rebinding), and is then of the server's own origin,
 * as far as a browser can tell. The name is what gives it away.
 */
export function requireLocalName(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ hostname }) => {
    if (/^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname)) return;
    throw new KukuError(
      'This server is for its own machine, which is called localhost. If it is reached by another name, set PUBLIC_URL.',
      { code: 'unknown_host', status: 421 },
    );
  });
}

export interface OperatorOptions {
  callers: Pick<Callers, 'of'>;
  /** For a program that collects metrics. */
  metricsToken: string | undefined;
  /** Whether one on this machine who is no proxy may: not where a proxy could be taken for that. */
  trustsLoopback: boolean;
}

export type IsOperator = (request: FastifyRequest) => Promise<boolean>;

export function createIsOperator({ callers, metricsToken, trustsLoopback }: OperatorOptions): IsOperator {
  return async (request) => {
    if (trustsLoopback && isFromHere(request)) return true;
    try {
      const token = bearerOf(request);
      if (token !== undefined && metricsToken !== undefined && isSame(token, metricsToken)) return true;
      return (await callers.of(request)).role === 'operator';
    } catch (error) {
      if (error instanceof KukuError && error.status === 401) return false;
      throw error;
    }
  };
}

/** What proxies add to what they pass on. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

function isFromHere({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const isLoopback = address === '::1' || (isIPv4(address) && address.startsWith('127.'));
  return isLoopback && FORWARDED.every((name) => headers[name] === undefined);
}

/** In the same time, however much of it is right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
