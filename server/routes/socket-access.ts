/** Who may come in by a session's socket: the bearer of a ticket for it, or of a token of its owner's. */
import type { FastifyRequest } from 'fastify';
import type { CloseName } from '../../protocol/close-codes.ts';
import { TICKET_PREFIX } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import type { Hub } from '../session/hub.ts';
import { bearerOf, type Callers } from './callers.ts';
import { type ById, sessionIdOf } from './rest.ts';

export interface SocketAccess {
  admit(request: FastifyRequest<ById>, protocols: readonly string[]): Promise<Admission>;
  /** Calls back once when the sign-in does not stand any more, within a minute. The result ends the watch. */
  watch(signInId: string | null, onRevoked: () => void): () => void;
}

export interface Admitted {
  sessionId: string;
  /** The session's owner. */
  userId: string | null;
  signInId: string | null;
}

export type Admission = Admitted | { refusal: CloseName };

export interface SocketAccessOptions {
  hub: Hub;
  callers: Pick<Callers, 'mustOwn'>;
  /** Absent: nobody can sign in. */
  verifier: TokenVerifier | undefined;
  clock: Clock;
}

const LOOK_MS = 30_000;

export function createSocketAccess({ hub, callers, verifier, clock }: SocketAccessOptions): SocketAccess {
  const stands = async (signInId: string | null) =>
    signInId === null || ((await verifier?.isActive(signInId)) ?? false);

  const byTicket = async (request: FastifyRequest<ById>, ticket: string): Promise<Admission> => {
    const grant = await hub.redeemTicket(ticket, request.headers.origin ?? null);
    if (!grant) return { refusal: 'badTicket' };
    const { sessionId, signInId } = grant;
    if (sessionId !== request.params.id) return { refusal: 'notYours' };
    const { userId } = await hub.read(sessionId);
    return userId === grant.userId && (await stands(signInId))
      ? { sessionId, userId, signInId }
      : { refusal: 'badTicket' };
  };

  /** Programs can send headers, and need no ticket. */
  const byToken = async (request: FastifyRequest<ById>): Promise<Admission> => {
    const { id: sessionId, userId } = await hub.read(sessionIdOf(request));
    const { signInId = null } = await callers.mustOwn(request, userId);
    return { sessionId, userId, signInId };
  };

  return {
    async admit(request, protocols) {
      const ticket = protocols.find((name) => name.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
      try {
        if (ticket) return await byTicket(request, ticket);
        return bearerOf(request) === undefined ? { refusal: 'badTicket' } : await byToken(request);
      } catch (error) {
        if (error instanceof KukuError && error.status === 401) return { refusal: 'badTicket' };
        if (error instanceof KukuError && error.status === 404) return { refusal: 'noSuchSession' };
        throw error;
      }
    },
    watch(signInId, onRevoked) {
      if (signInId === null) return () => {};
      let cancel: () => void;
      let isOver = false;
      const look = async () => {
        // While nobody can tell, whoever is in stays.
        const isGood = await stands(signInId).catch(() => true);
        if (isOver) return;
        if (isGood) cancel = clock.after(LOOK_MS, () => void look());
        else onRevoked();
      };
      cancel = clock.after(LOOK_MS, () => void look());
      return () => {
        isOver = true;
        cancel();
      };
    },
  };
}
