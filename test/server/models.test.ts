import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installModel } from '../../server/models-install.ts';
import type { InstallOptions } from '../../server/models-install.ts';
import { systemClock } from '../../server/ports/clock.ts';
import type { Clock } from '../../server/ports/clock.ts';
import type { Model, ModelSource } from '../../server/providers/local/models.ts';

/** Pauses and stall deadlines pass a hundred times as fast. */
const fastClock: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 100, run) };

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8) * 13) & 0xff));
/**
 * Holds `./pack/encoder-epoch-1.onnx`, `pack/tokens.txt`, a symbolic link, and two files whose paths lead out of the
 * folder (`../../escaped.txt` and `/tmp/kuku-escaped.txt`).
 */
const ARCHIVE = Buffer.from(
  'QlpoOTFBWSZTWaU91xsAAKdfgMuQQAP/gAIIqiB+b9/ACCgwARjRjAGmho0YjIBoANDBpNJN6p6AEyYCGQegmjBJEgTJim02qDQNGaNRp5PVJa9g4277' +
    'xFCyGBFuxISIxxpqP0UwrgW552d2EwqgSGAUXehw4/TkEklzb+8sPQ3d9sTT8KGbHSEDOUNobxRsdJKGAnSSgwkvvLLLPrUJJrGKe+e+/IE661DjVhis' +
    'E0JU4CQ0YZ84QTgWYBW1g8zoJ/d/Y15hqgAloTIAKjwSSVnLjw5IAGgTF8jtbALOlPcbC9ABCd6b6kAFHWWwzufErYTIAK2HtFHUGFNQVhiSRKcoruDg' +
    'ADBdyRThQkKU91xs',
  'base64',
);
const ENCODER = Buffer.from('encoder '.repeat(64));
const TOKENS = Buffer.from('a 0\nb 1\n');

const known = (body: Buffer) => [{ bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }];

let root: string;
let server: Server;
let base: string;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'kuku-models-'));
  requests = [];
  answer = serve(BODY);
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

/** A server as it should be: whole bodies, and ranges from a byte on. */
function serve(body: Buffer) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length - from, ...range });
    response.end(body.subarray(from));
  };
}

/** Sends the first half, then the connection breaks. */
function cut(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': BODY.length - from,
    'content-range': `bytes ${from}-${BODY.length - 1}/${BODY.length}`,
  });
  response.write(BODY.subarray(from, from + ((BODY.length - from) >> 1)), () => response.destroy());
}

function oneFile(
  sources: readonly ModelSource[] = [{ type: 'files', base, names: { 'a.bin': 'their-a.bin' } }],
): Model {
  return {
    purpose: 'test',
    licence: 'MIT',
    optional: false,
    files: [{ name: 'a.bin', known: known(BODY) }],
    sources,
  };
}

function archived(entries: Record<string, string>, archive = ARCHIVE, from = base): Model {
  return {
    ...oneFile([{ type: 'archive', url: `${from}pack.tar.bz2`, names: entries, ...(known(archive)[0] ?? never()) }]),
    files: [
      { name: 'encoder.onnx', known: known(ENCODER) },
      { name: 'tokens.txt', known: known(TOKENS) },
    ],
  };
}

function never(): never {
  throw new Error('unreachable');
}

const ENTRIES = { 'encoder.onnx': 'pack/encoder-epoch-1.onnx', 'tokens.txt': 'pack/tokens.txt' };

function install(model: Model, options: Partial<InstallOptions> = {}): Promise<string> {
  return installModel({
    modelsDir: root,
    name: 'm',
    model,
    clock: fastClock,
    signal: new AbortController().signal,
    progress: { begin() {}, advance() {}, end() {}, note() {} },
    ...options,
  });
}

const files = () => readdirSync(join(root, 'm')).sort();
const installed = () => readFileSync(join(root, 'm', 'a.bin'));

