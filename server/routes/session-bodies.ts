/** Sessions as REST shows them. */
import type { EndedBody, ListedSessionBody, SessionBody, Success } from '../../protocol/rest.ts';
import type { ListedSession } from '../ports/archive.ts';
import type { EndedSession } from '../session/hub.ts';
import type { KnownSession } from './known-session.ts';

export function endedBody(ended: Omit<EndedSession, 'recap'>): EndedBody {
  const { sessionId, summary, durationMs, messageCount } = ended;
  return { sessionId, summary, duration: Math.round(durationMs / 1000), messageCount };
}

export function success<T>(data: T): Success<T> {
  return { success: true, data };
}

export function sessionBody(session: KnownSession): SessionBody {
  const { id, phase, stage, elapsedMs, remainingMs, messageCount, continuesId, ephemeral, offRecord, usage } = session;
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
    usage,
    ...(continuesId !== undefined && { continues: continuesId }),
    ...(ephemeral && { ephemeral }),
    ...(offRecord && { offRecord }),
  };
}

export function listedBody(session: ListedSession): ListedSessionBody {
  const { id, title, status, endReason, messageCount, stage, elapsedMs, match, continuesId, ephemeral } = session;
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
    ...(ephemeral && { ephemeral }),
    ...(continuesId !== undefined && { continues: continuesId }),
  };
}
