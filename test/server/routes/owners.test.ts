import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { CreatedSessionBody, SessionListBody, TicketBody } from '../../../protocol/rest.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { call, data } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient } from '../../support/test-client.ts';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

const bearer = async (subject: string) => ({ authorization: `Bearer ${await issuer.token({ subject })}` });

const start = async (server: TestServer, headers: Record<string, string> = {}) =>
  data<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers });

/** Everything that can be done with a session. */
const DOINGS = [
  ['GET', ''],
  ['GET', '/messages'],
  ['POST', '/messages'],
  ['POST', '/ticket'],
  ['POST', '/end'],
  ['GET', '/recap'],
  ['GET', '/rating'],
  ['POST', '/rating'],
  ['DELETE', ''],
] as const;

const METRICS_TOKEN = 'a'.repeat(40);
const json = { text: 'Hello', rating: 5 };

describe('where people must sign in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { ...issuer.env, AUTH: 'required', AUTH_OPERATORS: 'olga' } });
  });
  afterAll(() => server.close());

  it('a session is its owner’s alone: to others there is none of that id', async () => {
    const ada = await bearer('ada');
    const { sessionId } = await start(server, ada);
    const others = [await bearer('bob'), await bearer('olga')];
    for (const [method, path] of DOINGS) {
      const url = `${server.url}/api/sessions/${sessionId}${path}`;
      const body = method === 'POST' ? { json } : {};
      for (const headers of others) {
        const { status, body: refusal } = await call(url, { method, headers, ...body });
        expect({ method, path, status, code: refusal.code }).toEqual({
          method,
          path,
          status: 404,
          code: 'session_not_found',
        });
      }
      expect((await call(url, { method, ...body })).body.code).toBe('sign_in_required');
    }
    expect((await call(`${server.url}/api/sessions/${sessionId}`, { headers: ada })).status).toBe(200);
  });

  it('nobody can start a session, list, or tell a session that is there from one that is not', async () => {
    const { sessionId } = await start(server, await bearer('ada'));
    for (const [method, path] of [
      ['POST', ''],
      ['GET', ''],
      ['GET', `/${sessionId}`],
      ['GET', '/no-such-session'],
      ['GET', '/%00'],
    ] as const) {
      const { status, body, headers } = await call(`${server.url}/api/sessions${path}`, { method });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'sign_in_required' });
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('a list and a search show what is the caller’s', async () => {
    const [ada, bob] = [await bearer('ada-2'), await bearer('bob-2')];
    const { sessionId } = await start(server, ada);
    await data(`${server.url}/api/sessions/${sessionId}/messages`, {
      method: 'POST',
      headers: ada,
      json: { text: 'My zebra is ill' },
    });
    const found = (headers: Record<string, string>, query = '') =>
      data<SessionListBody>(`${server.url}/api/sessions${query}`, { headers });
    for (const query of ['', '?q=zebra']) {
      expect((await found(ada, query)).sessions.map((each) => each.sessionId)).toEqual([sessionId]);
      expect((await found(bob, query)).sessions).toEqual([]);
    }
  });

  it('the coach’s spoken replies are the owner’s, too', async () => {
    const ada = await bearer('ada');
    const { sessionId } = await start(server, ada);
    const said = await data<{ messages: { audioUrl?: string }[] }>(`${server.url}/api/sessions/${sessionId}/messages`, {
      method: 'POST',
      headers: ada,
      json: { text: 'Speak' },
    });
    const url = said.messages[1]?.audioUrl ?? '';
    expect((await fetch(url, { headers: ada })).status).toBe(200);
    expect((await fetch(url, { headers: await bearer('bob') })).status).toBe(404);
    expect((await fetch(url)).status).toBe(401);
  });

  it('a ticket lets its owner in', async () => {
    const ada = await bearer('ada');
    const { sessionId } = await start(server, ada);
    const { socket } = await data<TicketBody>(`${server.url}/api/sessions/${sessionId}/ticket`, {
      method: 'POST',
      headers: ada,
    });
    const client = connectTestClient({ access: socket });
    expect(await client.next('ready')).toMatchObject({ sessionId });
    await client.close();
  });

  it('numbers are for operators, who see nobody’s sessions', async () => {
    const { sessionId } = await start(server, await bearer('ada'));
    const olga = await bearer('olga');
    // As a proxy passes it on.
    const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
    const statusOf = async (headers: Record<string, string>) =>
      (await fetch(`${server.url}/metrics`, { headers })).status;
    expect(await statusOf({ ...elsewhere, ...olga })).toBe(200);
    expect(await statusOf({ ...elsewhere, ...(await bearer('ada')) })).toBe(403);
    expect(await statusOf(elsewhere)).toBe(403);
    expect(await statusOf({})).toBe(200);
    expect((await call(`${server.url}/api/sessions/${sessionId}/messages`, { headers: olga })).status).toBe(404);
    const ready = async (headers: Record<string, string>) =>
      ((await (await fetch(`${server.url}/ready`, { headers })).json()) as { dependencies: unknown[] }).dependencies
        .length;
    expect(await ready({ ...elsewhere, ...olga })).toBeGreaterThan(0);
    expect(await ready(elsewhere)).toBe(0);
  });

  it('a sign-in that was revoked takes its tickets along', async () => {
    const grant = { userId: null, signInId: 'revoked', origin: null };
    const { sessionId, socket } = await start(server, await bearer('ada'));
    const { ticket, protocols } = await server.hub.grantTicket({ ...grant, sessionId });
    const client = connectTestClient({ access: { ...socket, ticket, protocols } });
    expect(await client.closed).toBe(CLOSE.badTicket.code);
  });
});

