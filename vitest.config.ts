import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests look for the speech models beside the repository first, then where `npm run models` puts them.
const shared = resolve(import.meta.dirname, '../shared/models');
process.env['KUKU_MODELS_DIR'] ??= existsSync(shared) ? shared : resolve(import.meta.dirname, 'models');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'clients/*/test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 15_000,
    hookTimeout: 30_000,
    coverage: { provider: 'v8', include: ['server/**', 'protocol/**', 'clients/*/src/**'] },
  },
});
