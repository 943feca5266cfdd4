/** A value of a table as text. Measured numbers have three decimals; those that were set are shown as they are. Pure. */
import { formatFigure } from '../../../../format/format-number.ts';
import { formatDateTime, formatDuration } from '../../../../format/format-time.ts';
import type { ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';

export type ReportTable = NonNullable<ReportPartsFragment['table']>;
type Column = ReportTable['columns'][number];

const SHOWN_DIGITS = 6;

export function showCell({ isMeasured, isDuration, isTime }: Column, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (isDuration) return formatDuration(value);
    return isMeasured
      ? formatFigure(value)
      : String(Number(value.toPrecision(SHOWN_DIGITS))).replace(/^-/, '−');
  }
  return isTime ? formatDateTime(String(value)) : String(value);
}
