'use client';
/** The figures of each model on one side of a table, each with its interval. */
import { formatCount, formatInterval, formatMetric } from '../../format/format-number.ts';
import type { TableSideFiguresFragment } from '../../graphql/generated/graphql.ts';
import { explainMetric, titleMetric } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { countUnits, describeDraws, hasUnits, type UnitWords } from '../../unit/unit-words.ts';
import { type Figure, findFigure, listTableMetrics, nameSide } from './table-figures.ts';

type ModelFiguresProps = {
  side: TableSideFiguresFragment;
  positiveName: string;
  unit: UnitWords;
  draws: number;
};

export function ModelFigures({ side, positiveName, unit, draws }: ModelFiguresProps) {
  const catalogue = useMetricCatalogue();
  const { models } = side;
  const rows = listTableMetrics(catalogue, side);
  return (
    <Card flush title={`Figures on ${nameSide(side.side)}`} note={describeSide(side, { unit, draws })}>
      <PlainTable
        caption={`Figures on ${nameSide(side.side)}`}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          {
            header: 'Metric',
            cell: (metric) => (
              <span title={explainMetric(metric)}>{titleMetric(catalogue, metric.name, positiveName)}</span>
            ),
          },
          ...models.map((model) => ({
            header: model.name,
            className: 'whitespace-nowrap',
            cell: ({ name }: (typeof rows)[number]) => (
              <FigureCell figure={findFigure(model.figures, name)} />
            ),
          })),
        ]}
      />
      <ul className="border-t border-line px-4 py-2.5 text-xs text-muted-foreground">
        {models.map(({ name, threshold, thresholdFrom }) => (
          <li key={name} className="break-words">
            Threshold of {name}: {formatMetric(threshold)}, {thresholdFrom}.
          </li>
        ))}
      </ul>
    </Card>
  );
}

function describeSide(
  { rows, positives, patients }: TableSideFiguresFragment,
  { unit, draws }: { unit: UnitWords; draws: number },
): string {
  const counts = `${formatCount(rows)} rows, ${formatCount(positives)} positive`;
  return hasUnits(unit)
    ? `${counts}, ${countUnits(unit, patients)}. ${describeDraws(unit, draws)}`
    : `${counts}. Without intervals: patients are unknown.`;
}

function FigureCell({ figure }: { figure: Figure | null }) {
  if (!figure) return <>–</>;
  const { value, low, high } = figure;
  const hasInterval = typeof low === 'number' && typeof high === 'number';
  return (
    <>
      {formatMetric(value)}
      {hasInterval && (
        <span className="ml-2 text-xs text-muted-foreground">{formatInterval([low, high])}</span>
      )}
    </>
  );
}
