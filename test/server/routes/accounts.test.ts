import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeBody, MintedBody, SignedInBody, SignInsBody } from '../../../protocol/accounts.ts';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { CreatedSessionBody, SessionListBody, TicketBody } from '../../../protocol/rest.ts';
import { type Answer, call, data } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient } from '../../support/test-client.ts';

const AUTH_SECRET = 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe';
const PASSWORD = 'a quiet lamp in the hallway';
let next = 0;
const newEmail = () => `person-${(next += 1)}@example.org`;

/** A browser: it keeps cookies, and says where its page comes from. Each has an address of its own. */
function browserAt(server: TestServer) {
  const jar = new Map<string, string>();
  const address = `203.0.113.${(next += 1) % 250}`;
  const send = async <T>(path: string, method = 'GET', json?: unknown): Promise<Answer<T>> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = { origin: new URL(server.url).origin, 'sec-fetch-site': 'same-origin' };
    const headers = { ...(method === 'GET' ? {} : page), ...(cookie && { cookie }), 'x-forwarded-for': address };
    const answer = await call<T>(server.url + path, { method, headers, ...(json === undefined ? {} : { json }) });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0|Expires=Thu, 01 Jan 1970/.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const signIn = async (email: string, password = PASSWORD) =>
    SignedInBody.parse((await send('/api/auth/sign-in', 'POST', { email, password })).body.data);
  return {
    jar,
    send,
    signIn,
    async join(email = newEmail()) {
      expect((await send('/api/auth/sign-up', 'POST', { email, password: PASSWORD })).status).toBe(200);
      return { email, ...(await signIn(email)) };
    },
    me: async () => MeBody.parse((await send('/api/auth/me')).body.data),
    start: async () => (await send<CreatedSessionBody>('/api/sessions', 'POST')).body.data,
    list: async () => (await send<SessionListBody>('/api/sessions')).body.data.sessions.map((each) => each.sessionId),
  };
}

