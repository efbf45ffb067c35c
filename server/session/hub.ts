/** The sessions of this instance: creates, finds, hands out tickets, lets clients in, and minds their deadlines. */
import { createHash, randomBytes } from 'node:crypto';
import { type Hello, type Message, PROTOCOL, type Recap, TICKET_PREFIX } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { StoredSession, Ticket } from '../ports/session-store.ts';
import { createLedger } from './ledger.ts';
import { elapsedMs } from './lifecycle-clock.ts';
import { nextDeadline } from './lifecycle.ts';
import type { Connection, SessionServices } from './services.ts';
import { Session } from './session.ts';
import { newSessionState, type SessionState } from './state.ts';
import { createSteering } from './steering.ts';
import { runTimers } from './timers.ts';

export interface HubOptions {
  services: SessionServices;
  instanceId: string;
  ticketMs: number;
}

export interface TicketGrant {
  ticket: string;
  protocols: string[];
  expiresAt: string;
}

/** What one message over REST brought about. */
export interface Exchange {
  user: Message;
  /** The coach's answer; when the session closes with it, the recap as it is spoken. */
  ai: Message;
  awaitingWrapUpConfirmation: boolean;
  /** Set when the session is over with this exchange. */
  ended: EndedSession | undefined;
}

export interface EndedSession {
  sessionId: string;
  summary: string;
  recap: Recap;
  durationMs: number;
  messageCount: number;
}

export interface Hub {
  /** `userId` null: nobody's. */
  create(userId: string | null): Promise<StoredSession<SessionState>>;
  /** Throws a `KukuError` `session_not_found`. */
  read(sessionId: string): Promise<StoredSession<SessionState>>;
  grantTicket(ticket: Ticket): Promise<TicketGrant>;
  /** Uses the ticket up. Undefined when it is unknown, used, expired, or another Origin's. */
  redeemTicket(ticket: string, origin: string | null): Promise<Ticket | undefined>;
  /**
   * One turn of the person's over REST, typed or transcribed, and the coach's answer to it; the same engine and the same
   * rules as over the socket, and beside a socket that is open. Resolves when the answer is complete. The same
   * `commandId` again answers what it answered before. Throws `session_not_found`, `session_not_active`.
   */
  exchange(sessionId: string, input: { text: string; commandId: string }): Promise<Exchange>;
  /** Ends the session now, with a recap that is stored but not spoken. Ending twice answers the same. */
  end(sessionId: string): Promise<EndedSession>;
  /** Takes the session over for this client; whoever had it is closed. Resolves when the client is welcome. */
  enter(sessionId: string, hello: Hello, connection: Connection): Promise<Session>;
  leave(session: Session): Promise<void>;
  readonly liveSessions: number;
  /** Lets go of all sessions, storing what they have. */
  close(): Promise<void>;
}

/** The far end of a session that is used over REST alone: nobody listens. */
const NOBODY: Connection = { send() {}, sendFrame() {}, close() {} };
const REST_HELLO: Hello = { type: 'hello', protocol: PROTOCOL, client: { name: 'rest', version: '1' }, audio: {} };

export function createHub({ services, instanceId, ticketMs }: HubOptions): Hub {
  const { store, clock, log } = services;
  const settings = services.settings.lifecycle;
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

  const acquire = async (sessionId: string, hello: Hello, connection: Connection) => {
    const stored = await store.acquire(sessionId, instanceId);
    if (!stored) throw notFound();
    const messages = await store.messages(sessionId);
    return new Session({ services, session: stored, messages, connection, hello });
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
    const session = await acquire(sessionId, hello, connection);
    live.set(sessionId, { session, connection });
    try {
      await session.start();
    } catch (error) {
      await leaveNow(session);
      throw error;
    }
    return session;
  };

  /** Uses the session as it is live here, or for the while of the call. */
  const using = <T>(sessionId: string, use: (session: Session) => Promise<T>): Promise<T> => {
    const here = live.get(sessionId)?.session;
    if (here) return use(here);
    return inTurn(sessionId, async () => {
      const entered = live.get(sessionId)?.session;
      if (entered) return use(entered);
      const session = await acquire(sessionId, REST_HELLO, NOBODY);
      try {
        await session.recover();
        return await use(session);
      } finally {
        await session.leave();
      }
    });
  };

  /** A deadline of a session that nobody is talking in here: only what is stored changes. */
  const settleDeadline = async (sessionId: string) => {
    const stored = await store.read(sessionId);
    const timer = stored && nextDeadline(stored.state.lifecycle);
    if (!timer || timer.dueAt > clock.now()) return;
    const ledger = createLedger({ store, session: { ...stored, epoch: null }, messages: [], show() {} });
    await createSteering({ ledger, settings, clock }).change([{ type: 'timer', ...timer }]);
  };

  const stopTimers = runTimers({
    store,
    clock,
    log,
    async onDue(sessionId) {
      const here = live.get(sessionId)?.session;
      if (!here) return settleDeadline(sessionId);
      const timer = nextDeadline(here.state.lifecycle);
      if (timer && timer.dueAt <= clock.now()) here.timer(timer);
    },
  });

  return {
    async create(userId) {
      const now = clock.now();
      const id = randomBytes(16).toString('base64url');
      const state = newSessionState(now, settings);
      const dueAt = nextDeadline(state.lifecycle)?.dueAt ?? null;
      await store.create({ id, userId, createdAt: now, state, dueAt });
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
    exchange: (sessionId, { text, commandId }) =>
      using(sessionId, async (session) => {
        const { user, ai } = await session.exchange(commandId, text);
        const { phase } = session.state.lifecycle;
        const ended = phase === 'ended' ? endedSession(session.id, session.state) : undefined;
        return { user, ai, awaitingWrapUpConfirmation: phase === 'confirming', ended };
      }),
    end: (sessionId) =>
      using(sessionId, async (session) => {
        await session.end();
        return endedSession(session.id, session.state);
      }),
    enter: (sessionId, hello, connection) => inTurn(sessionId, () => enterNow(sessionId, hello, connection)),
    leave: (session) => inTurn(session.id, () => leaveNow(session)),
    get liveSessions() {
      return live.size;
    },
    async close() {
      await stopTimers();
      await Promise.all([...live.values()].map(({ session }) => leaveNow(session)));
    },
  };
}

function endedSession(sessionId: string, { lifecycle, recap }: SessionState): EndedSession {
  const emptyRecap: Recap = { topic: '', goal: '', insights: [], commitments: [], summary: '' };
  return {
    sessionId,
    summary: recap?.summary ?? '',
    recap: recap ?? emptyRecap,
    durationMs: elapsedMs(lifecycle.clock, lifecycle.lastAtMs),
    messageCount: lifecycle.messages,
  };
}

function notFound(): KukuError {
  return new KukuError('Session not found', { code: 'session_not_found', status: 404, close: 'noSuchSession' });
}

function hashTicket(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
