/**
 * Attacks on one server, in a process of its own, over real sockets. What concerns one route alone is with that route's
 * tests; SECURITY.md says which defence is tested where.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody } from '../../protocol/rest.ts';
import { ffmpeg, hasFfmpeg } from '../support/audio-files.ts';
import { type Child, startChild } from '../support/child.ts';
import { call, data, expectRefusal, recordingForm } from '../support/rest.ts';
import { connectTestClient, createTestSession, freshAccess } from '../support/test-client.ts';
import { WITHOUT_RATES } from '../support/without-rates.ts';

const MB = 2 ** 20;
const withFfmpeg = await hasFfmpeg();

let folder: string;
let child: Child;
let url: string;
let port: number;
/** Everything that the server wrote, as it wrote it. */
const written: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-attacks-'));
  const env = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'trace' };
  const program = new URL('../support/scripted-main.ts', import.meta.url);
  child = startChild(program, [], {
    env: { ...WITHOUT_RATES, ...env, AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' },
  });
  written.push(...(await child.until((line) => line.includes('"ready"'))));
  url = (JSON.parse(written.at(-1) ?? '') as { address: string }).address;
  port = Number(new URL(url).port);
});
afterAll(async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200);
  process.kill(child.pid, 'SIGTERM');
  await child.ended();
  await rm(folder, { recursive: true, force: true });
});

interface Line {
  socket: Socket;
  /** All that came, once the server has closed. */
  closed: Promise<string>;
}

function dial(): Line {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  socket.on('error', () => {});
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(received))) };
}

/** Sends it as it stands, and gives what came back. */
async function raw(text: string): Promise<string> {
  const { socket, closed } = dial();
  socket.write(text);
  return closed;
}

const get = (path: string, headers = '') =>
  raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}Connection: close\r\n\r\n`);
const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const newSession = () => data<CreatedSessionBody>(`${url}/api/sessions`, { method: 'POST' });

/** The most memory that the server's process has had so far. */
async function peakBytes(): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

describe('clients that take their time', () => {
  it('are cut off, all of them, and others are served meanwhile', { timeout: 60_000 }, async () => {
    const silent = Array.from({ length: 100 }, dial);
    const dripping = Array.from({ length: 100 }, dial);
    for (const { socket } of dripping) socket.write('GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const drip = setInterval(() => dripping.forEach(({ socket }) => socket.writable && socket.write('a')), 300);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const answers = await Promise.all([...silent, ...dripping].map(({ closed }) => closed));
    clearInterval(drip);
    expect(new Set(answers.map(statusOf))).toEqual(new Set([408]));
  });

  it('are cut off, too, when the body drips', { timeout: 60_000 }, async () => {
    const { sessionId } = await newSession();
    const lines = Array.from({ length: 50 }, dial);
    const head = `POST /api/sessions/${sessionId}/messages HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
    for (const { socket } of lines) {
      socket.write(`${head}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n`);
    }
    const drip = setInterval(() => lines.forEach(({ socket }) => socket.writable && socket.write(' ')), 300);
    const answers = await Promise.all(lines.map(({ closed }) => closed));
    clearInterval(drip);
    expect(new Set(answers.map(statusOf))).toEqual(new Set([408]));
  });
});