describe.each(['guest', 'required'] as const)('accounts with AUTH=%s', (AUTH) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { AUTH, AUTH_SECRET, TRUSTED_PROXIES: 'loopback' } });
  });
  afterAll(() => server.close());

  it('sign up, in and out, and are known in between', async () => {
    const browser = browserAt(server);
    const guests = AUTH === 'guest';
    expect(await browser.me()).toEqual({ user: null, accounts: true, guests });
    const { email, user } = await browser.join();
    expect(user).toEqual({ id: expect.any(String), email, role: 'user' });
    expect(await browser.me()).toEqual({ user, accounts: true, guests });
    const { sessionId } = await browser.start();
    expect(await browser.list()).toEqual([sessionId]);
    expect((await browser.send('/api/auth/sign-out', 'POST')).status).toBe(200);
    expect((await browser.me()).user).toBeNull();
    expect((await browser.send(`/api/sessions/${sessionId}`)).status).toBe(guests ? 404 : 401);
    await browser.signIn(email);
    expect(await browser.list()).toEqual([sessionId]);
  });

  it('are signed in by a cookie that no script reads and no other site sends', async () => {
    const browser = browserAt(server);
    const { email } = await browser.join();
    const { headers } = await browser.send('/api/auth/sign-in', 'POST', { email, password: PASSWORD });
    const line = headers.getSetCookie().find((each) => each.startsWith('kuku_sign_in='));
    expect(line).toMatch(/^kuku_sign_in=[^;]{40,}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('are signed in by a cookie of this host alone where clients come by TLS', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.250' };
    const email = newEmail();
    const json = { email, password: PASSWORD };
    await data(`${server.url}/api/auth/sign-up`, { method: 'POST', headers, json });
    const answer = await call(`${server.url}/api/auth/sign-in`, { method: 'POST', headers, json });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-kuku_sign_in=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ]);
    const [cookie = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
    const me = (more: Record<string, string>) =>
      data<MeBody>(`${server.url}/api/auth/me`, { headers: { cookie, ...more } });
    expect((await me(headers)).user?.email).toBe(email);
    // Over plain HTTP anybody on the way could have set it.
    expect((await me({})).user).toBeNull();
  });

  it('get a new token at each sign-in, whatever cookie came along, and the one before is over', async () => {
    const browser = browserAt(server);
    const { email } = await browser.join();
    const first = browser.jar.get('kuku_sign_in') ?? '';
    await browser.signIn(email);
    const second = browser.jar.get('kuku_sign_in') ?? '';
    expect(second).not.toBe(first);
    const replayed = browserAt(server);
    replayed.jar.set('kuku_sign_in', first);
    expect((await replayed.me()).user).toBeNull();
    // A cookie that somebody else put there is not made good by signing in.
    const planted = browserAt(server);
    planted.jar.set('kuku_sign_in', 'planted.planted');
    await planted.signIn(email);
    expect(planted.jar.get('kuku_sign_in')).not.toBe('planted.planted');
  });

  it('see where they are signed in, and end what they like', async () => {
    const [laptop, phone, tablet] = [browserAt(server), browserAt(server), browserAt(server)];
    const { email } = await laptop.join();
    await phone.signIn(email);
    await tablet.signIn(email);
    const list = async () => SignInsBody.parse((await laptop.send('/api/auth/sign-ins')).body.data).signIns;
    const all = await list();
    expect(all.map(({ current }) => current)).toEqual([false, false, true]);
    expect(all[0]).toMatchObject({ address: expect.stringMatching(/^203\./), userAgent: expect.any(String) });
    expect((await laptop.send(`/api/auth/sign-ins/${all[0]?.id}`, 'DELETE')).status).toBe(200);
    expect((await tablet.me()).user).toBeNull();
    expect((await phone.me()).user?.email).toBe(email);
    expect((await laptop.send('/api/auth/sign-ins', 'DELETE')).status).toBe(200);
    expect((await phone.me()).user).toBeNull();
    expect(await list()).toHaveLength(1);
    const gone = await laptop.send(`/api/auth/sign-ins/${all[0]?.id}`, 'DELETE');
    expect({ status: gone.status, code: gone.body.code }).toEqual({ status: 404, code: 'sign_in_not_found' });
  });

  it('neither see nor end sign-ins of others', async () => {
    const [ada, bob] = [browserAt(server), browserAt(server)];
    await ada.join();
    await bob.join();
    const [signIn] = SignInsBody.parse((await ada.send('/api/auth/sign-ins')).body.data).signIns;
    expect((await bob.send(`/api/auth/sign-ins/${signIn?.id}`, 'DELETE')).status).toBe(404);
    expect(SignInsBody.parse((await bob.send('/api/auth/sign-ins')).body.data).signIns).toHaveLength(1);
    expect((await ada.me()).user).not.toBeNull();
  });

  it('are gone for good when they are to be, with what was said and wherever they are signed in', async () => {
    const [laptop, phone] = [browserAt(server), browserAt(server)];
    const { email } = await laptop.join();
    await phone.signIn(email);
    const { sessionId } = await laptop.start();
    expect((await laptop.send('/api/me', 'DELETE')).body.data).toEqual({ sessions: 1 });
    expect(laptop.jar.has('kuku_sign_in')).toBe(false);
    expect((await phone.me()).user).toBeNull();
    const again = await browserAt(server).send('/api/auth/sign-in', 'POST', { email, password: PASSWORD });
    expect(again.body.code).toBe('wrong_credentials');
    // Whoever has the address next has nothing of what was there.
    const next = browserAt(server);
    await next.join(email);
    expect(await next.list()).toEqual([]);
    expect((await next.send(`/api/sessions/${sessionId}`)).status).toBe(404);
  });

  it('may use a program: it gets a token, and short ones for others', async () => {
    const { email } = await browserAt(server).join();
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const json = { email, password: PASSWORD, token: true };
    const answer = await call<SignedInBody>(`${server.url}/api/auth/sign-in`, { method: 'POST', headers, json });
    expect(answer.headers.getSetCookie()).toEqual([]);
    const bearer = (token = '') => ({ authorization: `Bearer ${token}` });
    const mine = bearer(answer.body.data.token);
    const { sessionId, socket } = await data<CreatedSessionBody>(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: mine,
    });
    const client = connectTestClient({ access: socket });
    expect(await client.next('ready')).toMatchObject({ sessionId });
    await client.close();
    const minted = MintedBody.parse(await data(`${server.url}/api/auth/token`, { method: 'POST', headers: mine }));
    expect((await call(`${server.url}/api/sessions/${sessionId}`, { headers: bearer(minted.token) })).status).toBe(200);
    await data(`${server.url}/api/auth/sign-out`, { method: 'POST', headers: mine });
    for (const token of [answer.body.data.token, minted.token]) {
      const refused = await call(`${server.url}/api/sessions/${sessionId}`, { headers: bearer(token) });
      expect(refused.status).toBe(401);
      expect(['invalid_token', 'token_revoked']).toContain(refused.body.code);
    }
  });

  it('take their tickets along when they sign out', async () => {
    const browser = browserAt(server);
    await browser.join();
    const { sessionId } = await browser.start();
    const { socket } = (await browser.send<TicketBody>(`/api/sessions/${sessionId}/ticket`, 'POST')).body.data;
    await browser.send('/api/auth/sign-out', 'POST');
    const client = connectTestClient({ access: socket, headers: { origin: new URL(server.url).origin } });
    expect(await client.closed).toBe(CLOSE.badTicket.code);
  });

  it('change their password, which ends all other sign-ins', async () => {
    const [laptop, phone] = [browserAt(server), browserAt(server)];
    const { email } = await laptop.join();
    await phone.signIn(email);
    const change = (current: string, next: string) => laptop.send('/api/auth/password', 'POST', { current, next });
    expect((await change('not the password at all', 'seven herons over the weir')).body.code).toBe('wrong_credentials');
    expect((await change(PASSWORD, 'passwordpassword')).body.code).toBe('weak_password');
    expect((await change(PASSWORD, 'seven herons over the weir')).status).toBe(200);
    expect((await phone.me()).user).toBeNull();
    expect((await laptop.me()).user?.email).toBe(email);
    await phone.signIn(email, 'seven herons over the weir');
  });

  it('are not told apart by what is answered: signing up, signing in', async () => {
    const { email: known } = await browserAt(server).join();
    const shapeOf = ({ status, body, headers }: Answer<unknown>, email: string) => ({
      status,
      body: JSON.stringify(body).replaceAll(email, 'EMAIL'),
      headers: [...headers.keys()].filter((name) => name !== 'date').sort(),
    });
    const ask = async (path: string, email: string) =>
      shapeOf(await browserAt(server).send(path, 'POST', { email, password: 'seven herons over the weir' }), email);
    const unknown = newEmail();
    expect(await ask('/api/auth/sign-in', unknown)).toEqual(await ask('/api/auth/sign-in', known));
    expect(await ask('/api/auth/sign-up', unknown)).toEqual(await ask('/api/auth/sign-up', known));
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('are changed by no page of another origin: %o', async (foreign) => {
    const browser = browserAt(server);
    const { email } = await browser.join();
    const cookie = `kuku_sign_in=${browser.jar.get('kuku_sign_in')}`;
    for (const [path, method, json] of [
      ['/api/auth/sign-in', 'POST', { email, password: PASSWORD }],
      ['/api/auth/sign-up', 'POST', { email: newEmail(), password: PASSWORD }],
      ['/api/auth/sign-out', 'POST', {}],
      ['/api/auth/password', 'POST', { current: PASSWORD, next: 'seven herons over the weir' }],
      ['/api/auth/token', 'POST', {}],
      ['/api/auth/sign-ins', 'DELETE', undefined],
      ['/api/sessions', 'POST', undefined],
    ] as const) {
      const headers = { ...foreign, cookie };
      const { status, body } = await call(server.url + path, { method, headers, ...(json ? { json } : {}) });
      expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'origin_not_allowed' });
    }
    expect((await browser.me()).user?.email).toBe(email);
  });

  it.each([
    ['/api/auth/sign-up', {}],
    ['/api/auth/sign-up', { email: 'none', password: PASSWORD }],
    ['/api/auth/sign-up', { email: 'a@b.example', password: 7 }],
    ['/api/auth/sign-in', { email: 'a@b.example' }],
    ['/api/auth/sign-in', { email: 'a@b.example', password: 'x'.repeat(2000) }],
    ['/api/auth/sign-in', [1]],
    ['/api/auth/sign-in', { email: `${'a'.repeat(300)}@b.example`, password: PASSWORD }],
  ])('%s refuses %j', async (path, json) => {
    const { status, body } = await browserAt(server).send(path, 'POST', json);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
  });

  it('are asked for where only they help', async () => {
    for (const [path, method] of [
      ['/api/auth/sign-ins', 'GET'],
      ['/api/auth/sign-ins', 'DELETE'],
      ['/api/auth/sign-ins/x', 'DELETE'],
      ['/api/auth/token', 'POST'],
      ['/api/auth/password', 'POST'],
    ] as const) {
      const { status, body } = await browserAt(server).send(path, method);
      expect({ path, status, code: body.code }).toEqual({ path, status: 401, code: 'sign_in_required' });
    }
  });
});

