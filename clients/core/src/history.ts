/** What is left of sessions: the list, what was said, recaps and ratings. */
import type {
  DeletedBody,
  MessagesBody,
  NewRating,
  RatingBody,
  RecapBody,
  RenamedBody,
  SessionBody,
  SessionListBody,
  SessionListQuery,
  VoicesBody,
} from '../../../protocol/rest.ts';
import { call, RestError, sessionPath, type RestOptions } from './rest.ts';

export type {
  ListedSessionBody,
  MessagesBody,
  RatingBody,
  RecapBody,
  SessionListBody,
} from '../../../protocol/rest.ts';

/** The person's sessions, newest first; with `q`, those in which it was said. */
export function listSessions(
  url: string,
  query: SessionListQuery = {},
  options: RestOptions = {},
): Promise<SessionListBody> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return call(url, `/api/sessions?${search.toString()}`, options);
}

/** Who the coach can speak as, the usual one first; none where there is no choice. */
export function getVoices(url: string, options: RestOptions = {}): Promise<VoicesBody> {
  return call(url, '/api/voices', options);
}

export function getSession(url: string, sessionId: string, options: RestOptions = {}): Promise<SessionBody> {
  return call(url, sessionPath(sessionId), options);
}

export function getMessages(url: string, sessionId: string, options: RestOptions = {}): Promise<MessagesBody> {
  return call(url, `${sessionPath(sessionId)}/messages`, options);
}

/** Undefined for a session that has none yet. */
export function getRecap(url: string, sessionId: string, options: RestOptions = {}): Promise<RecapBody | undefined> {
  return unlessMissing(call<RecapBody>(url, `${sessionPath(sessionId)}/recap`, options));
}

/** Undefined for a session that was not rated. */
export function getRating(url: string, sessionId: string, options: RestOptions = {}): Promise<RatingBody | undefined> {
  return unlessMissing(call<RatingBody>(url, `${sessionPath(sessionId)}/rating`, options));
}

/** Rates a session that has ended; a later rating replaces it. */
export function rateSession(
  url: string,
  sessionId: string,
  rating: NewRating,
  options: RestOptions = {},
): Promise<RatingBody> {
  return call(url, `${sessionPath(sessionId)}/rating`, options, { method: 'POST', body: rating });
}

/** The person's own name for a session; null gives it its topic again. */
export function renameSession(
  url: string,
  sessionId: string,
  title: string | null,
  options: RestOptions = {},
): Promise<RenamedBody> {
  return call(url, sessionPath(sessionId), options, { method: 'PATCH', body: { title } });
}

/** Removes a session for good, audio included. */
export function deleteSession(url: string, sessionId: string, options: RestOptions = {}): Promise<DeletedBody> {
  return call(url, sessionPath(sessionId), options, { method: 'DELETE' });
}

const MISSING = new Set(['no_recap', 'not_rated']);

function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof RestError && MISSING.has(error.code)) return undefined;
    throw error;
  });
}
