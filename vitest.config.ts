import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests look for the speech models beside the repository first, then where `npm run models` puts them.
const shared = resolve(import.meta.dirname, '../shared/models');
process.env['KUKU_MODELS_DIR'] ??= existsSync(shared) ? shared : resolve(import.meta.dirname, 'models');

/** Sound in real time, through a browser or real engines: one file after the other, so that none starves another. */
const REAL_TIME = [
  'test/e2e/real-*.test.ts',
  'test/e2e/mobile-app.test.ts',
  'test/e2e/voice-session.test.ts',
  'clients/browser/test/{audio-io,memory,real-session,stalls}.test.ts',
];

/** Whole servers, databases, browsers, engines: they wait more than they compute, two at a time. */
const WHOLE = [
  'test/e2e/**/*.test.ts',
  'test/server/storage/**/*.test.ts',
  'test/server/providers/local/**/*.test.ts',
  'clients/browser/test/**/*.test.ts',
  'clients/cli/test/talk.test.ts',
];

const limits = {
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 90_000,
  globalSetup: 'test/support/made-database.ts',
} as const;

export default defineConfig({
  test: {
    coverage: { provider: 'v8', include: ['server/**', 'protocol/**', 'clients/*/src/**'] },
    projects: [
      {
        test: {
          ...limits,
          name: 'parts',
          include: ['test/**/*.test.ts', 'clients/*/test/**/*.test.ts'],
          // The app has a runner of its own: its tests want React Native's.
          exclude: [...WHOLE, 'clients/mobile/**'],
          // Left to itself vitest leaves one core alone: half of a small machine.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...limits,
          name: 'whole',
          include: WHOLE,
          exclude: REAL_TIME,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...limits, name: 'real-time', include: REAL_TIME, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
