/**
 * How often one address and one user may ask. An address may stand for many people (an office, a school), so it has
 * several times what a user has; it is asked first, before anything of the request is read.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isIPv6 } from 'node:net';
import { KukuError } from '../errors.ts';
import type { RateLimits, RateRule } from '../ports/rate-limits.ts';

/** `requests` counts every one; a route is counted under the name in its `config.limit` besides. */
export type RateName = 'requests' | 'sessions' | 'messages' | 'handshakes' | 'signIns';

export interface RateSettings {
  /** For one user. */
  rules: Readonly<Record<RateName, { points: number; windowMs: number }>>;
  /** An address has this many times as much. */
  addressFactor: number;
}

export interface RateGate {
  /** Counts a request of this address. Undefined, or the ms to wait. */
  address(name: RateName, ip: string | undefined): Promise<number | undefined>;
  /** The same for somebody whose identity is known to be theirs: a made-up one would have a limit of its own. */
  user(name: RateName, userId: string): Promise<number | undefined>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route counts as, besides a request; `none`: it is not counted at all. */
    limit?: RateName | 'none';
  }
}

export function createRateGate(limits: RateLimits, { rules, addressFactor }: RateSettings): RateGate {
  const rule = (name: RateName, of: string, factor = 1): RateRule => {
    const { points, windowMs } = rules[name];
    return { name: `${name}:${of}`, points: points * factor, windowMs };
  };
  return {
    address: (name, ip) => limits.take(rule(name, 'address', addressFactor), networkOf(ip)),
    user: (name, userId) => limits.take(rule(name, 'user'), userId),
  };
}

/** Refuses with 429 what comes too often from one address. The socket's route counts by itself: it closes with 4029. */
export function limitRates(app: FastifyInstance, gate: RateGate): void {
  app.addHook('onRequest', (request: FastifyRequest) => limit(request, (name) => gate.address(name, request.ip)));
}

/** The same for the user who asks. Nobody has no limit but that of their address. */
export async function limitUser(gate: RateGate, request: FastifyRequest, userId: string | undefined): Promise<void> {
  if (userId !== undefined) await limit(request, (name) => gate.user(name, userId));
}

type Count = (name: RateName) => Promise<number | undefined>;

async function limit({ routeOptions }: FastifyRequest, count: Count): Promise<void> {
  const { limit: name } = routeOptions.config;
  if (name === 'none') return;
  const counted: RateName[] = name === undefined || name === 'requests' ? ['requests'] : ['requests', name];
  const waits = await Promise.all(counted.map(count));
  const waitMs = Math.max(...waits.map((wait) => wait ?? 0));
  if (waitMs > 0) throw tooManyRequests(waitMs);
}

function tooManyRequests(waitMs: number): KukuError {
  const sentence = 'There were too many requests. Please wait a little and try again.';
  return new KukuError(sentence, { code: 'too_many_requests', status: 429, retryable: true, retryAfterMs: waitMs });
}

/** Who has one IPv6 address has at least the 2^64 of its network. A connection that is gone by now has no address. */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined) return 'gone';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = (ip.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - after.length }, () => '0');
  const network = [...groups, ...zeros, ...after].slice(0, 4);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