describe('a download', () => {
  test('is in its place when it is whole, under our name, and is not fetched again', async () => {
    const progress: number[] = [];
    const noted = { begin() {}, advance: (bytes: number) => void progress.push(bytes), end() {}, note() {} };
    expect(await install(oneFile(), { progress: noted })).toBe('installed');
    expect(installed().equals(BODY)).toBe(true);
    expect(files()).toEqual(['a.bin']);
    expect(requests.map(({ url }) => url)).toEqual(['/their-a.bin']);
    expect(progress.at(-1)).toBe(BODY.length);
    expect(await install(oneFile())).toBe('present');
    expect(requests).toHaveLength(1);
  });

  test('goes on where the connection broke', async () => {
    answer = (request, response) => (requests.length < 3 ? cut(request, response) : serve(BODY)(request, response));
    await install(oneFile());
    expect(installed().equals(BODY)).toBe(true);
    // What the kernel held when the connection broke is lost with it, so the places are not exact.
    const starts = requests.map(({ headers }) => Number(/\d+/.exec(headers.range ?? '')?.[0] ?? 0));
    expect(starts).toEqual([0, expect.any(Number), expect.any(Number)]);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1] ?? Infinity);
  });

  test('goes on with what an earlier run left', async () => {
    mkdirSync(join(root, 'm'));
    writeFileSync(join(root, 'm', 'a.bin.part'), BODY.subarray(0, 1000));
    await install(oneFile());
    expect(requests[0]?.headers.range).toBe('bytes=1000-');
    expect(installed().equals(BODY)).toBe(true);
  });

  test('starts over when the server knows no ranges', async () => {
    answer = (request, response) => {
      if (requests.length === 1) return cut(request, response);
      response.writeHead(200, { 'content-length': BODY.length }).end(BODY);
    };
    await install(oneFile());
    expect(installed().equals(BODY)).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test('starts over when the part it went on with was of another file', async () => {
    mkdirSync(join(root, 'm'));
    writeFileSync(join(root, 'm', 'a.bin.part'), Buffer.alloc(5000, 1));
    await install(oneFile());
    expect(installed().equals(BODY)).toBe(true);
    expect(requests.map(({ headers }) => headers.range)).toEqual(['bytes=5000-', undefined]);
  });

  test('is refused when its bytes are not the expected ones, and leaves nothing', async () => {
    answer = serve(Buffer.alloc(BODY.length, 7));
    await expect(install(oneFile())).rejects.toThrow(/not the file that is expected/);
    expect(files()).toEqual([]);
  });

  test('is refused at once when the server announces another size', async () => {
    answer = serve(Buffer.alloc(BODY.length + 1));
    await expect(install(oneFile())).rejects.toThrow(/size or checksum differs/);
  });

  test('is broken off when more comes than expected', async () => {
    let sent = 0;
    answer = (_, response) => {
      response.on('error', () => {});
      const more = (): void => {
        while (sent < 100e6 && !response.destroyed) {
          sent += BODY.length;
          if (!response.write(BODY)) return void response.once('drain', more);
        }
      };
      more();
    };
    await expect(install(oneFile())).rejects.toThrow(/not the file that is expected/);
    expect(sent).toBeLessThan(50e6);
  });

  test('says that the file is not there, without asking twice', async () => {
    answer = (_, response) => void response.writeHead(404).end();
    await expect(install(oneFile())).rejects.toThrow(/their-a\.bin answers 404/);
    expect(requests).toHaveLength(1);
  });

  test('is tried again when the server is busy', async () => {
    answer = (request, response) =>
      requests.length < 3 ? void response.writeHead(503).end() : serve(BODY)(request, response);
    await install(oneFile());
    expect(requests).toHaveLength(3);
  });

  test('is tried again when nothing comes any more', async () => {
    answer = (request, response) => {
      if (requests.length > 1) return serve(BODY)(request, response);
      response.writeHead(200, { 'content-length': BODY.length });
      response.write(BODY.subarray(0, 100));
    };
    await install(oneFile());
    expect(requests[1]?.headers.range).toBe('bytes=100-');
  });

  test('says that nobody answers', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(install(oneFile())).rejects.toThrow(/127\.0\.0\.1:\d+ refuses the connection/);
    server.listen(0, '127.0.0.1');
  });

  test('can be stopped, and keeps what it has', async () => {
    const stop = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': BODY.length });
      response.write(BODY.subarray(0, 70_000));
    };
    const progress = { begin() {}, advance: () => stop.abort(new Error('enough')), end() {}, note() {} };
    await expect(install(oneFile(), { signal: stop.signal, progress })).rejects.toThrow('enough');
    expect(files()).toEqual(['a.bin.part']);
    expect(existsSync(join(root, 'm', 'a.bin'))).toBe(false);
  });

  test('is not begun without room on the disk', async () => {
    const model = { ...oneFile(), files: [{ name: 'a.bin', known: [{ bytes: 1e17, sha256: '' }] }] };
    await expect(install(model)).rejects.toThrow(/has [\d.]+ MB free, and 100000000000\.0 MB are needed/);
    expect(requests).toHaveLength(0);
  });

  test('comes from the next source when one fails', async () => {
    answer = (request, response) =>
      request.url?.startsWith('/gone') ? void response.writeHead(410).end() : serve(BODY)(request, response);
    const notes: string[] = [];
    const progress = { begin() {}, advance() {}, end() {}, note: (text: string) => void notes.push(text) };
    const sources = ['gone/', 'here/'].map((path): ModelSource => ({ type: 'files', base: base + path, names: {} }));
    await install(oneFile(sources), { progress });
    expect(installed().equals(BODY)).toBe(true);
    expect(notes).toEqual([expect.stringMatching(/gone\/a\.bin answers 410/)]);
  });
});

