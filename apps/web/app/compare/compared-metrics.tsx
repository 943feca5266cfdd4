'use client';
/** Every run's metrics with intervals on one subset; TEST only for runs whose TEST is open. */
import { useState } from 'react';
import { SubsetMark } from '../../components/subset-mark.tsx';
import { formatInterval, formatMetric } from '../../format/format-number.ts';
import { Card } from '../../ui/card.tsx';
import { Select } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { Comparison } from './compare-view.tsx';
import { ComparedRoc } from './compared-roc.tsx';
import { tabulateMetrics } from './tabulate-metrics.ts';

type ComparedMetricsProps = { runs: Comparison['runs']; positiveClass: string };

export function ComparedMetrics({ runs, positiveClass }: ComparedMetricsProps) {
  const hasTest = runs.some(({ evaluations }) => evaluations.some(({ subset }) => subset === 'TEST'));
  const [chosen, setChosen] = useState<'VALIDATION' | 'TEST' | null>(null);
  const subset = chosen ?? (hasTest ? 'TEST' : 'VALIDATION');
  const rows = tabulateMetrics({ runs, subset, positiveClass });
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
      <Card
        flush
        title={
          <span className="flex items-center gap-2">
            Metrics <SubsetMark subset={subset} />
          </span>
        }
        note="With 95% intervals from draws of whole patients. The best value is bold."
        actions={
          <Select
            aria-label="Subset of the metrics"
            className="h-7 w-36 text-xs"
            value={subset}
            onChange={(event) => setChosen(event.target.value === 'TEST' ? 'TEST' : 'VALIDATION')}
          >
            <option value="VALIDATION">VALIDATION</option>
            <option value="TEST" disabled={!hasTest}>
              TEST{hasTest ? '' : ' (sealed)'}
            </option>
          </Select>
        }
      >
        {rows.length === 0 ? (
          <p className="p-4 text-sm text-muted-foreground">No run is evaluated on {subset} yet.</p>
        ) : (
          <PlainTable
            caption={`Metrics on ${subset}`}
            rows={rows}
            rowKey={(row) => row.name}
            columns={[
              { header: 'Metric', cell: (row) => row.label },
              ...runs.map((run, index) => ({
                header: run.name,
                cell: (row: (typeof rows)[number]) => <MetricCell cell={row.cells[index]} />,
              })),
            ]}
          />
        )}
      </Card>
      <ComparedRoc runs={runs} subset={subset} positiveClass={positiveClass} />
    </div>
  );
}

type Cell = ReturnType<typeof tabulateMetrics>[number]['cells'][number];

function MetricCell({ cell }: { cell: Cell | undefined }) {
  if (!cell || cell.value === null) return <span className="text-muted-foreground">–</span>;
  return (
    <span className="whitespace-nowrap">
      <span className={cell.best ? 'font-bold' : ''}>{formatMetric(cell.value)}</span>
      {cell.interval && (
        <span className="ml-2 text-xs text-muted-foreground">{formatInterval(cell.interval)}</span>
      )}
    </span>
  );
}
