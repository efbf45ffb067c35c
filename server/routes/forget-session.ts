/** A session goes for good, wherever there is something of it. */
import type { Archive } from '../ports/archive.ts';
import type { AudioStore } from '../ports/audio-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hub } from '../session/hub.ts';
import { sessionNotFound } from './rest.ts';

export interface ForgetOptions {
  hub: Hub;
  archive: Archive;
  audio: AudioStore;
  clock: Clock;
}

export async function forgetSession(sessionId: string, options: ForgetOptions): Promise<void> {
  const { hub, archive, audio, clock } = options;
  await endIfLive(sessionId, options);
  // From the archive first: it can't be taken up from there again.
  await archive.deleteSession(sessionId, clock.now());
  await hub.remove(sessionId);
  await audio.deleteSession(sessionId);
}

/** The user, and every session of theirs; how many those were. */
export async function forgetUser(userId: string, options: ForgetOptions): Promise<number> {
  const { hub, archive, audio, clock } = options;
  for (const id of await activeSessions(userId, archive)) await endIfLive(id, options);
  const gone = await archive.deleteUser(userId, clock.now());
  for (const sessionId of gone) {
    await hub.remove(sessionId);
    await audio.deleteSession(sessionId);
  }
  return gone.length;
}

/** A session that is still talked in would go on writing. */
async function endIfLive(sessionId: string, { hub, archive }: ForgetOptions): Promise<void> {
  if ((await archive.session(sessionId))?.status !== 'active') return;
  await hub.end(sessionId).catch((error: unknown) => {
    // It was lost, with all that it had, before the archive heard of its end.
    if (!(error instanceof Error) || !('code' in error) || error.code !== sessionNotFound().code) throw error;
  });
}

async function activeSessions(userId: string, archive: Archive): Promise<string[]> {
  const active: string[] = [];
  for await (const { id, status } of sessionsOf(userId, archive)) if (status === 'active') active.push(id);
  return active;
}

/** Newest first. */
export async function* sessionsOf(userId: string, archive: Pick<Archive, 'listSessions'>) {
  let cursor: string | undefined;
  do {
    const page = await archive.listSessions({ userId, limit: 100, ...(cursor !== undefined && { cursor }) });
    yield* page.sessions;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
