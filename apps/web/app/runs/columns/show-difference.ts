/** By how much a value differs from that of the baseline, as the table writes it below the value. Pure. */
import { formatSigned } from '../../../format/format-number.ts';
import { formatDuration } from '../../../format/format-time.ts';
import type { RunColumn, RunTableRow } from './run-column.ts';

const SMALLEST_SHOWN = 0.0005;

/** Null where there is nothing to say: the same text, or a number that one of them lacks. */
export function showDifference(column: RunColumn, run: RunTableRow, baseline: RunTableRow): string | null {
  if (column.type === null || column.type === 'TIME' || column.name === 'name') return null;
  const [own, other] = [column.read(run), column.read(baseline)];
  if (own === undefined || other === undefined) return null;
  if (typeof own === 'number' && typeof other === 'number') return writeNumber(column, own - other);
  return JSON.stringify(own) === JSON.stringify(other) ? null : '≠';
}

function writeNumber({ type }: RunColumn, difference: number): string {
  if (type === 'DURATION') return `${difference < 0 ? '−' : '+'}${formatDuration(Math.abs(difference))}`;
  const size = Math.abs(difference);
  if (size === 0 || (size >= SMALLEST_SHOWN && size < 1_000)) return formatSigned(difference);
  return `${difference < 0 ? '−' : '+'}${size.toExponential(1)}`;
}
