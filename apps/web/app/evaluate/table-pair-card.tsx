'use client';
/** Two models of a table on the same rows: the sentence, the differences with intervals, and who differs most. */
import { scaleAroundZero } from '../../charts/bar-scale.ts';
import { IntervalBar } from '../../charts/interval-bar.tsx';
import {
  formatCount,
  formatInterval,
  formatMetric,
  formatPValue,
  formatSigned,
} from '../../format/format-number.ts';
import type { TablePairFiguresFragment } from '../../graphql/generated/graphql.ts';
import { titleMetric } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../../unit/unit-words.ts';

type TablePairCardProps = {
  pair: TablePairFiguresFragment;
  testedPairs: number;
  positiveName: string;
  unit: UnitWords;
};
type PairRow = TablePairFiguresFragment['metrics'][number];

export function TablePairCard({ pair, testedPairs, positiveName, unit }: TablePairCardProps) {
  const catalogue = useMetricCatalogue();
  const rows = pair.metrics.filter(({ name }) => !catalogue.get(name)?.meanOf);
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
  const scale = scaleAroundZero(Math.max(...ends, 0.001));
  return (
    <Card flush title={`${pair.a} minus ${pair.b}`} note={pair.sentence}>
      <PlainTable
        caption={`Paired differences of ${pair.a} and ${pair.b}`}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { header: 'Metric', cell: ({ name }) => titleMetric(catalogue, name, positiveName) },
          { header: pair.a, align: 'right', cell: ({ a }) => formatMetric(a) },
          { header: pair.b, align: 'right', cell: ({ b }) => formatMetric(b) },
          {
            header: 'Difference',
            align: 'right',
            cell: ({ difference }) => <b>{formatSigned(difference)}</b>,
          },
          {
            header: '95 % interval',
            className: 'whitespace-nowrap',
            cell: (row) => (
              <span className="flex items-center gap-3">
                <IntervalBar value={row.difference} low={row.low} high={row.high} scale={scale} />
                <span className="text-muted-foreground">{describeInterval(row)}</span>
              </span>
            ),
          },
          { header: 'p (Holm)', align: 'right', cell: ({ adjustedP }) => formatPValue(adjustedP) },
          ...(testedPairs > 1
            ? [
                {
                  header: `p (${testedPairs} pairs)`,
                  align: 'right' as const,
                  cell: ({ acrossPairsP }: PairRow) => formatPValue(acrossPairsP),
                },
              ]
            : []),
          {
            header: 'Reading',
            cell: ({ kind, verdict }) => (
              <Badge tone={kind === 'BETTER' ? 'accent' : 'neutral'}>{verdict}</Badge>
            ),
          },
        ]}
      />
      {hasUnits(unit) && <Differing pair={pair} unit={unit} />}
    </Card>
  );
}

function describeInterval({ low, high }: PairRow): string {
  return typeof low === 'number' && typeof high === 'number' ? formatInterval([low, high]) : '–';
}

function Differing({ pair: { a, b, differing }, unit }: Pick<TablePairCardProps, 'pair' | 'unit'>) {
  return (
    <details className="border-t border-line">
      <summary className="px-4 py-2.5 text-sm font-medium">{unit.heading} where they differ most</summary>
      <PlainTable
        caption={`${unit.heading} where ${a} and ${b} differ most`}
        rows={differing}
        rowKey={({ key }) => key}
        columns={[
          { header: unit.title, cell: ({ key }) => <span className="font-mono text-xs">{key}</span> },
          { header: 'Rows', align: 'right', cell: ({ rows }) => formatCount(rows) },
          { header: `Accuracy, ${a}`, align: 'right', cell: ({ accuracyA }) => formatMetric(accuracyA) },
          { header: `Accuracy, ${b}`, align: 'right', cell: ({ accuracyB }) => formatMetric(accuracyB) },
          { header: `Only ${a} right`, align: 'right', cell: ({ onlyA }) => formatCount(onlyA) },
          { header: `Only ${b} right`, align: 'right', cell: ({ onlyB }) => formatCount(onlyB) },
        ]}
      />
    </details>
  );
}
