/** Requests that nobody should send: each gets a clear refusal in the envelope, and the server goes on. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody } from '../../../protocol/rest.ts';
import { call, data, expectRefusal } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let sessionId: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ sessionId } = await data<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST' }));
});
afterAll(async () => {
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await server.close();
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const id = fc.oneof(
  fc.constant('unknown'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%00', '%zz', '..%2f..%2fetc', "' or 1=1 --", '%E0%A4%A', 'a'.repeat(300), 'null', '-1', '1e9'),
);
const path = fc.oneof(
  fc
    .tuple(id, fc.constantFrom('', '/messages', '/end', '/rating', '/recap', '/ticket', '/nothing'))
    .map(([session, rest]) => `/api/sessions/${session}${rest}`),
  id.map((name) => `/audio/${name}`),
  id.map((query) => `/api/sessions?limit=${query}`),
  fc.constantFrom('/api', '/api/', '//', '/docs/../package.json', '/%2e%2e/package.json', '/assets/../../package.json'),
);
const contentType = fc.constantFrom(
  'application/json',
  'text/plain',
  'application/octet-stream',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'nonsense',
);
const body = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '{"text":null}',
    '{"text":{"a":1}}',
    '{"__proto__":1}',
    '{"constructor":{"prototype":1}}',
  ),
  fc.constant(`${'['.repeat(5000)}${']'.repeat(5000)}`),
);

describe('a malformed request', () => {
  it('is refused with a sentence in the envelope, whatever it is', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom(...METHODS), contentType, body, async (where, method, type, content) => {
        const withBody = method === 'GET' ? {} : { body: content, headers: { 'content-type': type } };
        const response = await fetch(server.url + where, { method, redirect: 'manual', ...withBody });
        const text = await response.text();
        expect(response.status, `${method} ${where} ${type} ${content}: ${text}`).toBeLessThan(500);
        // A list without an identity is empty, and a session is started whatever is sent along.
        if (response.status === 200) expect(where).toMatch(/^\/api\/sessions(\?|$)/);
        else expectRefusal({ status: response.status, headers: response.headers, body: JSON.parse(text) as never });
      }),
      { numRuns: 400 },
    );
  });

  it('about a session that is there is refused too, and changes nothing', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(contentType, body, async (type, content) => {
        const url = `${server.url}/api/sessions/${sessionId}`;
        for (const rest of ['/messages', '/rating']) {
          const answer = await call(url + rest, { method: 'POST', body: content, headers: { 'content-type': type } });
          expectRefusal(answer);
        }
      }),
      { numRuns: 100 },
    );
    expect(await data(`${server.url}/api/sessions/${sessionId}/messages`)).toEqual({ messages: [] });
  });
});

describe('on the wire', () => {
  /** Everything that comes back until the server closes. */
  const raw = (text: string, { endMs = 8000 } = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const socket = connect({ host: hostname, port: Number(port) });
      let received = '';
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`the server did not close; it said: ${received}`));
      }, endMs);
      socket.on('data', (chunk) => void (received += chunk.toString()));
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(received);
      });
      socket.write(text);
    });

  it.each([
    ['is no HTTP', 'hello\r\n\r\n', 400],
    ['has a broken header', 'GET /health HTTP/1.1\r\nHost: localhost\r\nx y: z\r\n\r\n', 400],
    ['has 40 KB of headers', `GET /health HTTP/1.1\r\nHost: localhost\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    [
      'has two lengths',
      'POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc',
      400,
    ],
    ['names no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_host'],
    [
      'asks a socket for a page',
      'GET /api/sessions/a/socket HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      426,
      'upgrade_required',
    ],
    [
      'names no host and asks for a socket',
      'GET /health HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      400,
      'bad_host',
    ],
    [
      'asks for a socket where there is nothing',
      'GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      404,
      'not_found',
    ],
  ])('what %s is refused in the envelope, and closed', async (_what, text, status, code = 'bad_request') => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      success: false,
      error: expect.stringMatching(/^\w.*\.$/),
      code,
    });
  });

  it('a body of words that does not come is given up after five seconds', { timeout: 15_000 }, async () => {
    const head = `POST /api/sessions/${sessionId}/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"te`;
    const startedMs = performance.now();
    const answer = await raw(head);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/"code":"too_slow"/);
    expect(performance.now() - startedMs).toBeGreaterThan(4000);
  });

  it('a recording that takes seven seconds is waited for', { timeout: 20_000 }, async () => {
    const part = '--b\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\n\r\nnothing\r\n--b--\r\n';
    const head = [
      `POST /api/sessions/${sessionId}/messages HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      'Content-Type: multipart/form-data; boundary=b',
      `Content-Length: ${part.length}`,
    ].join('\r\n');
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    let answer = '';
    socket.on('data', (chunk) => void (answer += chunk.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${head}\r\n\r\n${part.slice(0, 30)}`);
    await new Promise((resolve) => setTimeout(resolve, 7000));
    socket.write(part.slice(30));
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/Invalid audio format/);
  });
});
