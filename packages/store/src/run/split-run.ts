/**
 * Runs that stand on a split, as all of our workers' do. An external program's run may have none, and then there is nothing to
 * evaluate, compare or promote.
 */
import { AppError } from '@microtome/domain/app-error';

const OF_SPLIT = ['datasetId', 'splitId', 'splitKind', 'split', 'taskId', 'dataset', 'task'] as const;

type Known<Row> = {
  [Field in keyof Row]: Field extends (typeof OF_SPLIT)[number]
    ? NonNullable<Row[Field]>
    : Field extends 'experiment'
      ? Known<Row[Field]>
      : Row[Field];
};

/** Such a run, as far as it was selected, with its split, dataset and task. */
export type OnSplit<Row> = Known<Row>;

/** Null for a run without a split. */
export function findOnSplit<Row extends object>(run: Row): OnSplit<Row> | null {
  const rows = 'experiment' in run ? [run, run.experiment as object] : [run];
  const lacks = rows.some((row) =>
    OF_SPLIT.some((field) => (row as Record<string, unknown>)[field] === null),
  );
  return lacks ? null : (run as OnSplit<Row>);
}

/** @throws AppError BAD_INPUT for a run without a split */
export function requireSplit<Row extends object>(run: Row): OnSplit<Row> {
  const found = findOnSplit(run);
  if (found) return found;
  const named = run as { id?: string; name?: string };
  throw new AppError(
    'BAD_INPUT',
    `Run '${named.name ?? named.id ?? 'without a name'}' has no split: only a run on one can be evaluated, compared or promoted.`,
  );
}
