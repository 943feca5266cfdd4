'use client';
/** Every figure of an exam with its interval, next to the same figure at home. */
import { readFigure } from '../../../evaluation/list-metrics.ts';
import type { OperatingPoint } from '../../../evaluation/use-threshold-explorer.ts';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { ExternalEvaluationPageFragment } from '../../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../ui/card.tsx';
import { type PlainColumn, PlainTable } from '../../../ui/plain-table.tsx';
import { describeDraws, hasUnits, type UnitWords } from '../../../unit/unit-words.ts';
import { type ExamRow, type Home, listExamRows } from './home-figures.ts';

type HomeTableProps = {
  evaluation: ExternalEvaluationPageFragment;
  home: Home | null;
  positiveClass: string;
  explored: OperatingPoint | null;
};

export function HomeTable({ evaluation, home, positiveClass, explored }: HomeTableProps) {
  const catalogue = useMetricCatalogue();
  const { draws, dataset } = evaluation;
  return (
    <Card flush title="Metrics" note={describeIntervals(draws, dataset.unit)}>
      <PlainTable
        caption="Metrics here and at home"
        rows={listExamRows(evaluation, { home, catalogue, positiveClass })}
        rowKey={({ name }) => name}
        columns={[
          { header: 'Metric', cell: (row) => <span title={row.about}>{row.label}</span> },
          describeColumn('Here', (row) => row),
          ...(explored ? [describeExplored(explored)] : []),
          ...(home ? [describeColumn(`At home, ${home.subset}`, (row) => row.home)] : []),
        ]}
      />
    </Card>
  );
}

function describeColumn(
  header: string,
  read: (row: ExamRow) => Pick<ExamRow, 'value' | 'interval'> | null,
): PlainColumn<ExamRow> {
  return {
    header,
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (row) => {
      const figure = read(row);
      return (
        <>
          <span className="font-semibold">{formatMetric(figure?.value)}</span>
          {figure?.interval && (
            <span className="block text-xs text-muted-foreground">{formatInterval(figure.interval)}</span>
          )}
        </>
      );
    },
  };
}

function describeExplored({ threshold, metrics }: OperatingPoint): PlainColumn<ExamRow> {
  return {
    header: `at ${formatMetric(threshold)}`,
    align: 'right',
    cell: (row) => (
      <span className="font-semibold text-caution">{formatMetric(readFigure(metrics, row.name))}</span>
    ),
  };
}

function describeIntervals(draws: number | null | undefined, unit: UnitWords): string {
  const drawn = describeDraws(unit, draws ?? 0);
  return hasUnits(unit) ? `${drawn} Of intercept and slope: by their spread between ${unit.many}.` : drawn;
}
