/** The figures of an exam next to those at home, as rows of one table. Pure. */
import {
  type EvaluationFacts,
  listMetrics,
  type MetricRow,
  readMetric,
} from '../../../evaluation/list-metrics.ts';
import type { ExternalFiguresQuery } from '../../../graphql/generated/graphql.ts';
import {
  explainMetric,
  listRecalibrationMetrics,
  type MetricCatalogue,
  titleMetric,
} from '../../../metrics/metric-catalogue.ts';

export type Home = NonNullable<NonNullable<ExternalFiguresQuery['externalEvaluation']>['home']>;

/** A figure of the exam and the same one at home; null where it has none there. */
export type ExamRow = MetricRow & { home: Pick<MetricRow, 'value' | 'interval'> | null };

/** Those of an evaluation, then those that tell how probabilities would have to be changed. */
export function listExamRows(
  evaluation: Pick<EvaluationFacts, 'metrics' | 'intervals'>,
  {
    home,
    catalogue,
    positiveClass,
  }: { home: Home | null; catalogue: MetricCatalogue; positiveClass: string },
): ExamRow[] {
  const facts = { subset: 'EXTERNAL', ...evaluation };
  const recalibration = listRecalibrationMetrics(catalogue).map((metric) => ({
    ...readMetric(facts, metric.name),
    label: titleMetric(catalogue, metric.name, positiveClass),
    about: explainMetric(metric),
  }));
  return [...listMetrics(facts, { catalogue, positiveClass }), ...recalibration].map((row) => ({
    ...row,
    home: home && readMetric(home, row.name),
  }));
}
