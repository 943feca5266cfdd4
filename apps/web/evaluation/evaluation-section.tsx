'use client';
/** One evaluation: metrics with intervals, a threshold to try out, confusion matrix, curves, reliability, units. */
import { linkToViewer } from '../address/page-addresses.ts';
import { formatMetric } from '../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { SubsetMark } from '../split/subset-mark.tsx';
import { classNames } from '../ui/class-names.ts';
import { describeDraws, hasUnits, type UnitWords } from '../unit/unit-words.ts';
import { ConfusionTable } from './confusion-table.tsx';
import { ContextFiguresOfRun } from './context-figures.tsx';
import { AreaCard, PrCard, ReliabilityCard, RocCard } from './figure-cards.tsx';
import { MetricsCard } from './metrics-card.tsx';
import { PatientFigures } from './patient-figures.tsx';
import { SiteFiguresOfRun } from './site-figures.tsx';
import { TellingPatchesOfRun } from './telling-patches.tsx';
import { ThresholdBar } from './threshold-bar.tsx';
import { useThresholdExplorer } from './use-threshold-explorer.ts';

type EvaluationSectionProps = {
  runId: string;
  evaluation: EvaluationFiguresFragment;
  positiveClass: string;
  negativeClass: string;
  unit: UnitWords;
  unsafe: boolean;
};

export function EvaluationSection({
  runId,
  evaluation,
  positiveClass,
  negativeClass,
  unit,
  unsafe,
}: EvaluationSectionProps) {
  const { subset, draws, threshold } = evaluation;
  const explorer = useThresholdExplorer({ runId, subset });
  const confusion = explorer.explored?.confusion ?? evaluation.confusion;
  const shown = { evaluation, positiveClass };
  return (
    <section
      aria-label={`Evaluation on ${subset}`}
      className={classNames('flex flex-col gap-4', unsafe && 'hatched rounded-lg p-2')}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <SubsetMark subset={subset} />
        <p className="text-sm text-muted-foreground">
          {positiveClass} is called where its probability is at least {formatMetric(threshold)}.{' '}
          {describeDraws(unit, draws)}
        </p>
      </div>
      <ThresholdBar explorer={explorer} threshold={threshold} subset={subset} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1.25fr)_minmax(0,2fr)]">
        <MetricsCard {...shown} unit={unit} explored={explorer.explored} />
        <div className="grid items-start gap-4 md:grid-cols-2">
          <RocCard evaluation={{ ...evaluation, confusion }} positiveClass={positiveClass} />
          <PrCard {...shown} confusion={confusion} />
          <ReliabilityCard {...shown} />
          {hasUnits(unit) && <AreaCard {...shown} unit={unit} />}
          <ConfusionTable
            confusion={confusion}
            positiveClass={positiveClass}
            negativeClass={negativeClass}
            subset={subset}
            exploredThreshold={explorer.explored?.threshold ?? null}
          />
        </div>
      </div>
      <TellingPatchesOfRun
        runId={runId}
        subset={subset}
        positiveClass={positiveClass}
        threshold={threshold}
      />
      <ContextFiguresOfRun runId={runId} subset={subset} positiveClass={positiveClass} unit={unit} />
      <SiteFiguresOfRun runId={runId} positiveClass={positiveClass} subset={subset} unit={unit} />
      <PatientFigures
        patients={evaluation.patients}
        positiveClass={positiveClass}
        unit={unit}
        subset={subset}
        toHref={(patient) => linkToViewer({ run: runId, patient })}
      />
    </section>
  );
}
