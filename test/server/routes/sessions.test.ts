import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CreatedSessionBody,
  DeletedBody,
  EndedBody,
  type NewRating,
  RatingBody,
  RecapBody,
  SessionBody,
  SessionListBody,
  TicketBody,
} from '../../../protocol/rest.ts';
import { call, data, expectRefusal } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient } from '../../support/test-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const create = async () => CreatedSessionBody.parse(await data(`${server.url}/api/sessions`, { method: 'POST' }));
const at = (sessionId: string) => `${server.url}/api/sessions/${sessionId}`;
const say = (sessionId: string, text: string, headers: Record<string, string> = {}) =>
  data(`${at(sessionId)}/messages`, { method: 'POST', json: { text }, headers });

describe('POST /api/sessions', () => {
  it.each([
    ['without a body', {}],
    ['with an empty object', { json: {} }],
    ['with an empty JSON body', { body: '', headers: { 'content-type': 'application/json' } }],
    ['with an empty form', { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['with what an older client wanted to say', { json: { userId: 'me', language: 'en' } }],
  ])('%s starts a session', async (_what, options) => {
    const created = CreatedSessionBody.parse(await data(`${server.url}/api/sessions`, { method: 'POST', ...options }));
    expect(created).toMatchObject({
      status: 'active',
      messageCount: 0,
      awaitingWrapUpConfirmation: false,
      stage: 'topic',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(created.sessionId).toMatch(/^[\w-]{22}$/);
    expect(created.socket.url).toBe(`${at(created.sessionId).replace('http', 'ws')}/socket`);
  });

  it.each([
    ['for its own machine', {}, 421],
    ['behind a proxy', { TRUSTED_PROXIES: '192.0.2.1' }, 400],
  ])('of a host that is none is refused by a server %s', async (_where, env, status) => {
    const { request } = await import('node:http');
    const asked = await startTestServer({ env });
    for (const host of ['a b', 'evil.example/path', 'user@evil.example']) {
      const answered = await new Promise<number>((resolve, reject) => {
        const sent = request(`${asked.url}/api/sessions`, { method: 'POST', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.on('error', reject).end();
      });
      expect(answered, host).toBe(status);
    }
    await asked.close();
  });
});

describe('GET /api/sessions/:id', () => {
  it('shows the session without its ticket', async () => {
    const { socket: _, ...created } = await create();
    const shown = await data<SessionBody>(at(created.sessionId));
    expect(SessionBody.parse(shown)).toEqual(shown);
    const { elapsedMs: __, remainingMs: ___, ...same } = created;
    expect(shown).toMatchObject(same);
    expect(shown).not.toHaveProperty('socket');
  });

  it.each(['', '/messages', '/recap', '/rating'])('%s of an unknown session answers 404', async (path) => {
    const answer = await call(`${at('unknown')}${path}`);
    expectRefusal(answer, 'session_not_found');
    expect(answer).toMatchObject({ status: 404, body: { error: 'Session not found' } });
  });

  it.each(['/end', '/ticket', '/rating'])('POST %s of an unknown session answers 404', async (path) => {
    const answer = await call(`${at('unknown')}${path}`, { method: 'POST', json: { rating: 3 } });
    expectRefusal(answer, 'session_not_found');
    expect(answer.status).toBe(404);
  });
});

describe('POST /api/sessions/:id/ticket', () => {
  it('gives a ticket that opens the socket', async () => {
    const { sessionId } = await create();
    const { socket } = TicketBody.parse(await data(`${at(sessionId)}/ticket`, { method: 'POST' }));
    const client = connectTestClient({ access: socket });
    expect((await client.next('ready')).sessionId).toBe(sessionId);
    await client.close();
  });
});

describe('POST /api/sessions/:id/end', () => {
  it('answers with the summary, the seconds and the count, and the same when asked again', async () => {
    const { sessionId } = await create();
    await say(sessionId, 'I want to plan my week');
    const ended = EndedBody.parse(await data(`${at(sessionId)}/end`, { method: 'POST' }));
    expect(ended).toMatchObject({ sessionId, summary: expect.stringMatching(/\w+/) });
    expect(ended.duration).toBeLessThan(60);
    expect(ended.messageCount).toBeGreaterThanOrEqual(2);
    const again = { body: '', headers: { 'content-type': 'application/json' } };
    expect(await data(`${at(sessionId)}/end`, { method: 'POST', ...again })).toEqual(ended);
    expect(await data(at(sessionId))).toMatchObject({ status: 'ended', awaitingWrapUpConfirmation: false });
  });

  it('leaves a recap that says the same as the summary; before, there is none', async () => {
    const { sessionId } = await create();
    const before = await call(`${at(sessionId)}/recap`);
    expectRefusal(before, 'no_recap');
    expect(before.status).toBe(404);
    const { summary } = await data<EndedBody>(`${at(sessionId)}/end`, { method: 'POST' });
    expect(RecapBody.parse(await data(`${at(sessionId)}/recap`))).toMatchObject({ sessionId, summary });
  });
});

describe('/api/sessions/:id/rating', () => {
  it('is given after the end, replaced by a later one, and read', async () => {
    const { sessionId } = await create();
    const url = `${at(sessionId)}/rating`;
    const early = await call(url, { method: 'POST', json: { rating: 5 } });
    expectRefusal(early, 'session_not_ended');
    expect(early.status).toBe(409);
    await data(`${at(sessionId)}/end`, { method: 'POST' });
    expectRefusal(await call(url), 'not_rated');
    await data(url, { method: 'POST', json: { rating: 2 } });
    const rated = RatingBody.parse(
      await data(url, { method: 'POST', json: { rating: 5, feedback: ' It helped. ' } satisfies NewRating }),
    );
    expect(rated).toMatchObject({ sessionId, rating: 5, feedback: 'It helped.' });
    expect(await data(url)).toEqual(rated);
  });

  it.each([
    [{}],
    [{ rating: 0 }],
    [{ rating: 6 }],
    [{ rating: 3.5 }],
    [{ rating: '5' }],
    [{ rating: null }],
    [{ rating: 4, feedback: 7 }],
    [{ rating: 4, feedback: 'x'.repeat(4001) }],
    [[]],
    ['five'],
  ])('of %j is refused', async (json) => {
    const { sessionId } = await create();
    await data(`${at(sessionId)}/end`, { method: 'POST' });
    const answer = await call(`${at(sessionId)}/rating`, { method: 'POST', json });
    expectRefusal(answer, 'invalid_request');
    expect(answer.status).toBe(400);
  });
});

describe('DELETE /api/sessions/:id', () => {
  it.each([true, false])('removes it with its messages and audio (ended before: %s)', async (ended) => {
    const { sessionId } = await create();
    const said = await data<{ messages: { audioUrl?: string }[] }>(`${at(sessionId)}/messages`, {
      method: 'POST',
      json: { text: 'Forget this' },
    });
    const audioUrl = said.messages[1]?.audioUrl ?? '';
    expect((await fetch(audioUrl)).status).toBe(200);
    if (ended) await data(`${at(sessionId)}/end`, { method: 'POST' });
    expect(DeletedBody.parse(await data(at(sessionId), { method: 'DELETE' }))).toEqual({ sessionId });
    for (const path of ['', '/messages', '/recap', '/rating']) {
      expectRefusal(await call(at(sessionId) + path), 'session_not_found');
    }
    for (const [path, method] of [
      ['', 'DELETE'],
      ['/end', 'POST'],
      ['/messages', 'POST'],
    ] as const) {
      expectRefusal(await call(at(sessionId) + path, { method, json: { text: 'x' } }), 'session_not_found');
    }
    expectRefusal(await call(audioUrl), 'audio_not_found');
    expect(await server.archive.messages(sessionId)).toEqual([]);
  });

  it('ends the talk of whoever is in it', async () => {
    const { sessionId, socket } = await create();
    const client = connectTestClient({ access: socket });
    await client.next('ready');
    await data(at(sessionId), { method: 'DELETE' });
    expect(await client.closed).toBe(1000);
  });
});

describe('GET /api/sessions', () => {
  const browser = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
  const cookieOf = (headers: Headers) => headers.getSetCookie()[0] ?? '';
  const createAs = async (cookie?: string) => {
    const headers = cookie === undefined ? browser : { ...browser, cookie };
    const answer = await call<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers });
    return { sessionId: answer.body.data.sessionId, setCookie: cookieOf(answer.headers) };
  };

  it('lists what the same browser started, newest first, and nobody else’s', async () => {
    const first = await createAs();
    const cookie = first.setCookie.split(';')[0] ?? '';
    const second = await createAs(cookie);
    const stranger = await createAs();
    const { sessions, nextCursor } = SessionListBody.parse(
      await data(`${server.url}/api/sessions`, { headers: { cookie } }),
    );
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([second.sessionId, first.sessionId]);
    expect(nextCursor).toBeUndefined();
    const theirs = await data<SessionListBody>(`${server.url}/api/sessions`, {
      headers: { cookie: stranger.setCookie.split(';')[0] ?? '' },
    });
    expect(theirs.sessions.map(({ sessionId }) => sessionId)).toEqual([stranger.sessionId]);
  });

  it('gives the identity in a cookie that no script reads, with an id that nobody guesses', async () => {
    const [one, other] = [await createAs(), await createAs()];
    expect(one.setCookie).toMatch(/^kuku_guest=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(other.setCookie.split(';')[0]).not.toBe(one.setCookie.split(';')[0]);
  });

  it('keeps the identity that it was given, and takes none that it would not have given', async () => {
    const cookie = (await createAs()).setCookie.split(';')[0] ?? '';
    expect((await createAs(cookie)).setCookie.split(';')[0]).toBe(cookie);
    for (const wrong of ['kuku_guest=1', `kuku_guest=${'a'.repeat(500)}`, 'kuku_guest=guest; other=1']) {
      expect((await createAs(wrong)).setCookie.split(';')[0]).toMatch(/^kuku_guest=[\w-]{43}$/);
      expect(await data(`${server.url}/api/sessions`, { headers: { cookie: wrong } })).toEqual({ sessions: [] });
    }
  });

  it('lists nothing, and sets no cookie, for one without an identity', async () => {
    const answer = await call(`${server.url}/api/sessions`, { method: 'POST' });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await data(`${server.url}/api/sessions`)).toEqual({ sessions: [] });
  });

  it('comes in pages, and is not shifted by a session that starts meanwhile', async () => {
    const first = await createAs();
    const cookie = first.setCookie.split(';')[0] ?? '';
    const others = [await createAs(cookie), await createAs(cookie)];
    const ids = [first, ...others].map(({ sessionId }) => sessionId).reverse();
    const list = (query: string) =>
      data<SessionListBody>(`${server.url}/api/sessions${query}`, { headers: { cookie } });
    const page = await list('?limit=2');
    expect(page.sessions.map(({ sessionId }) => sessionId)).toEqual(ids.slice(0, 2));
    await createAs(cookie);
    const rest = await list(`?limit=2&cursor=${encodeURIComponent(page.nextCursor ?? '')}`);
    expect(rest.sessions.map(({ sessionId }) => sessionId)).toEqual(ids.slice(2));
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('finds what was said', async () => {
    const first = await createAs();
    const cookie = first.setCookie.split(';')[0] ?? '';
    await createAs(cookie);
    await say(first.sessionId, 'The neighbours keep complaining about my trumpet');
    const found = await data<SessionListBody>(`${server.url}/api/sessions?q=complained`, { headers: { cookie } });
    expect(found.sessions).toEqual([
      expect.objectContaining({
        sessionId: first.sessionId,
        match: {
          messageId: expect.any(String),
          snippet: expect.stringContaining('complaining'),
          sender: 'user',
          atMs: expect.any(Number),
        },
      }),
    ]);
    expect(await data(`${server.url}/api/sessions?q=saxophone`, { headers: { cookie } })).toEqual({ sessions: [] });
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'cursor=', `q=${'x'.repeat(201)}`, 'q=a&q=b'])(
    'with %s is refused',
    async (query) => {
      const answer = await call(`${server.url}/api/sessions?${query}`);
      expectRefusal(answer, 'invalid_request');
      expect(answer.status).toBe(400);
    },
  );

  it('with a broken cursor is refused', async () => {
    const cookie = (await createAs()).setCookie.split(';')[0] ?? '';
    const answer = await call(`${server.url}/api/sessions?cursor=x`, { headers: { cookie } });
    expectRefusal(answer, 'invalid_cursor');
    expect(answer.status).toBe(400);
  });
});
