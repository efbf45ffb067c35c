/** All sessions, as the rest of the server sees them, wherever they are live; and their deadlines. */
import { randomBytes } from 'node:crypto';
import type { Hello, Message, Recap } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { InstanceBus } from '../ports/instance-bus.ts';
import type { DueSession, StoredSession, Ticket } from '../ports/session-store.ts';
import type { Usage } from '../ports/usage.ts';
import { chargeSession } from './charges.ts';
import { createLedger } from './ledger.ts';
import { elapsedMs } from './lifecycle-clock.ts';
import { nextDeadline } from './lifecycle.ts';
import { createLiveSessions, notFound } from './live-sessions.ts';
import type { Connection, SessionServices } from './services.ts';
import type { Session } from './session.ts';
import { newSessionState, type SessionState, type SessionWishes } from './state.ts';
import { createSteering } from './steering.ts';
import { createTickets, type TicketGrant } from './tickets.ts';
import { runTimers } from './timers.ts';

export interface HubOptions {
  services: SessionServices;
  instanceId: string;
  bus: InstanceBus;
  ticketMs: number;
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
  /** `userId` null: nobody's. Throws `budget_spent` when the user has nothing left for today. */
  create(userId: string | null, wishes?: SessionWishes): Promise<StoredSession<SessionState>>;
  /** Throws a `KukuError` `session_not_found`. */
  read(sessionId: string): Promise<StoredSession<SessionState>>;
  /** What was said so far, as far as it may be shown. */
  messages(sessionId: string): Promise<readonly Message[]>;
  grantTicket(ticket: Ticket): Promise<TicketGrant>;
  /** Uses the ticket up. Undefined when it is unknown, used, expired, or another Origin's. */
  redeemTicket(ticket: string, origin: string | null): Promise<Ticket | undefined>;
  /**
   * One turn of the person's over REST, typed or transcribed, and the coach's answer to it; the same engine and the same
   * rules as over the socket, and beside a socket that is open, here or at another instance. Resolves when the answer
   * is complete. The same `commandId` again answers what it answered before. Throws `session_not_found`,
   * `session_not_active`, `owner_away` (retryable).
   */
  exchange(sessionId: string, input: { text: string; commandId: string }): Promise<Exchange>;
  /** Ends the session now, with a recap that is stored but not spoken. Ending twice answers the same. */
  end(sessionId: string): Promise<EndedSession>;
  /** Forgets a session that was ended: nobody can go on with it or look at it. */
  remove(sessionId: string): Promise<void>;
  /** Counts what was used for a session besides its turns: a recording, a spoken reply. Never rejects. */
  charge(sessionId: string, usage: Usage): Promise<void>;
  /** Takes the session over for this client; whoever had it is closed. Resolves when the client is welcome. */
  enter(sessionId: string, hello: Hello, connection: Connection): Promise<Session>;
  leave(session: Session): Promise<void>;
  /** Takes care of sessions that an earlier process left: their clients are gone, what was being said is a message. */
  recover(sessionIds: readonly string[]): Promise<void>;
  readonly liveSessions: number;
  /** Before the end: nobody is let in, and clients are sent elsewhere. Resolves when they were told to go. */
  drain(): Promise<void>;
  readonly isDraining: boolean;
  /** Lets go of all sessions, storing what they have. */
  close(): Promise<void>;
}

/** What an instance asks of the one that owns a session. */
type Handover =
  | { type: 'exchange'; sessionId: string; text: string; commandId: string }
  | { type: 'end'; sessionId: string };

/** An answer takes a model's and a voice's time, and is played where somebody listens. */
const HANDOVER_TIMEOUT_MS = 60_000;

