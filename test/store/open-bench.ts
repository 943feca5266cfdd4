/** What most tests of the store begin with: a store of their own and a bench in it, closed when the file is done. */
import { openStore, type Store } from '@microtome/store/store';
import { afterAll } from 'vitest';
import { type Bench, createBench } from '../fixtures/run.ts';
import { createTestStore, type TestStore } from '../test-store.ts';

type OpenedBench = Pick<TestStore, 'store' | 'databaseUrl' | 'artifactUrl'> & { bench: Bench };

export async function openBench(options?: Parameters<typeof createBench>[1]): Promise<OpenedBench> {
  const test = await createTestStore();
  afterAll(() => test.close());
  return { ...test, bench: await createBench(test.store, options) };
}

/** The same with a second process, which has connections of its own. */
export async function openSharedBench(
  options?: Parameters<typeof createBench>[1],
): Promise<OpenedBench & { other: Store }> {
  const opened = await openBench(options);
  const other = await openStore(opened);
  afterAll(() => other.close());
  return { ...opened, other };
}
