/**
 * Tests of the whole project: one real Postgres for all of them (test/global-setup.ts), two files at a time. Two processes take
 * all files: a process for each file spent a third of its processor time on loading the same modules. So a test file leaves
 * nothing behind in its process: no environment variable, no open connection, no listener.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Vitest begins with the longest files, and takes a file of few lines for a short one. This one takes two minutes. */
const LONG_THOUGH_SMALL = 'test/faults/faults.test.ts';

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith(LONG_THOUGH_SMALL);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // Vite would take graphql's other build, and a schema of one build is not accepted by the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: LongFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Of a page on a busy machine; a second is not enough for what always comes.
    expect: { poll: { timeout: 30_000 } },
  },
});
