'use client';
/** What the neighbours of patches add: the same patches by their own probability and by that in context. */
import { useQuery } from '@apollo/client/react';
import { formatCount, formatMetric } from '../format/format-number.ts';
import { type ContextFiguresFragment, EvaluationContextDocument } from '../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleMetric } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Card } from '../ui/card.tsx';
import { PlainTable } from '../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../unit/unit-words.ts';

const MAIN_METRICS = 8;
const MEAN_AUC = 'macro.auc';

type ContextFiguresProps = { runId: string; subset: string; positiveClass: string; unit: UnitWords };

/** Asked for by themselves: they take longer than the rest of a run's page. */
export function ContextFiguresOfRun({ runId, subset, positiveClass, unit }: ContextFiguresProps) {
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(EvaluationContextDocument, { variables: { id: runId }, fetchPolicy: 'no-cache' });
  const catalogue = useMetricCatalogue();
  const evaluation = query.data?.run?.evaluations.find((one) => one.subset === subset);
  if (!evaluation) return null;
  const { context } = evaluation;
  if (!context) {
    return (
      <Card title="With neighbours">
        <p className="text-sm text-muted-foreground">
          Nothing to say: the source tells no places, fewer than half the patches of each slide have a
          neighbour, or a class is missing.
        </p>
      </Card>
    );
  }
  const names = pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS);
  const rows = [...names, ...(hasUnits(unit) ? [MEAN_AUC] : [])].map((name) => ({
    name,
    label: titleMetric(catalogue, name, positiveClass, unit.many),
  }));
  return (
    <Card flush title="With neighbours" note={describeStep(context, subset)}>
      <PlainTable
        caption={`With neighbours on ${subset}`}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { header: 'Metric', cell: ({ label }) => label },
          {
            header: 'Patch alone',
            align: 'right',
            cell: ({ name }) => formatMetric(findFigure(context.ownFigures, name)),
          },
          {
            header: 'In context',
            align: 'right',
            cell: ({ name }) => <b>{formatMetric(findFigure(context.figures, name))}</b>,
          },
        ]}
      />
    </Card>
  );
}

function describeStep(
  { radius, weight, threshold, patches, leftOut }: ContextFiguresFragment,
  subset: string,
): string {
  const on = `${formatCount(patches)} patches of ${subset}${leftOut > 0 ? `, ${formatCount(leftOut)} without neighbours left out` : ''}.`;
  if (radius === 0) return `Off: neighbours did not help on VALIDATION. ${on}`;
  const read = `Patches up to ${radius} sides away on the same slide count, with weight ${formatMetric(weight)}`;
  const flattered = subset === 'VALIDATION' ? ' It was chosen on these patches, which flatters it.' : '';
  return `${read}; chosen on VALIDATION, threshold ${formatMetric(threshold)}. ${on}${flattered}`;
}

function findFigure(figures: readonly { metric: string; value: number }[], name: string): number | null {
  return figures.find(({ metric }) => metric === name)?.value ?? null;
}
