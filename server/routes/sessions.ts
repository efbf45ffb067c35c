/** `/api/sessions`: create, list, look at, rename, end, delete; tickets for the socket. */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import {
  type CreatedSessionBody,
  DEFAULT_PAGE_SIZE,
  type DeletedBody,
  type RenamedBody,
  type SessionBody,
  SessionChanges,
  type SessionListBody,
  SessionListQuery,
  type SocketAccess,
  type TicketBody,
} from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import { sessionView } from '../session/state.ts';
import type { Callers } from './callers.ts';
import { type ConsentOptions, mustConsent } from './consent.ts';
import { type ForgetOptions, forgetSession } from './forget-session.ts';
import type { FindSession } from './known-session.ts';
import { newSessionOf, wishesOf } from './new-session.ts';
import { limitUser, type RateGate } from './rate-limits.ts';
import { baseUrl, type ById, checked, sessionIdOf } from './rest.ts';
import { endedBody, listedBody, sessionBody, success } from './session-bodies.ts';
import { DOCS } from './sessions-docs.ts';

export interface SessionRoutesOptions extends ForgetOptions, ConsentOptions {
  gate: RateGate;
  findSession: FindSession;
  callers: Callers;
  /** Base of links in answers; without it, the request's own. */
  publicUrl: string | undefined;
}

export function sessionRoutes(options: SessionRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    acceptAnyBody(app);
    addCreation(app, options);
    addReading(app, options);
    addChanges(app, options);
  };
}

function addCreation(app: FastifyInstance, options: SessionRoutesOptions): void {
  const { hub, gate, clock, publicUrl, callers } = options;
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
  app.post('/api/sessions', { config: { doc: DOCS.create, limit: 'sessions' } }, async (request, reply) => {
    const wished = newSessionOf(request);
    const userId = await callers.welcome(request, reply);
    await limitUser(gate, request, userId);
    await mustConsent(wished.consent, userId, options);
    const wishes = await wishesOf(wished, { request, userId }, options);
    const session = await hub.create(userId ?? null, wishes);
    const view = sessionView(session.state, clock.now());
    const continued = wishes.earlier ? { continuesId: wishes.earlier.sessionId } : {};
    return success<CreatedSessionBody>({
      ...sessionBody({ ...session, ...view, ...continued, usage: {} }),
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

function addChanges(app: FastifyInstance, options: SessionRoutesOptions): void {
  const { hub, findSession, archive } = options;
  app.patch<ById>('/api/sessions/:id', { config: { doc: DOCS.rename } }, async (request) => {
    const { id } = await findSession(request);
    const { title } = checked(SessionChanges, request.body);
    await archive.rename(id, title);
    return success<RenamedBody>({ sessionId: id, title: (await archive.session(id))?.title ?? null });
  });
  app.post<ById>('/api/sessions/:id/end', { config: { doc: DOCS.end } }, async (request) => {
    const { id, phase, elapsedMs, messageCount } = await findSession(request);
    if (phase !== 'ended') return success(endedBody(await hub.end(id)));
    const summary = (await archive.recap(id))?.summary ?? '';
    return success(endedBody({ sessionId: id, summary, durationMs: elapsedMs, messageCount }));
  });
  app.delete<ById>('/api/sessions/:id', { config: { doc: DOCS.delete } }, async (request) => {
    const { id } = await findSession(request);
    await forgetSession(id, options);
    return success<DeletedBody>({ sessionId: id });
  });
}

/** Nothing in a body matters here, and clients send all sorts of empty ones. */
function acceptAnyBody(app: FastifyInstance): void {
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
}

function socketUrl(request: FastifyRequest, publicUrl: string | undefined, sessionId: string): string {
  const base = baseUrl(request, publicUrl);
  if (!base) throw new KukuError('The Host header names no host.', { code: 'bad_host', status: 400 });
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return new URL(`/api/sessions/${encodeURIComponent(sessionId)}/socket`, base).href;
}
