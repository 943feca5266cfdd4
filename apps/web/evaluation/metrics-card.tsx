/** The metrics of an evaluation with their intervals; means over units and intervals by patch below. */
import { capitalize } from '../format/capitalize.ts';
import { formatCount, formatInterval, formatMetric } from '../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { titleMetric } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Card } from '../ui/card.tsx';
import { PlainTable } from '../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../unit/unit-words.ts';
import { listMacroMetrics, listMetrics, type MetricRow, readFigure } from './list-metrics.ts';
import type { OperatingPoint } from './use-threshold-explorer.ts';

type MetricsCardProps = {
  evaluation: EvaluationFiguresFragment;
  positiveClass: string;
  unit: UnitWords;
  explored: OperatingPoint | null;
};

export function MetricsCard({ evaluation, positiveClass, unit, explored }: MetricsCardProps) {
  const { subset } = evaluation;
  const naming = { catalogue: useMetricCatalogue(), positiveClass };
  const macro = listMacroMetrics(evaluation, naming);
  return (
    <Card flush title="Metrics">
      <PlainTable
        caption={`Metrics on ${subset}`}
        rows={listMetrics(evaluation, naming)}
        rowKey={(row) => row.name}
        columns={[
          ...describeFigures(),
          ...(explored
            ? [
                {
                  header: `at ${formatMetric(explored.threshold)}`,
                  align: 'right' as const,
                  cell: (row: MetricRow) => (
                    <span className="font-semibold text-caution">
                      {formatMetric(readFigure(explored.metrics, row.name))}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {macro.length > 0 && hasUnits(unit) && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-sm font-medium">
            Means over {unit.many}, each with the same weight
          </summary>
          <PlainTable
            caption={`Means over ${unit.many} on ${subset}`}
            rows={macro}
            rowKey={(row) => row.name}
            columns={[
              ...describeFigures(),
              { header: unit.heading, align: 'right', cell: (row) => formatCount(row.patients) },
            ]}
          />
        </details>
      )}
      <NaiveIntervals evaluation={evaluation} positiveClass={positiveClass} unit={unit} />
    </Card>
  );
}

function describeFigures() {
  return [
    { header: 'Metric', cell: (row: MetricRow) => <span title={row.about}>{row.label}</span> },
    {
      header: 'Value',
      align: 'right' as const,
      cell: (row: MetricRow) => <span className="font-semibold">{formatMetric(row.value)}</span>,
    },
    {
      header: '95 % interval',
      align: 'right' as const,
      className: 'whitespace-nowrap',
      cell: (row: MetricRow) => <span className="text-muted-foreground">{formatInterval(row.interval)}</span>,
    },
  ];
}

type NaiveRow = EvaluationFiguresFragment['naiveIntervals'][number];
type NaiveProps = { evaluation: EvaluationFiguresFragment; positiveClass: string; unit: UnitWords };

/** Shown next to the right ones, so that they are not mistaken for intervals; alone where there are no right ones. */
function NaiveIntervals({ evaluation, positiveClass, unit }: NaiveProps) {
  const { naiveIntervals, subset } = evaluation;
  const catalogue = useMetricCatalogue();
  const metrics = listMetrics(evaluation, { catalogue, positiveClass });
  if (naiveIntervals.length === 0) return null;
  return (
    <details className="border-t border-line" open={!hasUnits(unit)}>
      <summary className="px-4 py-2.5 text-sm font-medium">
        {hasUnits(unit)
          ? 'Intervals if patches were independent: wrong here'
          : 'Intervals as if patches were independent: too narrow'}
      </summary>
      <PlainTable
        caption={`Intervals by patch on ${subset}: wrong here`}
        rows={naiveIntervals}
        rowKey={(row) => row.name}
        columns={[
          { header: 'Metric', cell: (row) => titleMetric(catalogue, row.name, positiveClass) },
          ...(hasUnits(unit)
            ? [
                {
                  header: capitalize(unit.by),
                  align: 'right' as const,
                  className: 'whitespace-nowrap',
                  cell: (row: NaiveRow) =>
                    formatInterval(metrics.find(({ name }) => name === row.name)?.interval),
                },
              ]
            : []),
          {
            header: hasUnits(unit) ? 'By patch: WRONG' : 'By patch: too narrow',
            align: 'right',
            className: 'whitespace-nowrap',
            cell: (row) => (
              <span className="flex flex-col">
                {hasUnits(unit) ? (
                  <s className="text-caution">{formatInterval([row.low, row.high])}</s>
                ) : (
                  formatInterval([row.low, row.high])
                )}
                {typeof row.widthRatio === 'number' && (
                  <span className="text-xs text-muted-foreground">
                    the right one is {row.widthRatio.toFixed(1)} times as wide
                  </span>
                )}
              </span>
            ),
          },
        ]}
      />
    </details>
  );
}
