'use client';
/** Every run's metrics with intervals on one subset; TEST only for runs whose TEST is open. */
import { useState } from 'react';
import { IntervalBar } from '../../charts/interval-bar.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { countNoun } from '../../format/count-noun.ts';
import { formatInterval, formatMetric } from '../../format/format-number.ts';
import { listEvaluationMetrics, pickMain } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { SubsetMark } from '../../split/subset-mark.tsx';
import { Card } from '../../ui/card.tsx';
import { Select } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { UnitWords } from '../../unit/unit-words.ts';
import { FEW_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';
import { MetricTitle } from './metric-title.tsx';
import { listShownMetrics } from './pair/paired-metrics.ts';
import { type TableRow, tabulateMetrics } from './tabulate-metrics.ts';

type ComparedMetricsProps = { runs: Comparison['runs']; positiveClass: string; unit: UnitWords };

/** This many main figures fit into a table with one row per run. */
const MAIN_METRICS = 7;
const CELL_BAR_PX = 96;

export function ComparedMetrics({ runs, positiveClass, unit }: ComparedMetricsProps) {
  const hasTest = runs.some(({ evaluations }) => evaluations.some(({ subset }) => subset === 'TEST'));
  const [chosen, setChosen] = useState<'VALIDATION' | 'TEST' | null>(null);
  const subset = chosen ?? (hasTest ? 'TEST' : 'VALIDATION');
  const catalogue = useMetricCatalogue();
  const rows = tabulateMetrics({ runs, subset, catalogue, positiveClass });
  const main = pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS);
  return (
    <Card
      flush
      title={
        <span className="flex items-center gap-2">
          Metrics <SubsetMark subset={subset} />
        </span>
      }
      note={`${unit.intervalWarning ?? `With 95 % intervals from draws of whole ${unit.many}.`} The best value is bold.`}
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
      ) : runs.length > FEW_RUNS ? (
        <RowPerRun runs={runs} rows={rows.filter(({ name }) => main.includes(name))} subset={subset} />
      ) : (
        <FoldedRows runs={runs} rows={rows} subset={subset} />
      )}
    </Card>
  );
}

/** The main figures, and the others where they are asked for. */
function FoldedRows({ runs, rows, subset }: RowPerRunProps) {
  const shown = new Set(listShownMetrics(useMetricCatalogue()));
  const folded = rows.filter(({ name }) => !shown.has(name));
  return (
    <>
      <RowPerMetric runs={runs} rows={rows.filter(({ name }) => shown.has(name))} subset={subset} />
      {folded.length > 0 && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-sm font-medium">
            {countNoun(folded.length, 'more metric')}
          </summary>
          <RowPerMetric runs={runs} rows={folded} subset={subset} />
        </details>
      )}
    </>
  );
}

function RowPerMetric({ runs, rows, subset }: RowPerRunProps) {
  return (
    <PlainTable
      caption={`Metrics on ${subset}`}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        {
          header: 'Metric',
          cell: (row) => <MetricTitle title={row.label} lessIsBetter={row.lessIsBetter} />,
        },
        ...runs.map((run, index) => ({
          header: run.name,
          cell: (row: TableRow) => <MetricCell cell={row.cells[index]} scale={row.scale} />,
        })),
      ]}
    />
  );
}

type RowPerRunProps = { runs: Comparison['runs']; rows: readonly TableRow[]; subset: string };

function RowPerRun({ runs, rows, subset }: RowPerRunProps) {
  return (
    <PlainTable
      boxClassName="max-h-128"
      caption={`Metrics on ${subset}, one row per run`}
      rows={runs.map((run, index) => ({ run, index }))}
      rowKey={({ run }) => run.id}
      columns={[
        { header: 'Run', cell: ({ run }) => <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink> },
        ...rows.map((row) => ({
          header: row.lessIsBetter ? `${row.label} (less is better)` : row.label,
          cell: ({ index }: { index: number }) => <MetricCell cell={row.cells[index]} scale={row.scale} />,
        })),
      ]}
    />
  );
}

type MetricCellProps = { cell: TableRow['cells'][number] | undefined; scale: TableRow['scale'] };

function MetricCell({ cell, scale }: MetricCellProps) {
  if (!cell || cell.value === null) return <span className="text-muted-foreground">–</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-2 whitespace-nowrap">
      <span className={cell.best ? 'font-bold' : ''}>{formatMetric(cell.value)}</span>
      {cell.interval && (
        <span className="text-xs text-muted-foreground">{formatInterval(cell.interval)}</span>
      )}
      {cell.interval && scale && (
        <IntervalBar
          value={cell.value}
          low={cell.interval[0]}
          high={cell.interval[1]}
          scale={scale}
          widthPx={CELL_BAR_PX}
        />
      )}
    </span>
  );
}
