/** Every field that runs have and can be asked by: those of all runs, and the names that the newest runs brought with them. */
import { printRunField } from '@microtome/domain/run-query/print-query';
import {
  FIGURE_NAMES,
  FIGURE_SUBSETS,
  KNOWN_HYPERPARAMETERS,
  RUN_COLUMNS,
  type RunColumn,
  type RunField,
} from '@microtome/domain/run-query/run-field';
import type { Store } from '../store.ts';
import { listRunNames } from './complete-run-query.ts';

/** Of each kind; more names than that are found by the line alone. */
const NAMES_MAX = 1_000;

/** Columns first, then hyperparameters, figures, series (the best and the newest number of each) and keys of tags. */
export async function listRunFields(
  store: Store,
  { projectIds }: { projectIds: readonly string[] | null },
): Promise<RunField[]> {
  const list = (kind: 'PARAMETER' | 'SERIES' | 'TAG_KEY') =>
    listRunNames(store, { expected: { kind }, typed: '', projectIds, take: NAMES_MAX });
  const [parameters, series, keys] = await Promise.all([list('PARAMETER'), list('SERIES'), list('TAG_KEY')]);
  const hyperparameters = [...new Set([...KNOWN_HYPERPARAMETERS.keys(), ...parameters])];
  const fields: RunField[] = [
    ...(Object.keys(RUN_COLUMNS) as RunColumn[]).map((name) => ({ kind: 'COLUMN' as const, name })),
    ...hyperparameters.map((name) => ({ kind: 'HYPERPARAMETER' as const, name })),
    ...FIGURE_SUBSETS.flatMap((subset) =>
      FIGURE_NAMES.map((name) => ({ kind: 'FIGURE' as const, subset, name, end: 'VALUE' as const })),
    ),
    ...series.flatMap((name) =>
      (['BEST', 'LAST'] as const).map((pick) => ({ kind: 'SERIES' as const, name, pick })),
    ),
    ...keys.map((key) => ({ kind: 'TAG' as const, key })),
  ];
  return [...new Map(fields.map((field) => [printRunField(field), field])).values()];
}
