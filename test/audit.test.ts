/** The audit of dependencies, against registries that offer one and that do not. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../.ci/audit.ts', import.meta.url));
const advisory = (severity: string) => ({
  // npm keeps what it made of one.
  id: severity.length,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'Zips unpack elsewhere',
  severity,
  vulnerable_versions: '<99.0.0',
  cwe: [],
  cvss: { score: 9, vectorString: null },
});

let folder: string;
let registry: Server;
let answer: { status: number; body: unknown };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-audit-'));
  registry = createServer((request, response) => {
    const isAudit = request.url?.endsWith('/advisories/bulk');
    response.writeHead(isAudit ? answer.status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAudit ? answer.body : {}));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  registry.close();
  await rm(folder, { recursive: true });
});

/** The script's exit code and words, for this repository's dependencies. */
async function audit(accepted: object = {}): Promise<{ code: number; said: string }> {
  const file = join(folder, 'accepted.json');
  await writeFile(file, JSON.stringify(accepted));
  const { port } = registry.address() as AddressInfo;
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port}`,
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, file], { env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), said: stdout });
    });
  });
}

it('says plainly where a registry offers no audit, and claims nothing', async () => {
  answer = { status: 405, body: {} };
  const { code, said } = await audit();
  expect(code).toBe(0);
  expect(said).toMatch(/NOT AUDITED: 405.*Nothing is known/s);
  expect(said).not.toMatch(/ 0 /);
});

it('fails when the audit breaks', async () => {
  answer = { status: 500, body: {} };
  expect(await audit()).toMatchObject({ code: 1, said: expect.stringContaining('NOT AUDITED') });
});

it('passes where nothing is known to be wrong', async () => {
  answer = { status: 200, body: {} };
  expect(await audit()).toMatchObject({ code: 0, said: expect.stringContaining('0 advisories') });
});

it('fails on what is grave, and not when it is argued, or not grave', async () => {
  answer = { status: 200, body: { yazl: [advisory('high')] } };
  expect(await audit()).toMatchObject({ code: 1, said: expect.stringMatching(/OPEN: high, yazl: Zips/) });
  expect(await audit({ 'GHSA-aaaa-bbbb-cccc': 'we write zips' })).toMatchObject({
    code: 0,
    said: expect.stringContaining('we write zips: high, yazl'),
  });
  expect((await audit({ 'GHSA-aaaa-bbbb-cccc': ' ' })).code).toBe(1);
  answer = { status: 200, body: { yazl: [advisory('moderate')] } };
  expect((await audit()).code).toBe(0);
});
