/** `/api/voices`: who the coach can speak as. The same for everybody, so nobody is asked who they are. */
import type { FastifyPluginAsync } from 'fastify';
import type { Voice } from '../../protocol/voices.ts';
import { VoicesBody, type Success } from '../../protocol/rest.ts';
import type { RouteDoc } from './route-doc.ts';

export function voiceRoutes({ voices }: { voices: readonly Voice[] }): FastifyPluginAsync {
  return async (app) => {
    app.get('/api/voices', { config: { doc: DOC } }, async (): Promise<Success<VoicesBody>> => {
      return { success: true, data: { voices: [...voices] } };
    });
  };
}

const DOC = {
  summary: 'The voices that the coach can have, the usual one first.',
  tag: 'sessions',
  data: VoicesBody,
} as const satisfies RouteDoc;
