/** The session that the person is in the middle of, so that an app which was killed finds it again. */
import type { Store } from './device/store-types.ts';

export interface OpenSession {
  server: string;
  sessionId: string;
  /** False: the person typed. */
  microphone: boolean;
}

const KEY = 'session';

export const rememberSession = (store: Store, session: OpenSession): Promise<void> =>
  store.set(KEY, JSON.stringify(session)).catch(() => {});

export const forgetSession = (store: Store): Promise<void> => store.remove(KEY).catch(() => {});

/** The session that was open with this server. */
export async function readOpenSession(store: Store, server: string): Promise<OpenSession | undefined> {
  try {
    const stored = JSON.parse((await store.get(KEY)) ?? 'null') as Partial<OpenSession> | null;
    if (typeof stored?.sessionId !== 'string' || stored.server !== server) return undefined;
    return { server, sessionId: stored.sessionId, microphone: stored.microphone !== false };
  } catch {
    return undefined;
  }
}
