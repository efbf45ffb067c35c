/** What every answer says to a browser, whoever answers: a route, a file, an error handler, or no route at all. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../../clients/browser/build.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const ELSEWHERE = 'https://app.example';
const ORIGINS = `https://coach.example,${ELSEWHERE}`;
const SECRET = 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe';

let server: TestServer;
let port: number;
beforeAll(async () => {
  const env = { ALLOWED_ORIGINS: ORIGINS, TRUSTED_PROXIES: 'loopback', AUTH_SECRET: SECRET };
  server = await startTestServer({ env: { ...env, LIMIT_REQUESTS_PER_MINUTE: '100' }, pageDir: await ensureBuilt() });
  port = Number(new URL(server.url).port);
}, 90_000);
afterAll(() => server.close());

interface Answer {
  status: number;
  headers: Headers;
}

/** As it stands: HTTP clients would tidy up the path, and close what is left open. */
function raw(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      const [status = '', ...lines] = received.slice(0, received.indexOf('\r\n\r\n')).split('\r\n');
      const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
      resolve({ status: Number(status.split(' ')[1]), headers: new Headers(pairs) });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const get = (path: string, more = '') => raw(`GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
const send = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
const post = (path: string, body: string, headers = {}) =>
  send(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

function expectSecured({ headers }: Answer): void {
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).toContain("form-action 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|data:|blob:/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('permissions-policy')).toMatch(/microphone=\(self\).*camera=\(\)/);
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
}

describe('every answer is secured', () => {
  it.each([
    ['the page', 200, () => send('/', { headers: { accept: 'text/html' } })],
    ['the API’s few words', 200, () => send('/')],
    ['a script', 200, () => send('/kuku-coach.js')],
    ['the documents', 200, () => send('/docs')],
    ['JSON', 200, () => send('/health')],
    ['a head', 200, () => send('/health', { method: 'HEAD' })],
    ['a preflight', 204, () => preflight(ELSEWHERE)],
    ['nothing there', 404, () => get('/nothing')],
    ['no such asset', 404, () => get('/assets/nothing.js')],
    ['no such audio', 404, () => get('/audio/nothing.mp3')],
    ['no such method', 404, () => send('/health', { method: 'PUT' })],
    ['not signed in', 401, () => send('/api/auth/sign-ins')],
    ['a foreign page', 403, () => post('/api/auth/sign-in', '{}', { origin: 'https://evil.example' })],
    ['what is no JSON', 400, () => post('/api/auth/sign-in', '{')],
    ['too much', 413, () => post('/api/auth/sign-in', JSON.stringify('a'.repeat(70_000)))],
    ['another content type', 415, () => post('/api/auth/sign-in', 'a', { 'content-type': 'text/xml' })],
    ['an address that can’t be read', 400, () => get('/%zz')],
    ['what is no HTTP', 400, () => raw('hello\r\n\r\n')],
    ['headers that are too large', 431, () => get('/', `x: ${'a'.repeat(40_000)}\r\n`)],
    [
      'a socket of a foreign page',
      403,
      () => get('/api/sessions/x/socket', upgrade('Origin: https://evil.example\r\n')),
    ],
    [
      'a socket without a key',
      400,
      () => get('/api/sessions/x/socket', 'Connection: upgrade\r\nUpgrade: websocket\r\n'),
    ],
    ['a method nobody knows', 400, () => raw('BREW / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['an expectation', 417, () => get('/health', 'Expect: a-miracle\r\n')],
  ])('%s (%i)', async (_what, status, answer) => {
    const got = await answer();
    expect(got.status).toBe(status);
    expectSecured(got);
  });

  it('what comes too often (429)', async () => {
    const flood = () => get('/health-of-nobody', 'X-Forwarded-For: 198.51.100.7\r\n');
    let got = await flood();
    for (let asked = 1; got.status !== 429 && asked < 1500; asked++) got = await flood();
    expect(got.status).toBe(429);
    expectSecured(got);
  });
});

const upgrade = (more: string) =>
  `Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}`;

const preflight = (origin: string) =>
  send('/api/sessions', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

describe('pages of other origins', () => {
  it('may load the element, and nothing else of this server by a mere link', async () => {
    expect((await send('/kuku-coach.js')).headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    for (const path of ['/', '/health', '/api/sessions', '/docs']) {
      expect((await send(path)).headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
    }
  });

  it('that are named read answers as before', async () => {
    const answer = await send('/api/sessions', { headers: { origin: ELSEWHERE } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(ELSEWHERE);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  });
});

describe('HSTS', () => {
  const hsts = ({ headers }: Answer) => headers.get('strict-transport-security');

  it('is for requests that came over TLS', async () => {
    expect(hsts(await send('/health'))).toBeNull();
    expect(hsts(await send('/health', { headers: { 'x-forwarded-proto': 'https' } }))).toBe('max-age=31536000');
  });

  it('is for all requests where PUBLIC_URL says that TLS is in front', async () => {
    const behindTls = await startTestServer({ env: { AUTH: 'guest', PUBLIC_URL: 'https://coach.example' } });
    expect(hsts(await fetch(`${behindTls.url}/nothing`))).toBe('max-age=31536000');
    await behindTls.close();
  });
});