describe('bodies that want to be more than they are', () => {
  const nested = (open: string, close: string) => open.repeat(9000) + close.repeat(9000);
  it.each([
    ['nested arrays', `{"text":${nested('[', ']')}}`, 400],
    ['nested objects', `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`, 400],
    ['an array of 30,000', `[${'1,'.repeat(30_000)}1]`, 400],
    ['an object of 5,000 keys', `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join()}}`, 400],
    ['a prototype', '{"__proto__":{"isAdmin":true},"text":"hello"}', 400],
    ['a prototype in escapes', '{"\\u005f_proto__":{"isAdmin":true},"text":"hello"}', 400],
    ['a constructor’s prototype', '{"constructor":{"prototype":{"isAdmin":true}},"text":"hello"}', 400],
    ['a number of 60,000 digits', `{"text":${'9'.repeat(60_000)}}`, 400],
    ['more than 64 kB', JSON.stringify({ text: 'a'.repeat(65_536) }), 413],
  ])('%s', async (_what, body, status) => {
    const { sessionId } = await newSession();
    for (const path of [`/api/sessions/${sessionId}/messages`, '/api/auth/sign-in']) {
      const headers = { 'content-type': 'application/json' };
      const answer = await call(url + path, { method: 'POST', body, headers });
      expect(answer.status).toBe(status);
      expectRefusal(answer);
    }
  });

  it('are refused by what they announce, before they come', async () => {
    const head = `POST /api/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`;
    expect(statusOf(await raw(`${head}Content-Length: 999999999999\r\nConnection: close\r\n\r\n`))).toBe(413);
  });

  it('are refused when they announce nothing and do not end', async () => {
    const { socket, closed } = dial();
    const head = `POST /api/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`);
    const chunk = `${(4096).toString(16)}\r\n${' '.repeat(4096)}\r\n`;
    for (let sent = 0; sent < 100 && socket.writable; sent++) socket.write(chunk);
    expect(statusOf(await closed)).toBe(413);
  });

  it('are not unpacked', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await call(`${url}/api/auth/sign-in`, { method: 'POST', body: new Uint8Array(2000), headers });
    expect(answer.status).toBe(400);
    expectRefusal(answer);
  });
});

