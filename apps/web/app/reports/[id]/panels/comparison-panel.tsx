'use client';
/** Runs compared on their opened TEST in a report: the verdict, and each pair with its intervals. */
import { Scale } from 'lucide-react';
import { scaleAroundZero } from '../../../../charts/bar-scale.ts';
import { IntervalBar } from '../../../../charts/interval-bar.tsx';
import { formatInterval, formatMetric, formatSigned } from '../../../../format/format-number.ts';
import { titleMetric } from '../../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../../ui/card.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import {
  describePair,
  intervalOf,
  listMetrics,
  type ReportComparison,
  type ReportPair,
  reachOf,
} from './list-metrics.ts';

export function ComparisonPanel({ title, comparison }: { title: string; comparison: ReportComparison }) {
  const { verdict, warnings, pairs } = comparison;
  return (
    <Card title={title}>
      <p className="flex items-start gap-2.5 font-semibold">
        <Scale className="mt-1 size-4 shrink-0 text-muted-foreground" aria-hidden />
        {verdict}
      </p>
      {warnings.length > 0 && (
        <ul className="mt-2 list-disc pl-6 text-sm text-muted-foreground">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {pairs.map((pair) => (
        <Pair key={`${pair.a} ${pair.b}`} pair={pair} />
      ))}
    </Card>
  );
}

function Pair({ pair }: { pair: ReportPair }) {
  const catalogue = useMetricCatalogue();
  const rows = listMetrics(pair, catalogue);
  const scale = scaleAroundZero(reachOf(rows));
  return (
    <section aria-label={describePair(pair)} className="mt-4 min-w-0">
      <h3 className="text-sm font-semibold">{describePair(pair)}</h3>
      {pair.refused && <p className="text-sm text-muted-foreground">{pair.refused}</p>}
      {pair.caution && (
        <Notice tone="caution" className="my-2">
          {pair.caution}
        </Notice>
      )}
      {rows.length > 0 && (
        <PlainTable
          caption={describePair(pair)}
          rows={rows}
          rowKey={(row) => row.name}
          columns={[
            { header: 'Metric', cell: (row) => titleMetric(catalogue, row.name) },
            { header: 'First', align: 'right', cell: (row) => formatMetric(row.a) },
            { header: 'Second', align: 'right', cell: (row) => formatMetric(row.b) },
            { header: 'Difference', align: 'right', cell: (row) => formatSigned(row.difference) },
            {
              header: '95 % interval',
              className: 'whitespace-nowrap',
              cell: (row) => formatInterval(intervalOf(row)),
            },
            {
              header: '',
              cell: (row) => (
                <IntervalBar value={row.difference} low={row.low} high={row.high} scale={scale} />
              ),
            },
            { header: 'Verdict', className: 'min-w-40', cell: (row) => row.verdict },
          ]}
        />
      )}
    </section>
  );
}
