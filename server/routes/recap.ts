/** `GET /api/sessions/:id/recap`. */
import type { FastifyPluginAsync } from 'fastify';
import { RecapBody, type Success } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Archive } from '../ports/archive.ts';
import type { FindSession } from './known-session.ts';
import type { ById } from './rest.ts';
import type { RouteDoc } from './route-doc.ts';

export function recapRoutes({
  findSession,
  archive,
}: {
  findSession: FindSession;
  archive: Archive;
}): FastifyPluginAsync {
  return async (app) => {
    app.get<ById>('/api/sessions/:id/recap', { config: { doc: DOC } }, async (request): Promise<Success<RecapBody>> => {
      const { id } = await findSession(request);
      const recap = await archive.recap(id);
      if (!recap) throw new KukuError('There is no recap before the session ends.', { code: 'no_recap', status: 404 });
      const { topic, goal, insights, commitments, summary } = recap;
      const createdAt = new Date(recap.createdAt).toISOString();
      return {
        success: true,
        data: { sessionId: id, createdAt, topic, goal, insights, commitments, summary },
      };
    });
  };
}

const DOC: RouteDoc = {
  summary: 'The recap of a session that has ended.',
  tag: 'sessions',
  data: RecapBody,
  refusals: { 404: 'Session not found, or it has no recap yet' },
};
