/** `/api/sessions`: create, list, look at, end, delete; tickets for the socket. */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import {
  CreatedSessionBody,
  DEFAULT_PAGE_SIZE,
  DeletedBody,
  EndedBody,
  type ListedSessionBody,
  SessionBody,
  SessionListBody,
  SessionListQuery,
  type SocketAccess,
  type Success,
  TicketBody,
} from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Archive, ListedSession } from '../ports/archive.ts';
import type { AudioStore } from '../ports/audio-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndedSession, Hub } from '../session/hub.ts';
import { sessionView } from '../session/state.ts';
import type { Callers } from './callers.ts';
import type { FindSession, KnownSession } from './known-session.ts';
import { baseUrl, type ById, checked, sessionIdOf } from './rest.ts';
import { type RouteDoc, UNKNOWN_SESSION } from './route-doc.ts';

export interface SessionRoutesOptions {
  hub: Hub;
  archive: Archive;
  findSession: FindSession;
  audio: AudioStore;
  callers: Callers;
  clock: Clock;
  /** Base of links in answers; without it, the request's own. */
  publicUrl: string | undefined;
}

export function sessionRoutes(options: SessionRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    acceptAnyBody(app);
    addCreation(app, options);
    addReading(app, options);
    addEnding(app, options);
  };
}

function addCreation(app: FastifyInstance, { hub, clock, publicUrl, callers }: SessionRoutesOptions): void {
  const socketAccess = async (
    sessionId: string,
    userId: string | null,
    request: FastifyRequest,
  ): Promise<SocketAccess> => {
    const origin = request.headers.origin ?? null;
    const url = socketUrl(request, publicUrl, sessionId);
    const { signInId = null } = await callers.of(request);
    return { url, ...(await hub.grantTicket({ sessionId, userId, origin, signInId })) };
  };
  app.post('/api/sessions', { config: { doc: DOCS.create } }, async (request, reply) => {
    const session = await hub.create((await callers.welcome(request, reply)) ?? null);
    const view = sessionView(session.state, clock.now());
    return success<CreatedSessionBody>({
      ...sessionBody({ ...session, ...view }),
      socket: await socketAccess(session.id, session.userId, request),
    });
  });
  app.post<ById>('/api/sessions/:id/ticket', { config: { doc: DOCS.ticket } }, async (request) => {
    await callers.of(request);
    // From the store of live sessions alone: who comes back must get in while the archive is away.
    const { id, userId } = await hub.read(sessionIdOf(request));
    await callers.mustOwn(request, userId);
    return success<TicketBody>({ socket: await socketAccess(id, userId, request) });
  });
}

function addReading(app: FastifyInstance, { findSession, archive, callers }: SessionRoutesOptions): void {
  app.get('/api/sessions', { config: { doc: DOCS.list } }, async (request) => {
    const { limit = DEFAULT_PAGE_SIZE, cursor, q } = checked(SessionListQuery, request.query);
    const userId = await callers.userOf(request);
    if (userId === undefined) return success<SessionListBody>({ sessions: [] });
    const page = await archive.listSessions({
      userId,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(q === undefined ? {} : { query: q }),
    });
    const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
    return success<SessionListBody>({ sessions: page.sessions.map(listedBody), ...next });
  });
  app.get<ById>('/api/sessions/:id', { config: { doc: DOCS.read } }, async (request) => {
    return success<SessionBody>(sessionBody(await findSession(request)));
  });
}

function addEnding(app: FastifyInstance, { hub, findSession, archive, audio, clock }: SessionRoutesOptions): void {
  app.post<ById>('/api/sessions/:id/end', { config: { doc: DOCS.end } }, async (request) => {
    const { id, phase, elapsedMs, messageCount } = await findSession(request);
    if (phase !== 'ended') return success(endedBody(await hub.end(id)));
    const summary = (await archive.recap(id))?.summary ?? '';
    return success(endedBody({ sessionId: id, summary, durationMs: elapsedMs, messageCount }));
  });
  app.delete<ById>('/api/sessions/:id', { config: { doc: DOCS.delete } }, async (request) => {
    const { id, phase } = await findSession(request);
    // Ended first: a session that is still talked in would go on writing.
    if (phase !== 'ended') await hub.end(id);
    // From the archive first: it can't be taken up from there again.
    await archive.deleteSession(id, clock.now());
    await hub.remove(id);
    await audio.deleteSession(id);
    return success<DeletedBody>({ sessionId: id });
  });
}

function endedBody(ended: Omit<EndedSession, 'recap'>): EndedBody {
  const { sessionId, summary, durationMs, messageCount } = ended;
  return { sessionId, summary, duration: Math.round(durationMs / 1000), messageCount };
}

/** Nothing in a body matters here, and clients send all sorts of empty ones. */
function acceptAnyBody(app: FastifyInstance): void {
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
}

function success<T>(data: T): Success<T> {
  return { success: true, data };
}

function sessionBody(session: KnownSession): SessionBody {
  const { id, phase, stage, elapsedMs, remainingMs, messageCount } = session;
  return {
    sessionId: id,
    createdAt: new Date(session.createdAt).toISOString(),
    updatedAt: new Date(session.updatedAt).toISOString(),
    status: phase === 'ended' ? 'ended' : 'active',
    messageCount,
    awaitingWrapUpConfirmation: phase === 'confirming',
    stage,
    elapsedMs,
    remainingMs,
  };
}

function listedBody(session: ListedSession): ListedSessionBody {
  const { id, title, status, endReason, messageCount, stage, elapsedMs, match } = session;
  return {
    sessionId: id,
    title,
    createdAt: new Date(session.startedAt).toISOString(),
    updatedAt: new Date(session.updatedAt).toISOString(),
    endedAt: session.endedAt === null ? null : new Date(session.endedAt).toISOString(),
    status,
    endReason,
    messageCount,
    stage,
    elapsedMs,
    ...(match ? { match } : {}),
  };
}

function socketUrl(request: FastifyRequest, publicUrl: string | undefined, sessionId: string): string {
  const base = baseUrl(request, publicUrl);
  if (!base) throw new KukuError('The Host header names no host.', { code: 'bad_host', status: 400 });
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return new URL(`/api/sessions/${encodeURIComponent(sessionId)}/socket`, base).href;
}

const DOCS = {
  create: {
    summary: 'Starts a session. The answer says how to open its socket; a browser also gets a cookie for its history.',
    tag: 'sessions',
    data: CreatedSessionBody,
  },
  ticket: {
    summary: 'A fresh ticket for the socket: for a reconnect or a second device.',
    tag: 'sessions',
    data: TicketBody,
    refusals: UNKNOWN_SESSION,
  },
  list: {
    summary: "The caller's sessions, newest first, in pages; with `q`, those in which it was said.",
    tag: 'sessions',
    query: SessionListQuery,
    data: SessionListBody,
    refusals: { 400: 'The limit or the cursor is none' },
  },
  read: {
    summary: 'One session: status, time and stage.',
    tag: 'sessions',
    data: SessionBody,
    refusals: UNKNOWN_SESSION,
  },
  end: {
    summary: 'Ends the session with a recap. Ending twice answers the same.',
    tag: 'sessions',
    data: EndedBody,
    refusals: UNKNOWN_SESSION,
  },
  delete: {
    summary: 'Removes the session for good: messages, recap, rating and audio.',
    tag: 'sessions',
    data: DeletedBody,
    refusals: UNKNOWN_SESSION,
  },
} as const satisfies Record<string, RouteDoc>;
