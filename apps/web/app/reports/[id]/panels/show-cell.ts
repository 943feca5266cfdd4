/** A value of a table as text. Measured numbers have three decimals; those that were set are shown as they are. Pure. */
import { formatFigure } from '../../../../format/format-number.ts';
import { formatDateTime, formatDuration } from '../../../../format/format-time.ts';
import type { ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';

export type ReportTable = NonNullable<ReportPartsFragment['table']>;
type Column = ReportTable['columns'][number];

const SHOWN_DIGITS = 6;

/** Also of a hyperparameter, whose values may be anything, where all that are there are numbers. */
export function hasNumbers({ columns, rows }: Pick<ReportTable, 'columns' | 'rows'>, at: number): boolean {
  const cells: unknown[] = rows
    .map((row) => row.cells[at])
    .filter((cell) => cell !== null && cell !== undefined);
  return (
    columns[at]?.isNumber === true || (cells.length > 0 && cells.every((cell) => typeof cell === 'number'))
  );
}

export function showCell(
  { isMeasured, isDuration, isTime }: Column,
  value: unknown,
  writeMoment = (moment: string) => formatDateTime(moment),
): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (isDuration) return formatDuration(value);
    return isMeasured
      ? formatFigure(value)
      : String(Number(value.toPrecision(SHOWN_DIGITS))).replace(/^-/, '−');
  }
  return isTime ? writeMoment(String(value)) : String(value);
}
