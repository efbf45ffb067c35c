import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageRoutes } from '../../../server/routes/page.ts';
import { secureAnswers } from '../../../server/routes/security-headers.ts';

let root: string;
let app: FastifyInstance;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kuku-page-'));
  await mkdir(join(root, 'dist/assets'), { recursive: true });
  await writeFile(join(root, 'secret.txt'), 'secret');
  await writeFile(join(root, 'dist/.stamp'), 'secret');
  await writeFile(join(root, 'dist/index.html'), '<!doctype html><title>Kuku Coach</title>');
  await writeFile(join(root, 'dist/assets/main-abc123.js'), 'export {};');
  await writeFile(join(root, 'dist/assets/.hidden'), 'secret');
  app = Fastify();
  await secureAnswers(app, {});
  await app.register(pageRoutes({ distDir: join(root, 'dist') }));
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', host: 'coach.example:8443' };

test('a browser gets the page, asked for anew each time', async () => {
  const reply = await app.inject({ url: '/', headers: BROWSER });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-type']).toMatch(/^text\/html/);
  expect(reply.headers['cache-control']).toBe('no-cache');
  expect(reply.body).toContain('<title>Kuku Coach</title>');
  const again = await app.inject({ url: '/', headers: { ...BROWSER, 'if-none-match': String(reply.headers.etag) } });
  expect(again.statusCode).toBe(304);
});

test('whoever does not ask for HTML gets what the API is', async () => {
  for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
    const reply = await app.inject({ url: '/', headers });
    expect(reply.json()).toEqual({
      message: 'Kuku Coach API',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      docs: '/docs',
      health: '/health',
    });
    expect(reply.headers.vary).toContain('Accept');
  }
});

test('the page may load from its own origin only, and connect to its own sockets', async () => {
  const { headers } = await app.inject({ url: '/', headers: BROWSER });
  const policy = new Map(
    String(headers['content-security-policy'])
      .split(';')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  );
  expect(policy.get('default-src')).toBe("'none'");
  expect(policy.get('script-src')).toBe("'self'");
  expect(policy.get('style-src')).toBe("'self'");
  expect(policy.get('frame-ancestors')).toBe("'none'");
  expect(policy.get('connect-src')).toBe("'self' ws://coach.example:8443 wss://coach.example:8443");
  expect(headers['permissions-policy']).toContain('microphone=(self)');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('behind a proxy that asks by another name, the page may connect where clients reach the server', async () => {
  const proxied = Fastify();
  await secureAnswers(proxied, {});
  await proxied.register(pageRoutes({ distDir: join(root, 'dist'), publicUrl: 'https://talk.example.com' }));
  const { headers } = await proxied.inject({ url: '/', headers: { ...BROWSER, host: 'upstream:3000' } });
  expect(headers['content-security-policy']).toContain(
    "connect-src 'self' ws://talk.example.com wss://talk.example.com;",
  );
  await proxied.close();
});

test('a Host header can not write into the policy', async () => {
  const reply = await app.inject({ url: '/', headers: { ...BROWSER, host: "x; script-src 'unsafe-inline'" } });
  expect(String(reply.headers['content-security-policy'])).not.toContain('unsafe-inline');
});

test('assets are kept for a year', async () => {
  const reply = await app.inject({ url: '/assets/main-abc123.js' });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(reply.headers['content-type']).toMatch(/javascript/);
  expect(reply.headers['x-content-type-options']).toBe('nosniff');
});

/** Sends the path as it stands: HTTP clients would tidy it up. */
function rawStatus(path: string): Promise<number> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(answer.split(' ')[1])));
  });
}

test.each([
  '/assets/../index.html',
  '/assets/../.stamp',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/%252e%252e%252f.stamp',
  '/assets//etc/passwd',
  '/assets/.hidden',
  '/assets/',
  '/assets',
  '/.stamp',
  '/index.html',
  '/assets/missing.js',
])('%s is not found', async (path) => {
  expect(await rawStatus(path)).toBe(404);
});

test.each(['/assets/%00', '/assets/main-abc123.js%00.txt', '/assets/%zz'])('%s is refused', async (path) => {
  expect([400, 404]).toContain(await rawStatus(path));
});
