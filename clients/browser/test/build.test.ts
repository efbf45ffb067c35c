import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
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
  for (const name of await assets()) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg|woff2)$/);
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

const gzipped = async (names: readonly string[]) => {
  const sizes = names.map(async (name) => gzipSync(await readFile(join(outDir, 'assets', name))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

/** The files that a module brings along at once: what it imports, and what that imports. */
async function closure(name: string, known: Set<string> = new Set()): Promise<Set<string>> {
  known.add(name);
  const code = await readFile(join(outDir, 'assets', name), 'utf8');
  for (const [, imported] of code.matchAll(/(?:import|from)\s*["'`]\.\/([\w.-]+)["'`]/g)) {
    if (imported !== undefined && !known.has(imported)) await closure(imported, known);
  }
  return known;
}

test('the element with its whole user interface and its styles is at most 35 kB gzipped', async () => {
  const embed = await readFile(join(outDir, 'kuku-coach.js'), 'utf8');
  const entry = embed.match(/^export \* from '\.\/assets\/([\w.-]+)';$/m)?.[1] ?? '';
  const files = [...(await closure(entry))];
  const bytes = await gzipped(files);
  const later = (await assets()).filter((name) => name.endsWith('.js') && !files.includes(name));
  console.info(`element: ${bytes} B in ${files.length} files; later: ${await gzipped(later)} B`);
  expect(files.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThanOrEqual(35 * 1024);
});

test('the protocol client is at most 6 kB gzipped, the browser’s audio engine as well', async () => {
  const sizeOf = async (entry: string) => {
    const result = await build({
      configFile: false,
      root: join(import.meta.dirname, '..'),
      logLevel: 'silent',
      worker: { format: 'es' },
      build: {
        write: false,
        target: 'es2022',
        assetsInlineLimit: 0,
        lib: { entry: join(import.meta.dirname, entry), formats: ['es'], fileName: 'bundle' },
        rolldownOptions: { output: { minify: true, comments: false } },
      },
    });
    const [built] = Array.isArray(result) ? result : [result];
    if (!built || !('output' in built)) throw new Error('nothing was built');
    return gzipSync(built.output[0].code).length;
  };
  const core = await sizeOf('../../core/src/coach.ts');
  const engine = await sizeOf('../src/audio-io.ts');
  console.info(`core: ${core} B; with REST: ${await sizeOf('../../core/src/index.ts')} B; audio engine: ${engine} B`);
  expect(core).toBeGreaterThan(4000);
  expect(core).toBeLessThanOrEqual(6 * 1024);
  expect(engine).toBeGreaterThan(1000);
  expect(engine).toBeLessThanOrEqual(6 * 1024);
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
