'use client';
/** External evaluations in a table: exam, state, and the main figures at the threshold that travelled. */
import { TextLink } from '../components/text-link.tsx';
import { type EvaluationFacts, readFigure, readMetric } from '../evaluation/list-metrics.ts';
import { formatInterval, formatMetric } from '../format/format-number.ts';
import type { ExternalEvaluationRowFragment } from '../graphql/generated/graphql.ts';
import {
  listEvaluationMetrics,
  listRecalibrationMetrics,
  pickMain,
  titleMetric,
} from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { type PlainColumn, PlainTable } from '../ui/plain-table.tsx';
import { countUnits } from '../unit/unit-words.ts';
import { ExamState } from './exam-state.tsx';
import { nameExam } from './name-exam.ts';

/** Main figures, before those that tell whether the probabilities fit. */
const MAIN_METRICS = 2;

export type ExamRow = {
  evaluation: ExternalEvaluationRowFragment;
  /** Of the model, where several versions are listed. */
  version?: number;
};

export function ExternalEvaluationTable({ rows }: { rows: readonly ExamRow[] }) {
  const catalogue = useMetricCatalogue();
  const shown = [
    ...pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS),
    ...listRecalibrationMetrics(catalogue).map(({ name }) => name),
  ];
  const hasVersions = rows.some(({ version }) => version !== undefined);
  const version: PlainColumn<ExamRow> = {
    header: 'Version',
    align: 'right',
    cell: (row) => row.version,
  };
  return (
    <PlainTable
      caption="External evaluations"
      rows={rows}
      rowKey={({ evaluation }) => evaluation.id}
      columns={[
        ...(hasVersions ? [version] : []),
        {
          header: 'On',
          className: 'min-w-40',
          cell: ({ evaluation }) => (
            <TextLink href={`/external-evaluations/${evaluation.id}`}>{nameExam(evaluation)}</TextLink>
          ),
        },
        {
          header: 'State',
          cell: ({ evaluation }) => <ExamState evaluation={evaluation} label={nameExam(evaluation)} />,
        },
        {
          header: 'Size',
          align: 'right',
          cell: ({ evaluation }) => (evaluation.task ? describeSize(evaluation) : <Badge>no labels</Badge>),
        },
        ...shown.map((name) => ({
          header: titleMetric(catalogue, name),
          align: 'right' as const,
          className: 'whitespace-nowrap',
          cell: ({ evaluation }: ExamRow) => <Figure evaluation={evaluation} name={name} />,
        })),
      ]}
    />
  );
}

function Figure({ evaluation, name }: { evaluation: ExternalEvaluationRowFragment; name: string }) {
  if (evaluation.status !== 'SUCCEEDED') return '–';
  if (!evaluation.task) return '–';
  const facts: EvaluationFacts = { subset: 'EXTERNAL', ...evaluation };
  const { value, interval } = readMetric(facts, name);
  return (
    <>
      <span className="font-semibold">{formatMetric(value)}</span>
      {interval && <span className="block text-xs text-muted-foreground">{formatInterval(interval)}</span>}
    </>
  );
}

function describeSize({ metrics, dataset: { unit } }: ExternalEvaluationRowFragment): string {
  const count = readFigure(metrics, 'patients');
  return count === null ? '–' : countUnits(unit, count);
}
