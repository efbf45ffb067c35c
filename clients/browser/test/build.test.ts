import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../build.ts';

let folder: string;
let outDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-build-'));
  outDir = join(folder, 'dist');
  await ensureBuilt({ outDir });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const assets = async () => (await readdir(join(outDir, 'assets'))).sort();

test('the page brings no inline script or style, and its assets are named by their content', async () => {
  const html = await readFile(join(outDir, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, content] of scripts) {
    expect(attributes).toContain('src="./assets/');
    expect(content).toBe('');
  }
  for (const name of await assets()) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
});

test('the worklet is one file that imports nothing, at most 3 kB gzipped', async () => {
  const worklets = (await assets()).filter((name) => name.includes('worklet'));
  expect(worklets).toHaveLength(1);
  const code = await readFile(join(outDir, 'assets', worklets[0] ?? ''), 'utf8');
  expect(code).not.toMatch(/\bimport\b/);
  expect(code).toContain('kuku-capture');
  expect(code).toContain('kuku-playback');
  expect(gzipSync(code).length).toBeLessThanOrEqual(3 * 1024);
});

test('all script of the page is at most 16 kB gzipped', async () => {
  const script = (await assets()).find((name) => name.startsWith('index-') && name.endsWith('.js'));
  expect(gzipSync(await readFile(join(outDir, 'assets', script ?? ''))).length).toBeLessThanOrEqual(16 * 1024);
});

test('what is up to date is left as it is; what is stale is built anew and whole', async () => {
  const builtAtMs = async () => (await stat(join(outDir, 'index.html'))).mtimeMs;
  const before = await builtAtMs();
  await ensureBuilt({ outDir });
  expect(await builtAtMs()).toBe(before);
  const files = await assets();
  await writeFile(join(outDir, '.stamp'), 'made of something else');
  await ensureBuilt({ outDir });
  expect(await builtAtMs()).toBeGreaterThan(before);
  expect(await assets()).toEqual(files);
  expect(await readdir(folder)).toEqual(['dist']);
});

test('three processes that build at the same time all end well', async () => {
  await rm(outDir, { recursive: true });
  const program = `
    const { ensureBuilt } = await import(process.argv[1]);
    await ensureBuilt({ outDir: process.argv[2] });`;
  const builder = join(import.meta.dirname, '../build.ts');
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, builder, outDir]);
  const results = await Promise.all([run(), run(), run()]);
  for (const { stdout, stderr } of results) expect(stdout + stderr).toBe('');
  expect(await readdir(outDir)).toContain('index.html');
  expect(await readdir(folder)).toEqual(['dist']);
});
