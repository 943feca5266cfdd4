'use client';
/** The curves of a run, one panel per metric, growing as epochs arrive. */
import { memo, useMemo } from 'react';
import type { CurveAxis } from '../../../charts/curves/curve-option.ts';
import { CurvesLoading } from '../../../charts/curves/curves-loading.tsx';
import { CurvesScopeProvider } from '../../../charts/curves/curves-scope.tsx';
import { CurveSections } from '../../../charts/panels/curve-sections.tsx';
import { listNames, plotPanels } from '../../../charts/panels/plot-panels.ts';
import { useChartArrangement } from '../../../charts/panels/use-chart-arrangement.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { nameMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { nameIndependent } from '../../../unit/unit-words.ts';
import { listCurves } from './run-stream-state.ts';
import type { RunStream } from './use-run-stream.ts';

type RunCurvesProps = { run: RunPageFragment; stream: RunStream };

export function RunCurves({ run, stream }: RunCurvesProps) {
  if (stream.isLoading) return <CurvesLoading />;
  if (stream.series.size === 0) {
    return (
      <p className="mb-5 rounded-lg border border-dashed border-line-strong p-8 text-center text-sm text-muted-foreground">
        {run.status === 'QUEUED' || run.status === 'RUNNING'
          ? 'The first epoch will appear here when it finishes.'
          : 'This run has no epochs.'}
      </p>
    );
  }
  return (
    <CurvesScopeProvider>
      <div className="mb-5">
        <RunCharts
          run={run}
          series={stream.series}
          thinned={stream.thinned}
          isByStep={stream.isByStep}
          bestEpoch={stream.bestEpoch ?? run.bestEpoch}
        />
      </div>
    </CurvesScopeProvider>
  );
}

type RunChartsProps = {
  run: RunPageFragment;
  bestEpoch?: number | null;
} & Pick<RunStream, 'series' | 'thinned' | 'isByStep'>;

/** Drawn again when numbers come: batches of progress move none of them. */
const RunCharts = memo(function RunCharts({ run, series, thinned, isByStep, bestEpoch }: RunChartsProps) {
  const catalogue = useMetricCatalogue();
  const arranged = useChartArrangement(run.experiment.id);
  const { layout } = arranged;
  const positiveClass = run.task?.positiveName ?? '';
  const units = run.dataset ? nameIndependent(run.dataset.unit) : 'patients';
  const monitored = readMonitored(run.hyperparameters);
  const sources = useMemo(
    () => [
      {
        id: run.id,
        run: null,
        curves: listCurves(series).map((curve) => ({ ...curve, isThinned: thinned.has(curve.name) })),
      },
    ],
    [run.id, series, thinned],
  );
  const sections = useMemo(() => {
    const naming = { catalogue, positiveClass, units };
    return plotPanels({ sources, naming, layout, withTraining: true, promoted: monitored });
  }, [sources, catalogue, positiveClass, units, layout, monitored]);
  const isExternal = run.origin === 'EXTERNAL';
  const last = findLast(series);
  const max = Math.max(2, isExternal ? last : (run.epochs ?? last));
  const axis = useMemo(
    (): CurveAxis => ({
      name: isExternal ? 'epoch or step' : 'epoch',
      min: 1,
      max,
      by: isByStep ? 'step' : 'epoch',
    }),
    [isExternal, max, isByStep],
  );
  return (
    <CurveSections
      isLive
      sections={sections}
      arranged={arranged}
      axis={axis}
      names={listNames(sources)}
      units={units}
      bestEpoch={bestEpoch}
      describe={describeChart}
    />
  );
});

const describeChart = (title: string) => `${title} over epochs`;

/** Where the axis ends of a run that tells no number of epochs. */
function findLast(series: RunStream['series']): number {
  let last = 1;
  for (const points of series.values()) for (const place of points.keys()) last = Math.max(last, place);
  return last;
}

/** The panel of the metric by which this run's best epoch is chosen: never folded away. */
function readMonitored(hyperparameters: unknown): string | null {
  const monitor = (hyperparameters as { monitor?: unknown } | null)?.monitor;
  return typeof monitor === 'string' ? nameMetric(monitor) : null;
}
