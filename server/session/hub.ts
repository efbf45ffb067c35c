/** The live sessions of this instance: creates, finds, hands out tickets, and lets clients in. */
import { createHash, randomBytes } from 'node:crypto';
import { PROTOCOL, TICKET_PREFIX, type Hello } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { StoredSession, Ticket } from '../ports/session-store.ts';
import type { Connection, SessionServices } from './services.ts';
import { Session } from './session.ts';
import { newSessionState, type SessionState } from './state.ts';

export interface HubOptions {
  services: SessionServices;
  instanceId: string;
  budgetMs: number;
  ticketMs: number;
}

export interface TicketGrant {
  ticket: string;
  protocols: string[];
  expiresAt: string;
}

export interface Hub {
  create(userId: string): Promise<StoredSession<SessionState>>;
  /** Throws a `KukuError` `session_not_found`. */
  read(sessionId: string): Promise<StoredSession<SessionState>>;
  grantTicket(ticket: Ticket): Promise<TicketGrant>;
  /** Uses the ticket up. Undefined when it is unknown, used, expired, or another Origin's. */
  redeemTicket(ticket: string, origin: string | null): Promise<Ticket | undefined>;
  /** Takes the session over for this client; whoever had it is closed. Resolves when the client is welcome. */
  enter(sessionId: string, hello: Hello, connection: Connection): Promise<Session>;
  leave(session: Session): Promise<void>;
  readonly liveSessions: number;
  /** Lets go of all sessions, storing what they have. */
  close(): Promise<void>;
}

export function createHub({ services, instanceId, budgetMs, ticketMs }: HubOptions): Hub {
  const { store, clock } = services;
  const live = new Map<string, { session: Session; connection: Connection }>();
  // Entering and leaving one session go one after the other: two sockets that come at once must not both be first.
  const turnstile = new Map<string, Promise<unknown>>();

  const inTurn = <T>(sessionId: string, step: () => Promise<T>): Promise<T> => {
    const done = (turnstile.get(sessionId) ?? Promise.resolve()).then(step, step);
    turnstile.set(sessionId, done);
    const forget = () => {
      if (turnstile.get(sessionId) === done) turnstile.delete(sessionId);
    };
    done.then(forget, forget);
    return done;
  };

  const leaveNow = async (session: Session) => {
    if (live.get(session.id)?.session === session) live.delete(session.id);
    await session.leave();
  };

  const enterNow = async (sessionId: string, hello: Hello, connection: Connection) => {
    const before = live.get(sessionId);
    if (before) {
      before.connection.close('replaced');
      await leaveNow(before.session);
    }
    const stored = await store.acquire(sessionId, instanceId);
    if (!stored) throw notFound();
    const messages = await store.messages(sessionId);
    const session = new Session({ services, session: stored, messages, connection, hello });
    live.set(sessionId, { session, connection });
    try {
      await session.start();
    } catch (error) {
      await leaveNow(session);
      throw error;
    }
    return session;
  };

  return {
    async create(userId) {
      const now = clock.now();
      const id = randomBytes(16).toString('base64url');
      const state = newSessionState(budgetMs);
      await store.create({ id, userId, createdAt: now, state });
      return { id, userId, createdAt: now, updatedAt: now, version: 0, epoch: 0, seq: 0, state };
    },
    async read(sessionId) {
      const session = await store.read(sessionId);
      if (!session) throw notFound();
      return session;
    },
    async grantTicket(grant) {
      const ticket = randomBytes(24).toString('base64url');
      await store.putTicket(hashTicket(ticket), grant, ticketMs);
      const expiresAt = new Date(clock.now() + ticketMs).toISOString();
      return { ticket, protocols: [PROTOCOL, TICKET_PREFIX + ticket], expiresAt };
    },
    async redeemTicket(ticket, origin) {
      const grant = await store.takeTicket(hashTicket(ticket));
      if (!grant) return undefined;
      return grant.origin === null || grant.origin === origin ? grant : undefined;
    },
    enter: (sessionId, hello, connection) => inTurn(sessionId, () => enterNow(sessionId, hello, connection)),
    leave: (session) => inTurn(session.id, () => leaveNow(session)),
    get liveSessions() {
      return live.size;
    },
    async close() {
      await Promise.all([...live.values()].map(({ session }) => leaveNow(session)));
    },
  };
}

function notFound(): KukuError {
  return new KukuError('Session not found', { code: 'session_not_found', status: 404, close: 'noSuchSession' });
}

function hashTicket(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