export function createHub({ services, instanceId, bus, ticketMs }: HubOptions): Hub {
  const { store, clock, log } = services;
  const settings = services.settings.lifecycle;
  const live = createLiveSessions({ services, instanceId });
  const tickets = createTickets({ store, clock, ttlMs: ticketMs });
  const closing = new AbortController();
  let isDraining = false;

  /** Here, when the session is live here or nowhere; else where it is. */
  const whereItLives = async <T>(request: Handover, here: () => Promise<T>): Promise<T> => {
    const owner = live.get(request.sessionId) ? instanceId : await store.ownerOf(request.sessionId);
    if (owner === undefined || owner === instanceId) return here();
    const { signal } = closing;
    return (await bus.ask(owner, request, { signal, timeoutMs: HANDOVER_TIMEOUT_MS })) as T;
  };

  const exchangeHere = (sessionId: string, { text, commandId }: { text: string; commandId: string }) =>
    live.using(sessionId, async (session): Promise<Exchange> => {
      const { user, ai } = await session.exchange(commandId, text);
      const { phase } = session.state.lifecycle;
      const ended = phase === 'ended' ? endedSession(session.id, session.state) : undefined;
      return { user, ai, awaitingWrapUpConfirmation: phase === 'confirming', ended };
    });

  const endHere = (sessionId: string) =>
    live.using(sessionId, async (session) => {
      await session.end();
      return endedSession(session.id, session.state);
    });

  const stopServing = bus.serve(instanceId, async (asked) => {
    const request = asked as Handover;
    // It may have moved on meanwhile; then the asker finds its new owner.
    if (!live.get(request.sessionId)) throw movedOn();
    return request.type === 'end' ? endHere(request.sessionId) : exchangeHere(request.sessionId, request);
  });

  /** A deadline of a session that nobody is talking in: only what is stored changes. */
  const settleDeadline = async (sessionId: string) => {
    const stored = await store.read(sessionId);
    const timer = stored && nextDeadline(stored.state.lifecycle);
    if (!timer || timer.dueAt > clock.now()) return;
    const ledger = createLedger({ store, session: { ...stored, epoch: null }, messages: [], clock, show() {} });
    await createSteering({ ledger, settings, clock }).change([{ type: 'timer', ...timer }]);
  };

  const recover = (sessionId: string) => live.using(sessionId, () => Promise.resolve());

  const onDue = async ({ sessionId, orphaned }: DueSession) => {
    if (orphaned) return recover(sessionId);
    const here = live.get(sessionId);
    if (!here) return settleDeadline(sessionId);
    const timer = nextDeadline(here.state.lifecycle);
    if (timer && timer.dueAt <= clock.now()) here.timer(timer);
  };
  const stopTimers = runTimers({ store, instanceId, clock, log, onDue });

  return {
    async create(userId, wishes) {
      await services.budget.admit(userId);
      const now = clock.now();
      const id = randomBytes(16).toString('base64url');
      const state = newSessionState(now, settings, wishes);
      const dueAt = nextDeadline(state.lifecycle)?.dueAt ?? null;
      await store.create({ id, userId, createdAt: now, state, dueAt });
      return { id, userId, createdAt: now, updatedAt: now, version: 0, epoch: 0, seq: 0, state };
    },
    async read(sessionId) {
      const session = await store.read(sessionId);
      if (!session) throw notFound();
      return session;
    },
    async messages(sessionId) {
      const messages = await store.safeMessages(sessionId);
      if (!messages.some(({ offRecord }) => offRecord)) return messages;
      // Off the record is what is said to who is in the session; a private session has nothing but that.
      const session = await store.read(sessionId);
      return session?.state.ephemeral ? messages : messages.filter(({ offRecord }) => !offRecord);
    },
    grantTicket(ticket) {
      // Its holder comes at once, and is greeted.
      services.engine.warm?.();
      services.tts?.warm?.();
      return tickets.grant(ticket);
    },
    redeemTicket: tickets.redeem,
    exchange: (sessionId, input) =>
      whereItLives({ type: 'exchange', sessionId, ...input }, () => exchangeHere(sessionId, input)),
    end: (sessionId) => whereItLives({ type: 'end', sessionId }, () => endHere(sessionId)),
    charge: (sessionId, usage) => chargeSession(services, sessionId, usage),
    remove: (sessionId) => store.remove(sessionId),
    enter: live.enter,
    leave: live.leave,
    async recover(sessionIds) {
      for (const sessionId of sessionIds) await recover(sessionId);
    },
    get liveSessions() {
      return live.count;
    },
    drain() {
      isDraining = true;
      return live.drain();
    },
    get isDraining() {
      return isDraining;
    },
    async close() {
      closing.abort();
      await stopTimers();
      await stopServing();
      await live.close();
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

function movedOn(): KukuError {
  const message = 'The session has just moved to another server. Please try again.';
  return new KukuError(message, { code: 'owner_away', status: 503, retryable: true, retryAfterMs: 1000 });
}
