/** A session as the routes see it: live, or ended and in the archive alone. */
import type { SessionView } from '../../protocol/messages.ts';
import type { Archive, SessionRecord } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hub } from '../session/hub.ts';
import { sessionView } from '../session/state.ts';
import { sessionNotFound } from './rest.ts';

export interface KnownSession extends Pick<
  SessionView,
  'phase' | 'stage' | 'elapsedMs' | 'remainingMs' | 'messageCount'
> {
  id: string;
  /** ms since 1970. */
  createdAt: number;
  updatedAt: number;
}

/** Throws `session_not_found`, also for a session that was deleted and may still be at hand somewhere. */
export type FindSession = (sessionId: string) => Promise<KnownSession>;

export function createFindSession({ hub, archive, clock }: { hub: Hub; archive: Archive; clock: Clock }): FindSession {
  return async (sessionId) => {
    // A session is in the archive before anybody hears of it; what is not there was deleted or never was.
    const record = await archive.session(sessionId);
    if (!record) throw sessionNotFound();
    if (record.status === 'ended') return fromRecord(record);
    const { id, createdAt, updatedAt, state } = await hub.read(sessionId);
    return { id, createdAt, updatedAt, ...sessionView(state, clock.now()) };
  };
}

function fromRecord({ id, startedAt, updatedAt, stage, elapsedMs, messageCount }: SessionRecord): KnownSession {
  return { id, createdAt: startedAt, updatedAt, phase: 'ended', stage, elapsedMs, remainingMs: 0, messageCount };
}