describe.skipIf(!withFfmpeg)('recordings that are small until they are decoded', () => {
  const upload = async (bytes: Uint8Array) => {
    const { sessionId } = await newSession();
    return call(`${url}/api/sessions/${sessionId}/messages`, { method: 'POST', body: recordingForm(bytes) });
  };
  const silence = (file: string, seconds: number, args: readonly string[]) =>
    ffmpeg(folder, file, ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', String(seconds), ...args]);

  it.each([
    ['bomb.flac', 3600, [] as string[]],
    ['bomb.mp3', 1800, ['-b:a', '8k']],
  ])('%s is refused for its length, within memory', { timeout: 120_000 }, async (file, seconds, args) => {
    const bytes = await silence(file, seconds, args);
    expect(bytes.length).toBeLessThan(25 * MB);
    expect((await upload(await silence('warm.flac', 1, []))).status).toBe(200);
    const before = await peakBytes();
    const answer = await upload(bytes);
    expect({ status: answer.status, ...answer.body }).toMatchObject({ status: 413, code: 'audio_too_long' });
    expect(answer.body.error).toMatch(/longer than 5 minutes/);
    expect((await peakBytes()) - before).toBeLessThan(250 * MB);
  });

  it('a header that promises hours gets what is there, or a refusal', { timeout: 60_000 }, async () => {
    const before = await peakBytes();
    const flac = (await silence('short.flac', 1, [])).slice();
    // STREAMINFO: the last 4 bits of byte 21 and the next four bytes count the samples.
    flac[21] = (flac[21] ?? 0) | 0x0f;
    flac.fill(0xff, 22, 26);
    const wav = (await silence('short.wav', 1, [])).slice();
    new DataView(wav.buffer).setUint32(wav.length - 16_000 - 4, 0xffff_ffff, true);
    for (const file of [flac, wav]) expect([200, 400, 413]).toContain((await upload(file)).status);
    expect((await peakBytes()) - before).toBeLessThan(250 * MB);
  });
});

describe('paths that lead out', () => {
  it.each([
    '/audio/../../etc/passwd',
    '/audio/..%2f..%2f..%2fetc%2fpasswd',
    '/audio/%2e%2e%2f%2e%2e%2fdata%2fPG_VERSION',
    '/audio/..%5c..%5cdata',
    '/audio/%252e%252e%252fdata',
    '/audio/.%00.mp3',
    '/api/sessions/..%2f..%2fme%2fexport',
    '/api/sessions/%2e%2e/messages',
    '/docs/..%2fpackage.json',
    '//etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    'file:///etc/passwd',
  ])('%s leads nowhere', async (path) => {
    const answer = await get(path);
    expect([400, 404]).toContain(statusOf(answer));
    expect(answer).not.toMatch(/root:|PG_VERSION|"dependencies"/);
  });
});

describe('what is put into the log', () => {
  it('stays within its line', async () => {
    const { sessionId } = await newSession();
    const evil = 'x%0d%0a{"level":60,"msg":"forged"}%1b[2J%00%e2%80%a8';
    await get(`/api/sessions/${evil}/messages`);
    await get(`/%zz${evil}`);
    await get('/health', 'X-Request-Id: \t{"msg":"forged"}\x7f\r\nUser-Agent: \x1b[31m\u00ff\r\n');
    await get('/health', 'X-Request-Id: a\rSet-Cookie: forged=1\r\n');
    const answer = await get(`/api/sessions/${evil}`, 'X-Request-Id: forged-id\r\n');
    expect(answer).not.toMatch(/^(set-cookie: forged|x-request-id)/im);
    // A broken protocol is logged with what was wrong with it.
    const { socket } = await createTestSession(url);
    const client = connectTestClient({ access: socket });
    await client.next('ready');
    client.socket.send('{"type":"\\r\\n{\\"msg\\":\\"forged\\"}\\u001b[2J"}');
    await client.closed;
    const text = 'one\r\n{"level":60,"msg":"forged"}\r\n\u001b[2J\u2028two';
    await call(`${url}/api/sessions/${sessionId}/messages`, { method: 'POST', json: { text } });
    written.push(...child.rest());
    expect(written.some((line) => line.includes('client broke the protocol'))).toBe(true);
    for (const line of written) {
      // eslint-disable-next-line no-control-regex
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      const { msg, service } = JSON.parse(line) as { msg?: string; service?: string };
      expect(service).toBe('kuku-coach');
      expect(msg).not.toBe('forged');
    }
  });
});

describe('a ticket', () => {
  it('lets one in, however many try it at once', async () => {
    const { sessionId } = await newSession();
    const access = await freshAccess(url, sessionId);
    const clients = Array.from({ length: 10 }, () => connectTestClient({ access, hello: { audio: {} } }));
    const outcomes = await Promise.all(
      clients.map((client) => Promise.race([client.next('ready').then(() => 'in'), client.closed])),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 4001)).toHaveLength(9);
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('names that are not the server’s', () => {
  const create = (headers: string) =>
    raw(`POST /api/sessions HTTP/1.1\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  const own = () => `Host: 127.0.0.1:${port}\r\n`;

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', ''])(
    'a page that calls it “%s” gets nothing: that name was made to lead here',
    async (host) => {
      const answer = await create(`Host: ${host}\r\nOrigin: http://${host}\r\n`);
      expect([400, 421]).toContain(statusOf(answer));
      expect(answer).not.toContain('ticket');
    },
  );

  it('are not taken from what a client says of a proxy', async () => {
    for (const header of ['X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example', 'X-Host: evil.example']) {
      const answer = await create(`${own()}${header}\r\n`);
      expect(statusOf(answer)).toBe(200);
      expect(answer).toContain(`ws://127.0.0.1:${port}/`);
      expect(answer).not.toContain('evil');
    }
  });

  it('do not come second, nor in the address', async () => {
    expect(await create(`${own()}Host: evil.example\r\n`)).not.toContain('evil');
    const absolute = `POST http://evil.example/api/sessions HTTP/1.1\r\n${own()}Content-Length: 0\r\nConnection: close\r\n\r\n`;
    expect(await raw(absolute)).not.toContain('evil');
  });
});

describe('two requests in one', () => {
  it.each([
    ['a length and chunks', 'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG'],
    ['an odd encoding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'Content-Length : 0\r\n\r\n'],
    ['a bare line feed', 'Content-Length: 0\nX-More: a\r\n\r\n'],
  ])('%s: refused, and closed', async (_what, rest) => {
    const answer = await raw(`POST /api/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${rest}`);
    expect([400, 408]).toContain(statusOf(answer));
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
