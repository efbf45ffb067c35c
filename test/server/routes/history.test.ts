/** A person's history: names, moments, and talks that take up where the last one ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody, ListedSessionBody, SessionBody, SessionListBody } from '../../../protocol/rest.ts';
import { createBuiltinCoach } from '../../../server/providers/builtin/coach.ts';
import { call, data, expectRefusal } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient } from '../../support/test-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ engines: { engine: createBuiltinCoach(), tts: undefined } });
});
afterAll(() => server.close());

type Headers = Record<string, string>;
const start = (headers: Headers, json?: unknown) =>
  call<CreatedSessionBody>(`${server.url}/api/sessions`, {
    method: 'POST',
    headers,
    ...(json === undefined ? {} : { json }),
  });
const arrive = async () => {
  const headers: Headers = { origin: server.url };
  const answer = await start(headers);
  headers['cookie'] = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { headers, sessionId: answer.body.data.sessionId };
};
const at = (sessionId: string) => `${server.url}/api/sessions/${sessionId}`;
const list = async (headers: Headers, q = '') =>
  (await data<SessionListBody>(`${server.url}/api/sessions?q=${q}`, { headers })).sessions;
const only = async (headers: Headers): Promise<ListedSessionBody | undefined> => (await list(headers))[0];

/** Ends the session with that wish; the built-in coach would need a talk to come to one. */
const endWith = async (sessionId: string, headers: Headers, what: string, by: string) => {
  await data(`${at(sessionId)}/end`, { method: 'POST', headers });
  const recap = await server.archive.recap(sessionId);
  if (!recap) throw new Error('no recap');
  await server.archive.saveRecap(sessionId, { ...recap, commitments: [{ what, by }], version: recap.version + 100 });
};
const greetingOf = async ({ socket }: CreatedSessionBody) => {
  const client = connectTestClient({ access: socket, hello: { audio: {} }, headers: { origin: server.url } });
  const done = await client.next('turn.done');
  await client.close();
  return done.spokenText;
};

describe('a session’s name', () => {
  it('is what the person calls it, until they take that back', async () => {
    const { sessionId, headers } = await arrive();
    const rename = (title: string | null) =>
      data<{ title: string | null }>(at(sessionId), { method: 'PATCH', headers, json: { title } });
    expect(await rename('  About Maria ')).toEqual({ sessionId, title: 'About Maria' });
    await data(`${at(sessionId)}/messages`, {
      method: 'POST',
      json: { text: 'I want to talk about my boss.' },
      headers,
    });
    expect((await only(headers))?.title).toBe('About Maria');
    await rename(null);
    expect((await only(headers))?.title).toMatch(/boss/);
  });

  it.each([
    ['an empty one', { title: ' ' }],
    ['too long a one', { title: 'x'.repeat(121) }],
    ['none', {}],
    ['no text', { title: 5 }],
  ])('is not %s', async (_what, json) => {
    const { sessionId, headers } = await arrive();
    const refused = await call(at(sessionId), { method: 'PATCH', headers, json });
    expectRefusal(refused, 'invalid_request');
    expect((await only(headers))?.title).toBeNull();
  });

  it('is not given by somebody else', async () => {
    const { sessionId } = await arrive();
    const other = await arrive();
    const refused = await call(at(sessionId), { method: 'PATCH', headers: other.headers, json: { title: 'mine' } });
    expectRefusal(refused, 'session_not_found');
    expect(refused.status).toBe(404);
  });
});

describe('a new session', () => {
  it('begins with what the person wanted to do last time, once', async () => {
    const { sessionId, headers } = await arrive();
    await endWith(sessionId, headers, 'talk to her', 'by Friday');
    const { data: next } = (await start(headers)).body;
    expect(next.continues).toBe(sessionId);
    expect(await greetingOf(next)).toMatch(
      /^Hi, it's Kuku, your AI coach\..*Last time you wanted to talk to her by Friday: how did it go\?$/,
    );
    await data(`${at(next.sessionId)}/messages`, { method: 'POST', json: { text: 'It went well.' }, headers });
    expect((await data<SessionBody>(at(next.sessionId), { headers })).continues).toBe(sessionId);
    const third = (await start(headers)).body.data;
    expect(third.continues).toBeUndefined();
    expect(await greetingOf(third)).not.toMatch(/Last time/);
  });

  it('continues the session that it is told to, or none', async () => {
    const { sessionId: first, headers } = await arrive();
    await endWith(first, headers, 'write the letter', 'tomorrow');
    const { data: second } = (await start(headers, { continues: null })).body;
    expect(second.continues).toBeUndefined();
    await endWith(second.sessionId, headers, 'sleep', 'tonight');
    const { data: third } = (await start(headers, { continues: first })).body;
    expect(third.continues).toBe(first);
    expect(await greetingOf(third)).toMatch(/write the letter tomorrow/);
  });

  it('continues no session of somebody else, and none that there is not', async () => {
    const { sessionId, headers } = await arrive();
    await endWith(sessionId, headers, 'keep a secret', 'for ever');
    const other = await arrive();
    for (const continues of [sessionId, 'nobody', 'a\0b', '']) {
      const refused = await start(other.headers, { continues });
      expectRefusal(refused, 'session_not_found');
      expect(refused.status).toBe(404);
    }
  });

  it('of somebody else begins as ever', async () => {
    const { sessionId, headers } = await arrive();
    await endWith(sessionId, headers, 'talk to her', 'Friday');
    expect(await greetingOf((await start((await arrive()).headers)).body.data)).toMatch(/What would you like to talk/);
  });
});

it('a search says where in the session it was said', async () => {
  const { sessionId, headers } = await arrive();
  await data(`${at(sessionId)}/messages`, { method: 'POST', json: { text: 'My marmalade is bitter.' }, headers });
  const [found] = await list(headers, 'marmalade');
  expect(found?.match).toMatchObject({ sender: 'user', snippet: expect.stringContaining('marmalade') });
  expect(found?.match?.atMs).toBeLessThan(60_000);
});
