/** Single-use tickets that let a client into a session's socket. Only their hashes are stored. */
import { createHash, randomBytes } from 'node:crypto';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { SessionStore, Ticket } from '../ports/session-store.ts';

export interface TicketGrant {
  ticket: string;
  /** For `new WebSocket(url, protocols)`. */
  protocols: string[];
  expiresAt: string;
}

export interface Tickets {
  grant(ticket: Ticket): Promise<TicketGrant>;
  /** Uses the ticket up. Undefined when it is unknown, used, expired, or another Origin's. */
  redeem(ticket: string, origin: string | null): Promise<Ticket | undefined>;
}

export interface TicketsOptions {
  store: Pick<SessionStore<unknown>, 'putTicket' | 'takeTicket'>;
  clock: Clock;
  ttlMs: number;
}

export function createTickets({ store, clock, ttlMs }: TicketsOptions): Tickets {
  return {
    async grant(grant) {
      const ticket = randomBytes(24).toString('base64url');
      await store.putTicket(hashOf(ticket), grant, ttlMs);
      const expiresAt = new Date(clock.now() + ttlMs).toISOString();
      return { ticket, protocols: [PROTOCOL, TICKET_PREFIX + ticket], expiresAt };
    },
    async redeem(ticket, origin) {
      const grant = await store.takeTicket(hashOf(ticket));
      if (!grant) return undefined;
      return grant.origin === null || grant.origin === origin ? grant : undefined;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
