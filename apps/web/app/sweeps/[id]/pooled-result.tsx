'use client';
/** The pooled out-of-fold result of an opened cross-validation, and how far pooling is fair. */
import { Download } from 'lucide-react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { Moment } from '../../../components/moment.tsx';
import { ConfusionTable } from '../../../evaluation/confusion-table.tsx';
import { PooledContextFigures } from '../../../evaluation/context-figures.tsx';
import { ReliabilityCard, RocCard } from '../../../evaluation/figure-cards.tsx';
import { listMetrics } from '../../../evaluation/list-metrics.ts';
import { PatientFigures } from '../../../evaluation/patient-figures.tsx';
import { PooledSiteFigures } from '../../../evaluation/site-figures.tsx';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import { SubsetMark } from '../../../split/subset-mark.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { describeDraws, type UnitWords } from '../../../unit/unit-words.ts';

type PooledResultProps = { sweep: SweepPageFragment; opening: NonNullable<SweepPageFragment['opening']> };

export function PooledResult({ sweep, opening }: PooledResultProps) {
  const { positiveName: positiveClass, negativeName: negativeClass } = known(sweep.experiment.task);
  const { unit } = known(sweep.experiment.dataset);
  const catalogue = useMetricCatalogue();
  const evaluation = { ...opening, subset: 'TEST' as const };
  return (
    <section aria-label="Pooled out-of-fold result" className="flex flex-col gap-4">
      <PooledHeading opening={opening} unit={unit} />
      <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <Card flush title="Metrics" className="lg:row-span-2">
          <PlainTable
            caption="Pooled metrics"
            rows={listMetrics(evaluation, { catalogue, positiveClass })}
            rowKey={(row) => row.name}
            columns={[
              { header: 'Metric', cell: (row) => <span title={row.about}>{row.label}</span> },
              {
                header: 'Value',
                align: 'right',
                cell: (row) => <span className="font-semibold">{formatMetric(row.value)}</span>,
              },
              {
                header: '95 % interval',
                align: 'right',
                className: 'whitespace-nowrap text-muted-foreground',
                cell: (row) => formatInterval(row.interval),
              },
            ]}
          />
        </Card>
        <RocCard
          evaluation={evaluation}
          positiveClass={positiveClass}
          note="The dot is the predictions of all folds, each at its own threshold."
        />
        <ReliabilityCard evaluation={evaluation} positiveClass={positiveClass} />
        <ConfusionTable
          confusion={opening.confusion}
          positiveClass={positiveClass}
          negativeClass={negativeClass}
          subset="TEST"
        />
        <PatientFigures
          patients={opening.patients}
          positiveClass={positiveClass}
          unit={unit}
          subset="TEST"
          toHref={null}
        />
      </div>
      <PooledContextFigures sweepId={sweep.id} positiveClass={positiveClass} unit={unit} />
      <PooledSiteFigures sweepId={sweep.id} positiveClass={positiveClass} unit={unit} />
    </section>
  );
}

/** Who opened TEST and why, and what the figures mean. */
function PooledHeading({ opening, unit }: Pick<PooledResultProps, 'opening'> & { unit: UnitWords }) {
  const toUrl = useFileUrl();
  return (
    <div className="flex flex-wrap items-start justify-between gap-3">
      <div className="max-w-3xl">
        <h2 className="flex flex-wrap items-center gap-3 text-lg font-semibold">
          Pooled out-of-fold result <SubsetMark subset="TEST" />
        </h2>
        <p className="text-sm text-muted-foreground">
          Opened by {opening.openedBy} <Moment at={opening.openedAt} />: {opening.reason}
        </p>
        <p className="mt-1.5 text-sm text-muted-foreground">
          Every {unit.one} was predicted once, by the fold that did not train on it. Probabilities are
          calibrated on each fold’s own VALIDATION, and each fold’s threshold (
          {listThresholds(opening.metrics)}) is applied to its own predictions. Differences that calibration
          leaves between folds lower the pooled AUC: compare it with the mean over the folds.{' '}
          {describeDraws(unit, opening.draws)} They do not include training noise.
        </p>
      </div>
      <Button asChild>
        <a href={toUrl(opening.csvUrl)} download>
          <Download />
          out-of-fold.csv
        </a>
      </Button>
    </div>
  );
}

function listThresholds(metrics: unknown): string {
  const { thresholds } = metrics as { thresholds?: number[] };
  return (thresholds ?? []).map(formatMetric).join(', ');
}
