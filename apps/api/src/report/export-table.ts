/** A table to export: named columns of one type each, written as CSV or Parquet. */
import { invariant } from '@microtome/domain/app-error';

/** Numbers are whole (INT32) or doubles; only those that may be undefined hold null. */
export type ExportColumn =
  | { name: string; type: 'STRING'; values: readonly string[] }
  | { name: string; type: 'INT32'; values: Int32Array }
  | { name: string; type: 'DOUBLE'; values: Float64Array | readonly (number | null)[] };

export type ExportTable = {
  columns: readonly ExportColumn[];
  /** What the rows are about, by name: Parquet keeps it in the file. */
  about?: Readonly<Record<string, string>>;
};

/** As file name extensions. */
export const TABLE_FORMATS = ['csv', 'parquet'] as const;

export type TableFormat = (typeof TABLE_FORMATS)[number];

export function countRows({ columns }: ExportTable): number {
  const [first, ...others] = columns;
  invariant(
    first && others.every(({ values }) => values.length === first.values.length),
    'the columns of a table are equally long',
  );
  return first.values.length;
}
