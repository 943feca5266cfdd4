/** The columns by which two models stand side by side on one exam. */
import type { ReactNode } from 'react';
import { formatInterval, formatMetric, formatSigned } from '../../../format/format-number.ts';
import { Badge } from '../../../ui/badge.tsx';
import type { PlainColumn } from '../../../ui/plain-table.tsx';

type Paired = {
  a: number | null;
  b: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  verdict: { kind: string; text: string };
};

/** `p` is what the table calls its p-value, and how a row shows it. */
export function listPairedColumns<Row extends Paired>(p: {
  header: string;
  cell: (row: Row) => ReactNode;
}): PlainColumn<Row>[] {
  return [
    { header: 'This one', align: 'right', cell: (row) => formatMetric(row.a) },
    { header: 'The other', align: 'right', cell: (row) => formatMetric(row.b) },
    { header: 'Difference', align: 'right', cell: (row) => <b>{formatSigned(row.difference)}</b> },
    {
      header: '95 % interval',
      align: 'right',
      className: 'whitespace-nowrap',
      cell: ({ low, high }) =>
        typeof low === 'number' && typeof high === 'number' ? formatInterval([low, high]) : '–',
    },
    { ...p, align: 'right' },
    {
      header: 'Reading',
      cell: ({ verdict: { kind, text } }) => (
        <Badge tone={kind === 'BETTER' ? 'accent' : 'neutral'}>{text}</Badge>
      ),
    },
  ];
}