describe('an archive', () => {
  test('gives the files that are wanted, under our names, and nothing else', async () => {
    rmSync('/tmp/kuku-escaped.txt', { force: true });
    answer = serve(ARCHIVE);
    await install(archived(ENTRIES));
    expect(files()).toEqual(['encoder.onnx', 'tokens.txt']);
    expect(readFileSync(join(root, 'm', 'encoder.onnx')).equals(ENCODER)).toBe(true);
    expect(existsSync(join(root, '..', 'escaped.txt'))).toBe(false);
    expect(existsSync('/tmp/kuku-escaped.txt')).toBe(false);
  });

  test('is refused when it lacks a file, or has a link in its place', async () => {
    answer = serve(ARCHIVE);
    await expect(install(archived({ ...ENTRIES, 'tokens.txt': 'pack/link.txt' }))).rejects.toThrow(
      /lacks pack\/link\.txt/,
    );
    expect(files()).not.toContain('tokens.txt');
  });

  test('is refused when it can not be unpacked', async () => {
    const broken = Buffer.concat([ARCHIVE.subarray(0, 120), Buffer.alloc(20), ARCHIVE.subarray(140)]);
    answer = serve(broken);
    await expect(install(archived(ENTRIES, broken))).rejects.toThrow(/can't be unpacked/);
    expect(files().filter((name) => !name.endsWith('.tar.bz2'))).toEqual([]);
  });

  test('that was downloaded before is not downloaded again', async () => {
    mkdirSync(join(root, 'm'));
    writeFileSync(join(root, 'm', 'pack.tar.bz2'), ARCHIVE);
    await install(archived(ENTRIES));
    expect(requests).toHaveLength(0);
    expect(files()).toEqual(['encoder.onnx', 'tokens.txt']);
  });
});

describe('copying from a folder', () => {
  test('takes what is whole', async () => {
    mkdirSync(join(root, 'other', 'm'), { recursive: true });
    writeFileSync(join(root, 'other', 'm', 'a.bin'), BODY);
    await install(oneFile(), { from: join(root, 'other') });
    expect(installed().equals(BODY)).toBe(true);
    expect(requests).toHaveLength(0);
  });

  test('refuses what is damaged', async () => {
    mkdirSync(join(root, 'other', 'm'), { recursive: true });
    writeFileSync(join(root, 'other', 'm', 'a.bin'), Buffer.alloc(BODY.length));
    await expect(install(oneFile(), { from: join(root, 'other') })).rejects.toThrow(/is damaged/);
    expect(files()).toEqual([]);
  });
});

describe('the command', () => {
  const run = (...args: string[]) => promisify(execFile)(process.execPath, ['server/models.ts', ...args]);

  test('installs what a package brings along, and lists what is there and what is missing', async () => {
    await run('silero-vad', '--dir', root);
    const { stdout } = await run('--list', '--dir', root);
    expect(stdout).toMatch(/there\s+silero-vad/);
    expect(stdout).toMatch(/MISSING\s+svox-pico-en/);
    expect(stdout).toMatch(/–\s+zipformer-en-kroko/);
    expect(stdout).toContain('Licence: CC-BY-SA-4.0');
  });

  test('fails on a model that does not exist, and names those that do', async () => {
    await expect(run('zipformr')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no model zipformr\. There are silero-vad, /),
    });
  });
});
