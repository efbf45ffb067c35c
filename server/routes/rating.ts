/** `/api/sessions/:id/rating`: how the person liked it, once it is over. */
import type { FastifyPluginAsync } from 'fastify';
import { NewRating, RatingBody, type Success } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Archive, RatingRecord } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import type { FindSession } from './known-session.ts';
import { type ById, checked } from './rest.ts';
import { type RouteDoc, UNKNOWN_SESSION } from './route-doc.ts';

export interface RatingRoutesOptions {
  findSession: FindSession;
  archive: Archive;
  clock: Clock;
}

export function ratingRoutes({ findSession, archive, clock }: RatingRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    app.get<ById>(PATH, { config: { doc: DOCS.read } }, async (request) => {
      const { id } = await findSession(request);
      const rating = await archive.rating(id);
      if (!rating) throw new KukuError('This session has not been rated.', { code: 'not_rated', status: 404 });
      return ratingBody(id, rating);
    });
    app.post<ById>(PATH, { config: { doc: DOCS.rate } }, async (request) => {
      const { id, phase } = await findSession(request);
      const { rating: score, feedback } = checked(NewRating, request.body);
      if (phase !== 'ended') {
        throw new KukuError('A session is rated after it has ended.', { code: 'session_not_ended', status: 409 });
      }
      const rating: RatingRecord = { score, feedback: feedback?.trim() || null, ratedAt: clock.now() };
      await archive.rate(id, rating);
      return ratingBody(id, rating);
    });
  };
}

function ratingBody(sessionId: string, { score, feedback, ratedAt }: RatingRecord): Success<RatingBody> {
  return { success: true, data: { sessionId, rating: score, feedback, ratedAt: new Date(ratedAt).toISOString() } };
}

const PATH = '/api/sessions/:id/rating';

const DOCS = {
  read: {
    summary: 'The rating of a session.',
    tag: 'sessions',
    data: RatingBody,
    refusals: { 404: 'Session not found, or not rated' },
  },
  rate: {
    summary: 'Rates a session that has ended, 1 to 5. A later rating replaces it.',
    tag: 'sessions',
    bodies: { 'application/json': NewRating },
    data: RatingBody,
    refusals: { ...UNKNOWN_SESSION, 400: 'No such rating', 409: 'The session has not ended' },
  },
} as const satisfies Record<string, RouteDoc>;
