import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsentBody, type CreatedSessionBody } from '../../../protocol/rest.ts';
import { call, data, expectRefusal } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

type Headers = Record<string, string>;
const servers: TestServer[] = [];
const open = async (env: Record<string, string> = {}) => {
  const server = await startTestServer({ env });
  servers.push(server);
  return server;
};
afterAll(() => Promise.all(servers.map((server) => server.close())));

const read = (server: TestServer, headers: Headers = {}) => data<ConsentBody>(`${server.url}/api/consent`, { headers });
const start = (server: TestServer, headers: Headers, json: object = {}) =>
  call<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers, json });
const give = (server: TestServer, headers: Headers, version: string) =>
  call<ConsentBody>(`${server.url}/api/consent`, { method: 'POST', headers, json: { version } });
const cookieOf = (answer: { headers: globalThis.Headers }) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('where consent is required', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await open({ CONSENT: 'required' });
  });

  it('the text is shown to everybody, in its version', async () => {
    const shown = await read(server);
    expect(ConsentBody.parse(shown)).toEqual({
      version: 'v1',
      text: expect.any(String),
      required: true,
      givenAt: null,
    });
  });

  it('nobody starts a session who did not agree', async () => {
    const headers = { origin: server.url };
    const refused = await start(server, headers);
    expectRefusal(refused, 'consent_required');
    expect(refused.status).toBe(403);
    expectRefusal(await start(server, {}), 'consent_required');
  });

  it('who agreed starts as many as they like, and it is recorded who, to what, and when', async () => {
    const headers: Headers = { origin: server.url };
    const answer = await give(server, headers, 'v1');
    headers['cookie'] = cookieOf(answer);
    expect(answer.body.data.givenAt).toMatch(/^\d{4}-/);
    expect((await start(server, headers)).status).toBe(200);
    expect((await start(server, headers)).status).toBe(200);
    expect((await read(server, headers)).givenAt).toBe(answer.body.data.givenAt);
    // Agreeing again changes nothing.
    await give(server, headers, 'v1');
    expect((await read(server, headers)).givenAt).toBe(answer.body.data.givenAt);
  });

  it('agreeing and starting are one step where one likes', async () => {
    const headers: Headers = { origin: server.url };
    const answer = await start(server, headers, { consent: 'v1' });
    headers['cookie'] = cookieOf(answer);
    expect(answer.status).toBe(200);
    expect((await read(server, headers)).givenAt).toMatch(/^\d{4}-/);
  });

  it('a guest of the app, which is no page, agrees as well', async () => {
    const headers: Headers = { 'sec-fetch-site': 'none' };
    const answer = await start(server, headers, { consent: 'v1' });
    headers['cookie'] = cookieOf(answer);
    expect(answer.status).toBe(200);
    expect((await read(server, headers)).givenAt).toMatch(/^\d{4}-/);
    expect((await start(server, headers)).status).toBe(200);
  });

  it('nobody agrees to a text that has changed, or without a name', async () => {
    const headers = { origin: server.url };
    const refused = await give(server, headers, 'v0');
    expectRefusal(refused, 'consent_changed');
    expect(refused.status).toBe(409);
    expectRefusal(await start(server, headers, { consent: 'v0' }), 'consent_changed');
    expectRefusal(await give(server, {}, 'v1'), 'nobody');
  });
});

it('where it is not required it is shown, and may be given', async () => {
  const server = await open();
  const headers: Headers = { origin: server.url };
  expect((await read(server)).required).toBe(false);
  const answer = await start(server, headers);
  headers['cookie'] = cookieOf(answer);
  expect(answer.status).toBe(200);
  expect((await give(server, headers, 'v1')).body.data.givenAt).toMatch(/^\d{4}-/);
});
