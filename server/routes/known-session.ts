/** A session as the routes see it: live, or ended and in the archive alone. */
import type { FastifyRequest } from 'fastify';
import type { SessionView } from '../../protocol/messages.ts';
import type { UsageTotals } from '../../protocol/usage.ts';
import type { Archive, SessionRecord } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hub } from '../session/hub.ts';
import { sessionView } from '../session/state.ts';
import type { Callers } from './callers.ts';
import { limitUser, type RateGate } from './rate-limits.ts';
import { type ById, sessionIdOf, sessionNotFound } from './rest.ts';

export interface KnownSession extends Pick<
  SessionView,
  'phase' | 'stage' | 'elapsedMs' | 'remainingMs' | 'messageCount' | 'ephemeral' | 'offRecord'
> {
  id: string;
  /** ms since 1970. */
  createdAt: number;
  updatedAt: number;
  /** The session before, whose commitments it asks about. */
  continuesId?: string;
  usage: UsageTotals;
}

/**
 * The session that the request names. Throws `session_not_found` when there is none, when it was deleted and may still be
 * at hand somewhere, and when it is another's; what `Callers.of` throws, and
 * `too_many_requests` (429).
 */
export type FindSession = (request: FastifyRequest<ById>) => Promise<KnownSession>;

export interface FindSessionOptions {
  hub: Hub;
  archive: Archive;
  clock: Clock;
  callers: Callers;
  gate: RateGate;
}

export function createFindSession({ hub, archive, clock, callers, gate }: FindSessionOptions): FindSession {
  return async (request) => {
    // Before anything is looked up: who may not ask at all learns nothing of what there is.
    await limitUser(gate, request, (await callers.of(request)).userId);
    const sessionId = sessionIdOf(request);
    // A session is in the archive before anybody hears of it; what is not there was deleted or never was.
    const record = await archive.session(sessionId);
    if (!record) throw sessionNotFound();
    await callers.mustOwn(request, record.userId);
    if (record.status === 'ended') return fromRecord(record);
    const { id, createdAt, updatedAt, state } = await hub.read(sessionId);
    const { usage = {} } = state;
    return { id, createdAt, updatedAt, usage, ...continued(record), ...sessionView(state, clock.now()) };
  };
}

function fromRecord(record: SessionRecord): KnownSession {
  const { id, startedAt: createdAt, updatedAt, stage, elapsedMs, messageCount, usage } = record;
  const over = { phase: 'ended', remainingMs: 0 } as const;
  return { id, createdAt, updatedAt, ...over, usage, stage, elapsedMs, messageCount, ...continued(record) };
}

function continued({ continuesId, ephemeral }: SessionRecord): Pick<KnownSession, 'continuesId' | 'ephemeral'> {
  return {
    ...(continuesId !== undefined && { continuesId }),
    ...(ephemeral && { ephemeral }),
  };
}
