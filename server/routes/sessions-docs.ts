/** What the routes of sessions say of themselves. */
import {
  CreatedSessionBody,
  DeletedBody,
  EndedBody,
  NewSession,
  RenamedBody,
  SessionBody,
  SessionChanges,
  SessionListBody,
  SessionListQuery,
  TicketBody,
} from '../../protocol/rest.ts';
import { type RouteDoc, UNKNOWN_SESSION } from './route-doc.ts';

export const DOCS = {
  create: {
    summary: 'Starts a session. The answer says how to open its socket; a browser also gets a cookie for its history.',
    tag: 'sessions',
    bodies: { 'application/json': NewSession },
    bodyOptional: true,
    data: CreatedSessionBody,
    refusals: {
      400: 'No such wish',
      403: 'Consent is required first',
      404: 'There is no session to continue',
      409: 'The text that was agreed to has changed',
      429: 'The budget of this user is used up for today; Retry-After says when there is a new one',
    },
  },
  ticket: {
    summary: 'A fresh ticket for the socket: for a reconnect or a second device.',
    tag: 'sessions',
    data: TicketBody,
    refusals: UNKNOWN_SESSION,
  },
  list: {
    summary: "The caller's sessions, newest first, in pages; with `q`, those in which it was said.",
    tag: 'sessions',
    query: SessionListQuery,
    data: SessionListBody,
    refusals: { 400: 'The limit or the cursor is none' },
  },
  read: {
    summary: 'One session: status, time and stage.',
    tag: 'sessions',
    data: SessionBody,
    refusals: UNKNOWN_SESSION,
  },
  rename: {
    summary: 'Gives the session a name of the person’s own; null gives it its topic again.',
    tag: 'sessions',
    bodies: { 'application/json': SessionChanges },
    data: RenamedBody,
    refusals: { ...UNKNOWN_SESSION, 400: 'No such name' },
  },
  end: {
    summary: 'Ends the session with a recap. Ending twice answers the same.',
    tag: 'sessions',
    data: EndedBody,
    refusals: UNKNOWN_SESSION,
  },
  delete: {
    summary: 'Removes the session for good: messages, recap, rating and audio.',
    tag: 'sessions',
    data: DeletedBody,
    refusals: UNKNOWN_SESSION,
  },
} as const satisfies Record<string, RouteDoc>;
