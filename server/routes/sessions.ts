import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { CreatedSessionBody, SessionBody, SocketAccess, TicketBody } from '../../protocol/rest.ts';
import type { StoredSession } from '../ports/session-store.ts';
import type { Hub } from '../session/hub.ts';
import { type SessionState, sessionView } from '../session/state.ts';
import type { Clock } from '../ports/clock.ts';

export interface SessionRoutesOptions {
  hub: Hub;
  clock: Clock;
  /** Base of links in answers; without it, the request's own. */
  publicUrl: string | undefined;
}

/** With guests, the session's unguessable id is the key to it. */
const GUEST = 'guest';

interface ById {
  Params: { id: string };
}

/** `POST /api/sessions`, `GET /api/sessions/:id`, `POST /api/sessions/:id/ticket`. */
export function sessionRoutes({ hub, clock, publicUrl }: SessionRoutesOptions): FastifyPluginAsync {
  const socketAccess = async (sessionId: string, request: FastifyRequest): Promise<SocketAccess> => {
    const origin = request.headers.origin ?? null;
    const grant = await hub.grantTicket({ sessionId, userId: GUEST, origin });
    return { url: socketUrl(request, publicUrl, sessionId), ...grant };
  };
  return async (app) => {
    app.post('/api/sessions', async (request): Promise<{ success: true; data: CreatedSessionBody }> => {
      const session = await hub.create(GUEST);
      const socket = await socketAccess(session.id, request);
      return { success: true, data: { ...body(session, clock.now()), socket } };
    });
    app.get<ById>('/api/sessions/:id', async (request): Promise<{ success: true; data: SessionBody }> => {
      return { success: true, data: body(await hub.read(request.params.id), clock.now()) };
    });
    app.post<ById>('/api/sessions/:id/ticket', async (request): Promise<{ success: true; data: TicketBody }> => {
      const { id } = await hub.read(request.params.id);
      return { success: true, data: { socket: await socketAccess(id, request) } };
    });
  };
}

function body(session: StoredSession<SessionState>, nowMs: number): SessionBody {
  const { phase, stage, elapsedMs, remainingMs, messageCount } = sessionView(session.state, nowMs);
  return {
    sessionId: session.id,
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

function socketUrl(request: FastifyRequest, publicUrl: string | undefined, sessionId: string): string {
  const base = new URL(publicUrl ?? `${request.protocol}://${request.host}`);
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return new URL(`/api/sessions/${encodeURIComponent(sessionId)}/socket`, base).href;
}
