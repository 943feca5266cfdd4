import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../test-store.ts';
import { loadSubscribers } from './subscriber-load.ts';

let given: TestStore;

beforeAll(async () => {
  given = await createTestStore();
});
afterAll(() => given.close());

it('brings every epoch of eight runs to eighty subscribers, once and in order, and closes none of them', async () => {
  const plan = { subscribers: 80, runs: 8, epochs: 12, epochMs: 100, perSocket: 4 };
  const { published, heard } = await loadSubscribers(given, plan);
  expect(published).toHaveLength(96);
  expect(heard).toHaveLength(80);
  const all = Array.from({ length: 12 }, (_, at) => at + 1);
  for (const { epochs, closings } of heard) {
    expect(epochs).toEqual(all);
    expect(closings).toEqual([]);
  }
});
