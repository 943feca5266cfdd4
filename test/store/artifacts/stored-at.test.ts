import { refineStoredAt } from '@microtome/store/artifacts/stored-at';
import { expect, it } from 'vitest';

it.each([
  ['within the step', 1007, 1007],
  ['rounded to less than the stamp', 999, 1000],
  ['an hour ahead', 3_601_000, 1020],
  ['an hour behind', -3_599_000, 1020],
  ['not told', Number.NaN, 1020],
])('of a file stamped at 1000 ms, where our clock is %s', (_, ownTimeMs, storedAtMs) => {
  const storedAt = refineStoredAt({ stampedAt: new Date(1000), ownTimeMs, stepMs: 20 });
  expect(storedAt.getTime()).toBe(storedAtMs);
});
