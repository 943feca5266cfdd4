'use client';
/** One pair: differences on the same patients, with intervals and p-values that respect them; or why there are none. */
import { SubsetMark } from '../../components/subset-mark.tsx';
import {
  formatCount,
  formatInterval,
  formatMetric,
  formatPValue,
  formatSigned,
} from '../../format/format-number.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { labelMetric } from '../runs/[id]/list-metrics.ts';
import type { Comparison } from './compare-view.tsx';
import { DifferenceBar } from './difference-bar.tsx';
import { groupPairedMetrics, judgeDifference, measureReach } from './judge-difference.ts';

type Pair = Comparison['pairs'][number];

export function PairCard({ pair, positiveClass }: { pair: Pair; positiveClass: string }) {
  const title = (
    <span className="flex flex-wrap items-center gap-2">
      {pair.a.name} minus {pair.b.name} <SubsetMark subset={pair.subset} />
    </span>
  );
  if (pair.refused) {
    return (
      <Card title={title}>
        <p className="text-sm text-muted-foreground">No statistics: {pair.refused}</p>
      </Card>
    );
  }
  const note = `Paired over the same ${formatCount(pair.patients)} patients; 95% intervals from ${formatCount(pair.draws)} draws of whole patients.`;
  const { overPatches, overPatients } = groupPairedMetrics(pair.metrics);
  return (
    <Card flush title={title} note={note}>
      <PairTable pair={pair} rows={overPatches} positiveClass={positiveClass} />
      {overPatients.length > 0 && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-sm font-medium">
            Means over patients, each patient weighing the same
          </summary>
          <PairTable pair={pair} rows={overPatients} positiveClass={positiveClass} />
        </details>
      )}
    </Card>
  );
}

type PairTableProps = { pair: Pair; rows: Pair['metrics']; positiveClass: string };

function PairTable({ pair, rows, positiveClass }: PairTableProps) {
  const reach = measureReach(rows);
  return (
    <PlainTable
      caption={`Paired differences of ${pair.a.name} and ${pair.b.name}`}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { header: 'Metric', cell: (row) => labelMetric(row.name, positiveClass) },
        { header: pair.a.name, align: 'right', cell: (row) => formatMetric(row.a) },
        { header: pair.b.name, align: 'right', cell: (row) => formatMetric(row.b) },
        { header: 'Difference', align: 'right', cell: (row) => <b>{formatSigned(row.difference)}</b> },
        {
          header: '95% interval',
          className: 'whitespace-nowrap',
          cell: (row) => (
            <span className="flex items-center gap-3">
              <DifferenceBar difference={row.difference} low={row.low} high={row.high} reach={reach} />
              <span className="text-muted-foreground">{describeInterval(row)}</span>
            </span>
          ),
        },
        {
          header: 'p',
          align: 'right',
          className: 'whitespace-nowrap',
          cell: (row) => formatPValue(row.pValue),
        },
        {
          header: 'p (Holm)',
          align: 'right',
          className: 'whitespace-nowrap',
          cell: (row) => formatPValue(row.adjustedP),
        },
        { header: 'Reading', cell: (row) => <Reading {...judgeDifference(row, pair)} /> },
      ]}
    />
  );
}

function describeInterval({ low, high }: Pair['metrics'][number]): string {
  if (low === null || low === undefined || high === null || high === undefined) return '–';
  return formatInterval([low, high]);
}

function Reading({ tone, text }: ReturnType<typeof judgeDifference>) {
  return <Badge tone={tone}>{text}</Badge>;
}
