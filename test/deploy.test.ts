import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DCLinter } from 'dclint';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../server/config.ts';
import { VARIABLES } from '../server/config-variables.ts';

const execute = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image?: string;
  build?: { context: string; target: string };
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  restart?: string;
  healthcheck?: unknown;
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean }>;
}

const given: Record<string, string> = { POSTGRES_PASSWORD: 'pg-secret', REDIS_PASSWORD: 'redis-secret' };

/** `${NAME:-default}` and `${NAME:?message}` as Compose fills them in, and `$$` for a dollar. */
function interpolated(text: string): string {
  return text.replace(/\$\$|\$\{(\w+)(:[-?])?([^}]*)\}/g, (whole, name?: string, operator?: string, rest?: string) => {
    if (name === undefined) return '$';
    const value = given[name] ?? (operator === ':-' ? rest : undefined);
    if (value === undefined) throw new Error(`${whole} is not set`);
    return value;
  });
}

const text = interpolated(read('docker-compose.yml'));
const compose = parse(text, { merge: true }) as Compose;
const { services } = compose;
const instances = Object.entries(services).filter(([name]) => name.startsWith('server-'));

const folder = mkdtempSync(join(tmpdir(), 'kuku-compose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
/** As the linter tells it; its own types don't resolve here. */
interface LintResult {
  messages: { type: 'error' | 'warning'; rule: string; message: string }[];
}
/** What the Compose schema does not allow, and a few grave habits. */
function errorsOf(content: string): string[] {
  const file = join(folder, `compose-${files++}.yml`);
  writeFileSync(file, content);
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  const [result, ...others]: LintResult[] = linter.lintFiles([file], false);
  if (!result || others.length > 0) throw new Error('the linter has not read the file');
  return result.messages.filter(({ type }) => type === 'error').map(({ rule, message }) => `${rule}: ${message}`);
}

describe('docker-compose.yml', () => {
  it('is what the Compose schema allows', () => {
    expect(errorsOf(text)).toEqual([]);
  });

  it.each([
    ['restart: unless-stopped', 'restrat: unless-stopped'],
    ['condition: service_healthy', 'condition: service_well'],
    ['cap_drop:', 'cap_drops:'],
  ])('would not be with a slip: %s → %s', (right, wrong) => {
    expect(text).toContain(right);
    expect(errorsOf(text.replace(right, wrong)).join()).toContain('invalid-schema');
  });

  it('runs two instances or more, all alike, behind a balancer that nobody needs to stick to', () => {
    expect(instances.length).toBeGreaterThanOrEqual(2);
    for (const [, instance] of instances) expect(instance).toEqual(instances[0]?.[1]);
    const caddy = read('deploy/Caddyfile');
    for (const [name] of instances) expect(caddy).toContain(`${name}:3000`);
    expect(caddy.match(/server-\d+:3000/g)).toHaveLength(instances.length);
    expect(caddy).toContain('lb_policy round_robin');
    expect(caddy).toContain('health_uri /ready');
  });

  it('sets only variables that the server knows, to what it accepts', () => {
    for (const [, { environment = {} }] of instances) {
      expect(Object.keys(environment).filter((name) => !(name in VARIABLES))).toEqual([]);
      const config = loadConfig(environment);
      expect(config).toMatchObject({ host: '0.0.0.0', port: 3000, dataDir: '/data', modelsDir: '/models' });
      expect(config.redisUrl).toBe('redis://:redis-secret@redis:6379/0');
      expect(config.databaseUrl).toBe('postgres://kuku:pg-secret@postgres:5432/kuku');
      expect(config.warnings).toEqual([]);
    }
  });

  it('has no secret in it: without one, Compose says which is missing', () => {
    const raw = read('docker-compose.yml');
    for (const name of Object.keys(given)) expect(raw).toContain(`\${${name}:?`);
    expect(raw).not.toMatch(/(password|secret|key)\w*: (?!\$\{)\S/i);
  });

  it('confines every service, and lets each come back after a crash', () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.restart, name).toBe(name === 'models' ? 'no' : 'unless-stopped');
    }
  });

  it('knows when each service is well, and starts the instances after what they need', () => {
    for (const name of ['balancer', 'redis', 'postgres']) expect(services[name]?.healthcheck).toBeDefined();
    // The instances have theirs from the image.
    expect(read('Dockerfile')).toContain('HEALTHCHECK');
    for (const [, instance] of instances) {
      expect(instance.depends_on).toMatchObject({
        redis: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy' },
      });
    }
  });

  it('keeps stores off the outside, and publishes nothing but the balancer, on this machine alone', () => {
    expect(compose.networks['inside']).toEqual({ internal: true });
    for (const name of ['redis', 'postgres']) expect(services[name]?.networks).toEqual(['inside']);
    const published = Object.entries(services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['balancer']);
    for (const port of services['balancer']?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('gives the instances longer to end than their drain takes', () => {
    for (const [, { stop_grace_period: grace = '10s' }] of instances) {
      expect(Number.parseInt(grace, 10)).toBeGreaterThan(10);
    }
  });

  it('keeps in volumes what must survive', () => {
    const kept = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
    for (const volume of Object.keys(compose.volumes)) expect(kept).toContain(volume);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));

  it('builds in one stage and runs in another, as a user who is not root, with the tini of Compose or none', () => {
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^CMD \["node", "server\/main\.ts"\]$/m);
  });

  it('starts from a Node that the server runs on', () => {
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)/m.exec(dockerfile) ?? [];
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
  });

  it('copies what is there and what .dockerignore lets in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(() => readFileSync(join(root, path)), path).not.toThrow(/ENOENT/);
      expect(
        allowed.some((name) => path === name || path.startsWith(`${name}/`)),
        path,
      ).toBe(true);
    }
  });

  it('copies the description of every package that is installed', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    for (const workspace of workspaces) expect(copied).toContain(`${workspace}/package.json`);
  });
});

describe('deploy/Caddyfile', () => {
  it('is one that Caddy takes', { timeout: 30_000 }, async () => {
    const { stderr, stdout } = await execute('caddy', [
      'validate',
      '--adapter',
      'caddyfile',
      '--config',
      join(root, 'deploy/Caddyfile'),
    ]);
    expect(stdout + stderr).toContain('Valid configuration');
  });
});
