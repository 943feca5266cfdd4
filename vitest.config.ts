/** Tests of the whole project: one real Postgres for all of them (test/global-setup.ts), two files at a time. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's other build, and a schema of one build is not accepted by the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
