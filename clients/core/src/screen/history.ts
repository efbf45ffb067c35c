/** The person's sessions: found by words, looked at one by one. */
import { batch, signal } from '@preact/signals-core';
import type { Message } from '../../../../protocol/messages.ts';
import type { ListedSessionBody, RecapBody } from '../../../../protocol/rest.ts';
import { deleteSession, getMessages, getRecap, listSessions, renameSession } from '../history.ts';
import type { Api } from './recap-of.ts';

export interface LookedAt {
  session: ListedSessionBody;
  /** Undefined while they are fetched. */
  messages: readonly Message[] | undefined;
  recap: RecapBody | undefined;
}

export function createHistory({ server, rest }: Api) {
  const query = signal('');
  /** Undefined while the first page is fetched. */
  const sessions = signal<readonly ListedSessionBody[] | undefined>(undefined);
  const nextCursor = signal<string | undefined>(undefined);
  const failed = signal(false);
  const lookedAt = signal<LookedAt | undefined>(undefined);
  let asking = new AbortController();

  const page = async (cursor?: string) => {
    asking.abort();
    asking = new AbortController();
    const { signal: abort } = asking;
    const wanted = { ...(query.value && { q: query.value }), ...(cursor && { cursor }) };
    try {
      const found = await listSessions(server(), wanted, { ...rest(), signal: abort });
      batch(() => {
        sessions.value = cursor ? [...(sessions.value ?? []), ...found.sessions] : found.sessions;
        nextCursor.value = found.nextCursor;
        failed.value = false;
      });
    } catch {
      if (!abort.aborted) failed.value = true;
    }
  };

  return {
    query,
    sessions,
    nextCursor,
    failed,
    lookedAt,
    /** The newest question wins. */
    search(words: string): Promise<void> {
      query.value = words.trim();
      return page();
    },
    more: () => page(nextCursor.value),
    async look(session: ListedSessionBody) {
      lookedAt.value = { session, messages: undefined, recap: undefined };
      const { sessionId } = session;
      try {
        const [{ messages }, recap] = await Promise.all([
          getMessages(server(), sessionId, rest()),
          getRecap(server(), sessionId, rest()),
        ]);
        if (lookedAt.value?.session === session) lookedAt.value = { session, messages, recap };
      } catch {
        failed.value = true;
      }
    },
    /** Without a name it is called by its topic again. */
    async rename(sessionId: string, name: string) {
      try {
        const { title } = await renameSession(server(), sessionId, name.trim() || null, rest());
        const renamed = (session: ListedSessionBody) =>
          session.sessionId === sessionId ? { ...session, title } : session;
        batch(() => {
          sessions.value = sessions.value?.map(renamed);
          const { value: looked } = lookedAt;
          if (looked) lookedAt.value = { ...looked, session: renamed(looked.session) };
        });
      } catch {
        failed.value = true;
      }
    },
    async remove(sessionId: string) {
      try {
        await deleteSession(server(), sessionId, rest());
        lookedAt.value = undefined;
        sessions.value = sessions.value?.filter((session) => session.sessionId !== sessionId);
      } catch {
        failed.value = true;
      }
    },
  };
}
