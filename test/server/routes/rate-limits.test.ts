/** One who asks too often is told to wait, and nobody else notices. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { CreatedSessionBody } from '../../../protocol/rest.ts';
import { networkOf } from '../../../server/routes/rate-limits.ts';
import { call, data, expectRefusal } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient, freshAccess } from '../../support/test-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    env: {
      // Who asks is told by a header, so that one test is many addresses.
      TRUSTED_PROXIES: 'loopback',
      LIMIT_REQUESTS_PER_MINUTE: '20',
      LIMIT_SESSIONS_PER_HOUR: '3',
      LIMIT_MESSAGES_PER_MINUTE: '4',
      LIMIT_HANDSHAKES_PER_MINUTE: '5',
      LIMIT_SIGN_INS_PER_MINUTE: '3',
      LIMIT_ADDRESS_FACTOR: '2',
      AUTH: 'guest',
      AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe',
    },
  });
});
afterAll(() => server.close());

let addresses = 0;
const newAddress = () => `203.0.113.${++addresses}`;
const from = (address: string) => ({ 'x-forwarded-for': address });
const create = (headers: Record<string, string>) =>
  call<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers });

describe('an address', () => {
  it('that asks too often is refused with the time to wait; another is not', async () => {
    const address = newAddress();
    const ask = (who: string) => call(`${server.url}/api/sessions`, { headers: from(who) });
    const answers = [];
    for (let time = 0; time < 45; time++) answers.push(await ask(address));
    expect(answers.map(({ status }) => status)).toEqual([...Array(40).fill(200), ...Array(5).fill(429)]);
    const last = answers.at(-1);
    if (last) expectRefusal(last, 'too_many_requests');
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(last?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await ask(newAddress())).status).toBe(200);
  });

  it('that asks for what is not there is counted too', async () => {
    const headers = from(newAddress());
    const statuses = new Set<number>();
    for (let time = 0; time < 41; time++) statuses.add((await call(`${server.url}/nothing`, { headers })).status);
    expect(statuses).toEqual(new Set([404, 429]));
  });

  it('starts so many sessions and sends so many messages, and no more', async () => {
    const headers = from(newAddress());
    const created = [];
    for (let time = 0; time < 7; time++) created.push(await create(headers));
    expect(created.map(({ status }) => status)).toEqual([...Array(6).fill(200), 429]);
    const url = `${server.url}/api/sessions/${created[0]?.body.data.sessionId}/messages`;
    const said = [];
    for (let time = 0; time < 9; time++) {
      said.push(await call(url, { method: 'POST', headers: from('203.0.113.250'), json: { text: 'Hello' } }));
    }
    expect(said.map(({ status }) => status)).toEqual([...Array(8).fill(200), 429]);
  });

  it('is never refused /health, which balancers ask', async () => {
    const headers = from(newAddress());
    for (let time = 0; time < 60; time++) {
      expect((await fetch(`${server.url}/health`, { headers })).status).toBe(200);
    }
  });

  it('opens so many sockets a minute; the next is closed with 4029', async () => {
    const { sessionId } = await data<CreatedSessionBody>(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: from(newAddress()),
    });
    const headers = from(newAddress());
    const codes = [];
    for (let time = 0; time < 11; time++) {
      // A ticket that nobody gave: the socket is closed at once.
      const access = { ...(await freshAccess(server.url, sessionId)), protocols: ['kuku.v1', 'ticket.x'] };
      codes.push(await connectTestClient({ access, headers }).closed);
    }
    expect(codes).toEqual([...Array(10).fill(CLOSE.badTicket.code), CLOSE.quota.code]);
  });
});

describe('a user', () => {
  const browser = (address: string) => ({ ...from(address), 'sec-fetch-site': 'none' });
  const firstSession = async () => {
    const { headers, body } = await create(browser(newAddress()));
    return { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', access: body.data.socket };
  };

  it('starts so many sessions, from however many addresses', async () => {
    const { cookie } = await firstSession();
    const statuses = [];
    for (let time = 0; time < 4; time++) statuses.push((await create({ ...browser(newAddress()), cookie })).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('sends so many messages, from however many addresses', async () => {
    const { cookie, access } = await firstSession();
    const url = access.url.replace(/^ws/, 'http').replace(/socket$/, 'messages');
    const said = [];
    for (let time = 0; time < 5; time++) {
      const headers = { ...browser(newAddress()), cookie };
      said.push(await call(url, { method: 'POST', headers, json: { text: 'Hello' } }));
    }
    expect(said.map(({ status }) => status)).toEqual([...Array(4).fill(200), 429]);
  });

  it('talks in so many sessions at once; a socket that replaces another needs no more room', async () => {
    const roomy = await startTestServer({ env: { LIMIT_SOCKETS_PER_USER: '1' } });
    const start = (cookie = '') =>
      call<CreatedSessionBody>(`${roomy.url}/api/sessions`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'none', cookie },
      });
    const { headers, body: created } = await start();
    const { socket: access } = created.data;
    const { body } = await start(headers.getSetCookie()[0]?.split(';')[0]);
    const first = connectTestClient({ access });
    await first.next('ready');
    const second = connectTestClient({ access: body.data.socket });
    expect(await second.closed).toBe(CLOSE.quota.code);

    const sessionId = access.url.split('/').at(-2) ?? '';
    const again = connectTestClient({ access: await freshAccess(roomy.url, sessionId) });
    await again.next('ready');
    expect(await first.closed).toBe(CLOSE.replaced.code);
    await again.close();
    await expect
      .poll(
        async () => {
          const third = connectTestClient({ access: await freshAccess(roomy.url, body.data.sessionId) });
          const ready = third.next('ready').then(() => 'ready');
          return Promise.race([third.closed, ready]).finally(() => void third.close());
        },
        { timeout: 10_000, interval: 100 },
      )
      .toBe('ready');
    await roomy.close();
  });
});

describe('signing in', () => {
  const attempt = async (path: string, email: string, address: string) => {
    const json = { email, password: 'four otters in a canoe' };
    return (await call(`${server.url}/api/auth/${path}`, { method: 'POST', headers: from(address), json })).status;
  };

  it('is tried so often for one account, from however many addresses, whether there is one or not', async () => {
    expect(await attempt('sign-up', 'ada@example.org', newAddress())).toBe(200);
    const known = [];
    for (let time = 0; time < 3; time++) known.push(await attempt('sign-in', ' ADA@example.org', newAddress()));
    expect(known).toEqual([200, 200, 429]);
    const unknown = [];
    for (let time = 0; time < 4; time++) unknown.push(await attempt('sign-in', 'eve@example.org', newAddress()));
    expect(unknown).toEqual([401, 401, 401, 429]);
  });

  it('is tried so often from one address, for however many accounts', async () => {
    const address = newAddress();
    const statuses = [];
    for (let time = 0; time < 7; time++) statuses.push(await attempt('sign-in', `p${time}@example.org`, address));
    expect(statuses).toEqual([...Array(6).fill(401), 429]);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'gone'],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});
