/**
 * What an exported table is about: the task whose labels it has, and the unit that its column `patient` holds keys of. The
 * columns are a contract and say neither, so it stands in the name of the file, and within a Parquet file.
 */
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';

export type TableSubject = {
  /** Null where the patches have no labels. */
  task: { name: string; positiveName: string } | null;
  unit: SplittingUnit;
};

/** Longer names make file names that some systems cut off. */
const NAMED_CHARACTERS_MAX = 40;

export function describeSubject({ task, unit }: TableSubject): Record<string, string> {
  return { unit, ...(task ? { task: task.name, positive: task.positiveName } : {}) };
}

/** `predictions-malignant-<id>`; the side is left out where none of its letters fit into a file's name. */
export function nameTableFile(
  { table, id }: { table: string; id: string },
  { task }: Pick<TableSubject, 'task'>,
): string {
  const side = (task?.positiveName ?? '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, NAMED_CHARACTERS_MAX)
    .replaceAll(/^-+|-+$/g, '');
  return [table, side, id].filter(Boolean).join('-');
}