describe('a guest who gets an account', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { AUTH_SECRET, TRUSTED_PROXIES: 'loopback' } });
  });
  afterAll(() => server.close());

  it('keeps what was said, and the session that is going on', async () => {
    const browser = browserAt(server);
    const before = await browser.start();
    await browser.send(`/api/sessions/${before.sessionId}/messages`, 'POST', { text: 'My otter is restless' });
    const { socket, sessionId } = await browser.start();
    const client = connectTestClient({ access: socket, headers: { origin: new URL(server.url).origin } });
    await client.next('ready');
    const { email } = await browser.join();
    expect(browser.jar.has('kuku_guest')).toBe(false);
    expect((await browser.list()).sort()).toEqual([before.sessionId, sessionId].sort());
    expect((await browser.send<SessionListBody>('/api/sessions?q=otter')).body.data.sessions).toHaveLength(1);
    expect((await browser.send(`/api/sessions/${sessionId}/ticket`, 'POST')).status).toBe(200);
    await client.close();
    // From now on they are the account's alone.
    expect((await browserAt(server).send(`/api/sessions/${before.sessionId}`)).status).toBe(404);
    const elsewhere = browserAt(server);
    await elsewhere.signIn(email);
    expect((await elsewhere.list()).sort()).toEqual([before.sessionId, sessionId].sort());
  });

  it('does not bring it into an account that was used before: it may be somebody else’s', async () => {
    const [own, shared] = [browserAt(server), browserAt(server)];
    const { email } = await own.join();
    await own.start();
    const { sessionId } = await shared.start();
    await shared.signIn(email);
    expect(await shared.list()).not.toContain(sessionId);
    await shared.send('/api/auth/sign-out', 'POST');
    expect(await shared.list()).toEqual([sessionId]);
  });
});

describe('a server without accounts', () => {
  it('says so, and has no routes for them', async () => {
    const server = await startTestServer();
    const browser = browserAt(server);
    expect(await browser.me()).toEqual({ user: null, accounts: false, guests: true });
    for (const path of ['/api/auth/sign-in', '/api/auth/sign-up', '/api/auth/sign-out']) {
      expect((await browser.send(path, 'POST', {})).status).toBe(404);
    }
    await server.close();
  });
});
