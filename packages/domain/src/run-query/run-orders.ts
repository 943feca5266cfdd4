/** What a list of runs is sorted by where a client names an order and writes no line: the one list of them. */
import type { RunField } from './run-field.ts';

type RunOrder = { description: string; field: RunField };

export const RUN_ORDERS = {
  CREATED_AT: { description: 'When the run was launched.', field: { kind: 'COLUMN', name: 'createdAt' } },
  NAME: { description: 'The name of the run.', field: { kind: 'COLUMN', name: 'name' } },
  STATUS: {
    description: 'The status, in the order QUEUED to CANCELED.',
    field: { kind: 'COLUMN', name: 'status' },
  },
  VALIDATION_AUC: {
    description: 'The best VALIDATION AUC so far; runs without one come last.',
    field: { kind: 'SERIES', name: 'validation.auc', pick: 'BEST' },
  },
  DURATION: {
    description: 'Time from start to end, or to now.',
    field: { kind: 'COLUMN', name: 'duration' },
  },
} as const satisfies Record<string, RunOrder>;
