/** The sessions that this instance owns: who is in which, their leases, and one way in at a time. */
import { type Hello, PROTOCOL } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import { sleep } from '../ports/clock.ts';
import type { Connection, SessionServices } from './services.ts';
import { Session } from './session.ts';

/** A third of a lease: two renewals may fail before another instance takes the session for orphaned. */
const RENEW_MS = 1000;

/** Within ten seconds of the wish to end, all have gone. */
const DRAIN_SPREAD_MS = 4000;
const DRAIN_SENTENCE_MS = 5000;

/** The far end of a session that is used over REST alone: nobody listens. */
const NOBODY: Connection = { send() {}, sendFrame() {}, close() {} };
const REST_HELLO: Hello = { type: 'hello', protocol: PROTOCOL, client: { name: 'rest', version: '1' }, audio: {} };

interface Entry {
  session: Session;
  connection: Connection;
  epoch: number;
}

export interface LiveSessions {
  /** The session while a client is in it here. */
  get(sessionId: string): Session | undefined;
  readonly count: number;
  /** Takes the session over for a client; whoever had it is closed. Resolves when the client is welcome. */
  enter(sessionId: string, hello: Hello, connection: Connection): Promise<Session>;
  leave(session: Session): Promise<void>;
  /** Uses the session as it is live here, or takes it for the while of the call. */
  using<T>(sessionId: string, use: (session: Session) => Promise<T>): Promise<T>;
  /** Nobody is let in any more, and those who are in are sent elsewhere, each at the end of a sentence. */
  drain(): Promise<void>;
  /** Lets go of all, storing what they have. */
  close(): Promise<void>;
}

export function createLiveSessions({
  services,
  instanceId,
}: {
  services: SessionServices;
  instanceId: string;
}): LiveSessions {
  const { store, clock, log } = services;
  const live = new Map<string, Entry>();
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

  const open = async (sessionId: string, hello: Hello, connection: Connection) => {
    const stored = await store.acquire(sessionId, instanceId);
    if (!stored) throw notFound();
    // Who is in the middle of closing may hear the recap.
    if (stored.state.lifecycle.phase === 'active') await services.budget.admit(stored.userId);
    const messages = await store.messages(sessionId);
    return { session: new Session({ services, session: stored, messages, connection, hello }), epoch: stored.epoch };
  };

  const letGo = async ({ session, epoch }: Pick<Entry, 'session' | 'epoch'>) => {
    if (live.get(session.id)?.session === session) live.delete(session.id);
    await session.leave();
    // What was done stands; a lease that is not released runs out.
    await store.release(session.id, epoch).catch((error: unknown) => {
      log.warn({ err: error, sessionId: session.id }, 'a lease could not be released');
    });
  };

  const enter = async (sessionId: string, hello: Hello, connection: Connection) => {
    if (isDraining) throw restarting();
    const before = live.get(sessionId);
    if (before) {
      before.connection.close('replaced');
      await letGo(before);
    }
    const opened = await open(sessionId, hello, connection);
    live.set(sessionId, { ...opened, connection });
    try {
      // Begun meanwhile: nobody would send this client on.
      if (isDraining) throw restarting();
      await opened.session.start();
    } catch (error) {
      await letGo(opened);
      throw error;
    }
    return opened.session;
  };

  const renew = async () => {
    const held = [...live].map(([sessionId, { epoch }]) => ({ sessionId, epoch }));
    if (held.length === 0) return;
    for (const { sessionId, ownerId } of await store.renew(instanceId, held)) {
      const entry = live.get(sessionId);
      if (!entry || !held.some((lease) => lease.epoch === entry.epoch && lease.sessionId === sessionId)) continue;
      // Taken by another instance, whose client is the newer one; or, while we were away, by one that set it right.
      entry.connection.close(ownerId === undefined ? 'restarting' : 'replaced');
    }
  };
  let stopped = false;
  let isDraining = false;
  let cancel: (() => void) | undefined;
  const keepRenewing = () => {
    cancel = clock.after(RENEW_MS, () => {
      renew()
        .catch((error: unknown) => log.warn({ err: error }, 'leases could not be renewed'))
        .finally(() => {
          if (!stopped) keepRenewing();
        });
    });
  };
  keepRenewing();

  return {
    get: (sessionId) => live.get(sessionId)?.session,
    get count() {
      return live.size;
    },
    enter: (sessionId, hello, connection) => inTurn(sessionId, () => enter(sessionId, hello, connection)),
    leave: (session) =>
      inTurn(session.id, async () => {
        const entry = live.get(session.id);
        if (entry?.session === session) await letGo(entry);
        else await session.leave();
      }),
    using(sessionId, use) {
      const here = live.get(sessionId)?.session;
      if (here) return use(here);
      return inTurn(sessionId, async () => {
        const entered = live.get(sessionId)?.session;
        if (entered) return use(entered);
        const opened = await open(sessionId, REST_HELLO, NOBODY);
        try {
          await opened.session.recover();
          return await use(opened.session);
        } finally {
          await letGo(opened);
        }
      });
    },
    async drain() {
      isDraining = true;
      const sendOn = async ({ session }: Entry) => {
        // Spread out, so that the instances that stay are not stormed.
        await sleep(clock, Math.random() * DRAIN_SPREAD_MS);
        await session.drain(DRAIN_SENTENCE_MS);
      };
      await Promise.all([...live.values()].map(sendOn));
    },
    async close() {
      stopped = true;
      cancel?.();
      // In turn: who is just being let in must not be greeted after that.
      await Promise.all([...live.values()].map((entry) => inTurn(entry.session.id, () => letGo(entry))));
    },
  };
}

function restarting(): KukuError {
  const message = 'This server is restarting. Please try again.';
  return new KukuError(message, {
    code: 'restarting',
    status: 503,
    retryable: true,
    retryAfterMs: 1000,
    close: 'restarting',
  });
}

export function notFound(): KukuError {
  return new KukuError('Session not found', { code: 'session_not_found', status: 404, close: 'noSuchSession' });
}
