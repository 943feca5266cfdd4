'use client';
/** One evaluation: metrics with intervals, confusion matrix, ROC, reliability, patients. */
import { SubsetMark } from '../../../components/subset-mark.tsx';
import { formatCount, formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ConfusionTable } from './confusion-table.tsx';
import { listMetrics } from './list-metrics.ts';
import { PatientFigures } from './patient-figures.tsx';
import { ReliabilityCard } from './reliability-card.tsx';
import { RocCard } from './roc-card.tsx';

type EvaluationSectionProps = {
  evaluation: EvaluationFiguresFragment;
  positiveClass: string;
  unsafe: boolean;
};

export function EvaluationSection({ evaluation, positiveClass, unsafe }: EvaluationSectionProps) {
  const { subset, draws, threshold } = evaluation;
  return (
    <section
      aria-label={`Evaluation on ${subset}`}
      className={classNames('flex flex-col gap-4', unsafe && 'hatched rounded-lg p-2')}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <SubsetMark subset={subset} />
        <p className="text-sm text-muted-foreground">
          {positiveClass} is called where its probability is at least {formatMetric(threshold)}. Intervals:
          95%, from {formatCount(draws)} draws of whole patients.
        </p>
      </div>
      <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <Card flush title="Metrics" className="lg:row-span-2">
          <PlainTable
            caption={`Metrics on ${subset}`}
            rows={listMetrics(evaluation, positiveClass)}
            rowKey={(row) => row.name}
            columns={[
              { header: 'Metric', cell: (row) => <span title={row.about}>{row.label}</span> },
              {
                header: 'Value',
                align: 'right',
                cell: (row) => <span className="font-semibold">{formatMetric(row.value)}</span>,
              },
              {
                header: '95% interval',
                align: 'right',
                className: 'whitespace-nowrap',
                cell: (row) => <span className="text-muted-foreground">{formatInterval(row.interval)}</span>,
              },
            ]}
          />
        </Card>
        <RocCard evaluation={evaluation} positiveClass={positiveClass} />
        <ReliabilityCard evaluation={evaluation} positiveClass={positiveClass} />
        <ConfusionTable confusion={evaluation.confusion} positiveClass={positiveClass} subset={subset} />
        <PatientFigures patients={evaluation.patients} positiveClass={positiveClass} subset={subset} />
      </div>
    </section>
  );
}
