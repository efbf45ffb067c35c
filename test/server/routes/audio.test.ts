import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AudioStore } from '../../../server/ports/audio-store.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { audioRoutes } from '../../../server/routes/audio.ts';
import type { Caller } from '../../../server/routes/callers.ts';
import { sendError } from '../../../server/routes/failures.ts';
import { secureAnswers } from '../../../server/routes/security-headers.ts';
import { createAudioFiles } from '../../../server/storage/audio-files.ts';
import { createSealing } from '../../../server/storage/sealing.ts';

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const NOBODY: Caller = {
  userId: undefined,
  guestId: undefined,
  role: 'user',
  issuer: undefined,
  subject: undefined,
  signInId: undefined,
};
let root: string;
let app: FastifyInstance;
let name: string;
let url: string;

async function serve(audio: AudioStore): Promise<FastifyInstance> {
  const served = fastify();
  served.setErrorHandler(sendError);
  await secureAnswers(served, {});
  await served.register(
    audioRoutes({
      audio,
      archive: { audioOwner: async () => undefined },
      callers: { of: async () => NOBODY, mustOwn: async () => NOBODY },
      forOtherPages: true,
    }),
  );
  return served;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kuku-audio-'));
  const audio = createAudioFiles({ folder: join(root, 'audio'), clock: systemClock });
  const { signal } = new AbortController();
  name = await audio.put({ sessionId: 's', bytes: BYTES, contentType: 'audio/mpeg' }, { signal });
  app = await serve(audio);
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

const get = (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url: `/audio/${name}`, headers });

it('of a reply that can’t be opened sends a failure that nobody keeps, and nothing of the inside', async () => {
  const [session = ''] = await readdir(join(root, 'audio'));
  const key = { id: 'k1', key: randomBytes(32) };
  const sealed = createAudioFiles({ folder: join(root, 'audio'), clock: systemClock, sealing: createSealing([key]) });
  const { signal } = new AbortController();
  const [missing, changed] = [
    await sealed.put({ sessionId: 's', bytes: BYTES, contentType: 'audio/mpeg' }, { signal }),
    await sealed.put({ sessionId: 's', bytes: BYTES, contentType: 'audio/mpeg' }, { signal }),
  ];
  const path = join(root, 'audio', session, changed.slice(session.length + 1));
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0, bytes.length - 20));
  const withKey = await serve(sealed);
  for (const [from, file] of [
    [app, missing],
    [withKey, changed],
  ] as const) {
    const reply = await from.inject({ url: `/audio/${file}`, headers: { range: 'bytes=0-9' } });
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ success: false, error: 'What is kept here can’t be opened.' });
    expect(reply.body).not.toContain('k1');
    for (const header of ['etag', 'cache-control', 'content-range']) expect(reply.headers).not.toHaveProperty(header);
  }
  await withKey.close();
});

it('sends the whole file with its type and length, not to be guessed otherwise', async () => {
  const reply = await get();
  expect(reply.statusCode).toBe(200);
  expect(new Uint8Array(reply.rawPayload)).toEqual(BYTES);
  expect(reply.headers).toMatchObject({
    'content-type': 'audio/mpeg',
    'content-length': '1000',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, max-age=86400, immutable',
  });
});

it('tells the length without the file when asked for its head', async () => {
  const reply = await get({}, 'HEAD');
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-length']).toBe('1000');
  expect(reply.rawPayload).toHaveLength(0);
});

it.each([
  ['bytes=0-0', 0, 0],
  ['bytes=0-', 0, 999],
  ['bytes=100-199', 100, 199],
  ['bytes=990-5000', 990, 999],
  ['bytes=-10', 990, 999],
  ['bytes=-5000', 0, 999],
])('sends the part that %s names', async (range, start, end) => {
  const reply = await get({ range });
  expect(reply.statusCode).toBe(206);
  expect(reply.headers['content-range']).toBe(`bytes ${start}-${end}/1000`);
  expect(reply.headers['content-length']).toBe(String(end - start + 1));
  expect(new Uint8Array(reply.rawPayload)).toEqual(BYTES.slice(start, end + 1));
});

it.each(['bytes=1000-', 'bytes=2000-3000', 'bytes=-0'])(
  'refuses %s, which is outside, with the size',
  async (range) => {
    const reply = await get({ range });
    expect(reply.statusCode).toBe(416);
    expect(reply.headers['content-range']).toBe('bytes */1000');
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.json()).toMatchObject({ success: false, code: 'range_not_satisfiable' });
  },
);

it.each(['bytes=abc', 'lines=1-2', 'bytes=0-1,5-6', 'bytes', ''])('sends all for "%s"', async (range) => {
  const reply = await get({ range });
  expect(reply.statusCode).toBe(200);
  expect(reply.rawPayload).toHaveLength(1000);
});

it('sends a part only of the file that the client knows', async () => {
  const { etag } = (await get()).headers;
  expect((await get({ range: 'bytes=0-9', 'if-range': String(etag) })).statusCode).toBe(206);
  expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).statusCode).toBe(200);
});

it('frees the file when the client goes away in the middle', async () => {
  await new Promise<void>((resolve) => {
    const sent = request(`${url}/audio/${name}`, (response) => {
      response.destroy();
      resolve();
    });
    sent.end();
  });
  expect((await get()).statusCode).toBe(200);
});

it.each([
  'unknown.mp3',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fpackage.json',
  '....//....//package.json',
  '%00',
  'a%00.mp3',
  '%5c..%5c',
  '.',
  '..',
  'audio',
  `${'a'.repeat(22)}.${'b'.repeat(22)}.exe`,
])('knows nothing of %s', async (path) => {
  const reply = await app.inject({ url: `/audio/${path}` });
  expect(reply.statusCode).toBe(404);
  expect(reply.body).not.toMatch(/root:|"scripts"/);
});

it('refuses a name that is longer than any', async () => {
  const reply = await app.inject({ url: `/audio/${'a'.repeat(5000)}` });
  expect(reply.statusCode).toBe(414);
});
