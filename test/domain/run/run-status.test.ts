import { canMoveRun, isSettled, RUN_STATUSES } from '@microtome/domain/run/run-status';
import { expect, test } from 'vitest';

test('a run has ended when it succeeded, failed or was canceled', () => {
  expect(RUN_STATUSES.filter(isSettled)).toEqual(['SUCCEEDED', 'FAILED', 'CANCELED']);
});

test('nothing moves a run that succeeded, and no queued run succeeds without running', () => {
  expect(RUN_STATUSES.filter((status) => canMoveRun('SUCCEEDED', status))).toEqual([]);
  expect(canMoveRun('QUEUED', 'SUCCEEDED')).toBe(false);
  expect(canMoveRun('RUNNING', 'SUCCEEDED')).toBe(true);
});