describe('where guests are let in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { ...issuer.env, METRICS_TOKEN } });
  });
  afterAll(() => server.close());
  const browser = { 'sec-fetch-site': 'same-origin' };
  const guest = async () => {
    const answer = await call<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers: browser });
    return { cookie: (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '', ...answer.body.data };
  };
  const statusOf = async (sessionId: string, headers: Record<string, string> = {}) =>
    (await call(`${server.url}/api/sessions/${sessionId}`, { headers })).status;

  it('the id of a guest’s session is the key to it, but not for somebody else who is known', async () => {
    const [one, other] = [await guest(), await guest()];
    expect(await statusOf(one.sessionId, { cookie: one.cookie })).toBe(200);
    // A client without cookies, as a page of another origin is.
    expect(await statusOf(one.sessionId)).toBe(200);
    expect(await statusOf(one.sessionId, { cookie: other.cookie })).toBe(404);
    expect(await statusOf(one.sessionId, await bearer('ada'))).toBe(404);
  });

  it('nobody’s session is anybody’s who has its id', async () => {
    const { sessionId } = await start(server);
    const { cookie } = await guest();
    expect(await statusOf(sessionId)).toBe(200);
    expect(await statusOf(sessionId, { cookie })).toBe(200);
    expect(await statusOf(sessionId, await bearer('ada'))).toBe(200);
  });

  it('the session of somebody who signed in is theirs alone', async () => {
    const ada = await bearer('ada');
    const { sessionId } = await start(server, ada);
    expect(await statusOf(sessionId, ada)).toBe(200);
    const { cookie } = await guest();
    for (const headers of [{}, { cookie }, await bearer('bob')]) expect(await statusOf(sessionId, headers)).toBe(404);
  });

  it('a token that is not good is refused, not taken for nobody’s', async () => {
    const { sessionId } = await start(server);
    for (const authorization of ['Bearer nonsense', 'Bearer ', 'Basic YTpi', `Bearer ${issuer.unsigned()}`]) {
      const { status, body } = await call(`${server.url}/api/sessions/${sessionId}`, { headers: { authorization } });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_token' });
    }
  });

  it('a program that collects metrics comes with a token of its own', async () => {
    const headers = (token: string) => ({ 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${token}` });
    expect((await fetch(`${server.url}/metrics`, { headers: headers(METRICS_TOKEN) })).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`, { headers: headers('n'.repeat(40)) })).status).toBe(403);
  });

  it('a page of another origin can change nothing with a browser’s cookie', async () => {
    const { cookie, sessionId } = await guest();
    const url = `${server.url}/api/sessions/${sessionId}/end`;
    for (const headers of [
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
    ]) {
      const { status, body } = await call(url, { method: 'POST', headers });
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'origin_not_allowed' });
    }
    expect((await call(url, { method: 'POST', headers: { cookie, origin: server.url } })).status).toBe(200);
  });
});
