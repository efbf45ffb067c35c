/**
 * The session that this tab is in the middle of, so that a reload finds it. Only its id: a page that was loaded anew
 * knows nothing, so it comes as a new client and is told the whole state; a resume token would be a secret kept for
 * nothing.
 */
export interface OpenSession {
  server: string;
  sessionId: string;
  /** False: the person typed. */
  microphone: boolean;
}

const KEY = 'kuku.session';

export function rememberSession(session: OpenSession): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Without storage a reload starts anew; the history still has the session.
  }
}

export function forgetSession(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Then there was none.
  }
}

/** The session of this tab with this server. */
export function openSession(server: string): OpenSession | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<OpenSession> | null;
    if (typeof stored?.sessionId !== 'string' || stored.server !== server) return undefined;
    return { server, sessionId: stored.sessionId, microphone: stored.microphone !== false };
  } catch {
    return undefined;
  }
}
