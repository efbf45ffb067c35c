/** The REST routes of the scripted server: sessions that are over, and ratings. */
import type { FastifyInstance } from 'fastify';
import type { Message } from '../../../../protocol/messages.ts';
import type { Voice } from '../../../../protocol/voices.ts';
import type { ListedSessionBody, RecapBody } from '../../../../protocol/rest.ts';

export interface PastSession {
  session: ListedSessionBody;
  messages: readonly Message[];
  recap?: Omit<RecapBody, 'sessionId' | 'createdAt'>;
}

export interface ScriptedRest {
  ratings: unknown[];
  searches: string[];
  deleted: string[];
}

type ById = { Params: { id: string } };

export function addRest(
  app: FastifyInstance,
  { past = [], ended = false }: { past?: readonly PastSession[]; ended?: boolean },
): ScriptedRest {
  const rest: ScriptedRest = { ratings: [], searches: [], deleted: [] };
  const find = (id: string) => past.find(({ session }) => session.sessionId === id && !rest.deleted.includes(id));
  const missing = (code: string) => ({ success: false, error: 'Not found', code });
  app.get<{ Querystring: { q?: string; cursor?: string } }>('/api/sessions', ({ query: { q = '' } }) => {
    rest.searches.push(q);
    const found = past.filter(({ session, messages }) => {
      const said = messages.some(({ text }) => text.toLowerCase().includes(q.toLowerCase()));
      return said && find(session.sessionId);
    });
    const sessions = found.map(({ session, messages }) => {
      const hit = messages.find(({ text }) => text.toLowerCase().includes(q.toLowerCase()));
      return q && hit ? Object.assign({ match: { messageId: hit.id, snippet: hit.text } }, session) : session;
    });
    return { success: true, data: { sessions } };
  });
  app.get('/api/voices', () => ({ success: true, data: { voices: VOICES } }));
  const guest = { user: null, accounts: false, guests: true };
  app.get('/api/auth/me', () => ({ success: true, data: guest }));
  const consent = { version: 'v1', text: 'Your words are kept.', required: false, givenAt: '2026-11-20T09:00:00.000Z' };
  app.get('/api/consent', () => ({ success: true, data: consent }));
  app.get<ById>('/api/sessions/:id', ({ params: { id } }) => ({
    success: true,
    data: { sessionId: id, status: ended ? 'ended' : 'active' },
  }));
  app.get<ById>('/api/sessions/:id/messages', ({ params: { id } }) => ({
    success: true,
    data: { messages: find(id)?.messages ?? [] },
  }));
  app.get<ById>('/api/sessions/:id/recap', ({ params: { id } }, reply) => {
    const found = find(id);
    if (!found?.recap) return reply.code(404).send(missing('no_recap'));
    return { success: true, data: { sessionId: id, createdAt: found.session.createdAt, ...found.recap } };
  });
  app.post<ById>('/api/sessions/:id/rating', ({ params: { id }, body }) => {
    rest.ratings.push(body);
    return { success: true, data: { sessionId: id, rating: 5, feedback: null, ratedAt: '2026-11-23T10:00:00.000Z' } };
  });
  app.delete<ById>('/api/sessions/:id', ({ params: { id } }) => {
    rest.deleted.push(id);
    return { success: true, data: { sessionId: id } };
  });
  app.get('/audio/:file', (_, reply) => reply.type('audio/wav').send(Buffer.from(SILENCE, 'base64')));
  return rest;
}

const VOICES: readonly Voice[] = [
  { id: 'pico-en-GB', name: 'Kate', language: 'en-GB' },
  { id: 'flite-rms', name: 'Richard', language: 'en-US' },
];

/** 0.1 s of 8 kHz silence as a WAV file. */
const SILENCE = Buffer.concat([
  Buffer.from('RIFF'),
  Buffer.from([0x64, 0x06, 0, 0]),
  Buffer.from('WAVEfmt '),
  Buffer.from([16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0]),
  Buffer.from('data'),
  Buffer.from([0x40, 0x06, 0, 0]),
  Buffer.alloc(1600),
]).toString('base64');
