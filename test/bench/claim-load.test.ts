import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../test-store.ts';
import { measureClaims } from './claim-load.ts';

let given: TestStore;

beforeAll(async () => {
  given = await createTestStore();
});
afterAll(() => given.close());

it('gives each of five hundred queued runs to a worker once, urgent ones first, and misses none when it reconciles', async () => {
  const { claimed, urgent } = await measureClaims(given.store, { queued: 500, claims: 40 });
  expect(new Set(claimed).size).toBe(40);
  expect(claimed.slice(0, urgent.length)).toEqual(urgent);
  const jobs = await given.store.queue.measureDepth();
  expect(jobs.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(505 - 40);
});
