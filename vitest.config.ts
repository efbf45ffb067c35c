import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests look for the speech models beside the repository first, then where `npm run models` puts them.
const shared = resolve(import.meta.dirname, '../shared/models');
process.env['KUKU_MODELS_DIR'] ??= existsSync(shared) ? shared : resolve(import.meta.dirname, 'models');

/** Whole servers, browsers, engines that speak in real time: one file after the other, so that none starves another. */
const WHOLE = [
  'test/e2e/**/*.test.ts',
  'test/server/storage/**/*.test.ts',
  'test/server/providers/local/**/*.test.ts',
  'clients/browser/test/**/*.test.ts',
  'clients/cli/test/talk.test.ts',
];

const limits = { pool: 'forks', testTimeout: 30_000, hookTimeout: 90_000 } as const;

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
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...limits, name: 'whole', include: WHOLE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
