'use client';
/** The curves of all runs overlaid, one panel per metric; VALIDATION by default; by epoch, step or time. */
import { useQuery } from '@apollo/client/react';
import { useCallback, useMemo, useState } from 'react';
import { useReload } from '../../api/use-reload.ts';
import { Chart } from '../../charts/chart.tsx';
import type { ChartPalette } from '../../charts/chart-palette.ts';
import { buildCurveOption } from '../../charts/curve-option.ts';
import { ComparedCurvesDocument } from '../../graphql/generated/graphql.ts';
import { listEpochMetrics, type MetricCatalogue, pickMain } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import { Card } from '../../ui/card.tsx';
import { LabeledCheckbox, Select } from '../../ui/field.tsx';
import { CURVE_AXES, type CurveAxis, ELAPSED_SERIES, measureReach } from './align-curves.ts';
import { MOST_DRAWN_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';
import { type OverlayPanel, overlayCurves } from './overlay-curves.ts';
import { SeriesSwatch } from './series-swatch.tsx';

type ComparedCurvesProps = { runs: Comparison['runs']; positiveClass: string; units: string };

/** Of many runs, only this many main figures are requested, and the seconds that place a point in time. */
const MAIN_SERIES = 4;

export function ComparedCurves({ runs, positiveClass, units }: ComparedCurvesProps) {
  const [withTraining, setWithTraining] = useState(false);
  const [withFurther, setWithFurther] = useState(false);
  const [axis, setAxis] = useState<CurveAxis>('epoch');
  const catalogue = useMetricCatalogue();
  const isMany = runs.length > MOST_DRAWN_RUNS;
  const runIds = useMemo(() => runs.map(({ id }) => id), [runs]);
  const knownIds = useMemo(() => new Set(runIds), [runIds]);
  // Curves are not cached; they are requested again whenever one of the runs changes.
  const query = useQuery(ComparedCurvesDocument, {
    variables: { runIds, names: isMany ? listMainSeries(catalogue) : null },
    fetchPolicy: 'no-cache',
  });
  useRunsChanged({ knownIds, onListChanged: () => undefined, onKnownChanged: useReload(query.refetch) });
  const curves = (query.data ?? query.previousData)?.compareRuns.runs;
  const panels = useMemo(
    () =>
      overlayCurves({
        runs,
        curves: (curves ?? []).map(withGaps),
        catalogue,
        positiveClass,
        units,
        withTraining,
        withFurther,
        axis,
      }),
    [runs, curves, catalogue, positiveClass, units, withTraining, withFurther, axis],
  );
  const reach = axis === 'epoch' ? countEpochs(runs) : measureReach(panels.flatMap(({ curves }) => curves));
  return (
    <Card
      title="Curves"
      note={isMany ? 'Colours repeat: hover over a curve for its name.' : undefined}
      actions={
        <>
          {!isMany &&
            runs.map(({ id, name }, index) => (
              <span key={id} className="inline-flex items-center gap-1.5 text-xs">
                <SeriesSwatch index={index} />
                {name}
              </span>
            ))}
          {!isMany && <Tick label="with TRAIN (dashed)" ticked={withTraining} onTick={setWithTraining} />}
          {!isMany && <Tick label="more metrics" ticked={withFurther} onTick={setWithFurther} />}
          <AxisChoice value={axis} onChange={setAxis} />
        </>
      }
    >
      {panels.length === 0 && (
        <p className="text-sm text-muted-foreground">No epochs yet. Curves appear as epochs finish.</p>
      )}
      <div className="grid gap-5 md:grid-cols-2">
        {panels.map((panel) => (
          <OverlayChart key={panel.key} panel={panel} reach={reach} axis={axis} />
        ))}
      </div>
    </Card>
  );
}

type StoredCurves = {
  id: string;
  metrics: readonly {
    name: string;
    points: readonly { epoch: number; step: number; value?: number | null }[];
  }[];
};

/** A value that is no number leaves a gap; without epochs, steps stand in their place. */
function withGaps({ id, metrics }: StoredCurves) {
  return {
    id,
    metrics: metrics.map(({ name, points }) => ({
      name,
      points: points.map(({ epoch, step, value }) => ({
        epoch: epoch || step,
        step,
        value: value ?? Number.NaN,
      })),
    })),
  };
}

/** Of the longest run; an axis has two ends. */
function countEpochs(runs: Comparison['runs']): number {
  return Math.max(2, ...runs.map(({ epochs, epochsDone }) => epochs ?? epochsDone));
}

function listMainSeries(catalogue: MetricCatalogue): string[] {
  const main = pickMain(listEpochMetrics(catalogue), MAIN_SERIES);
  return [...main.map((name) => `validation.${name}`), ELAPSED_SERIES];
}

type TickProps = { label: string; ticked: boolean; onTick: (ticked: boolean) => void };

function Tick({ label, ticked, onTick }: TickProps) {
  return (
    <LabeledCheckbox
      label={label}
      className="text-xs"
      checked={ticked}
      onChange={(event) => onTick(event.target.checked)}
    />
  );
}

function AxisChoice({ value, onChange }: { value: CurveAxis; onChange: (axis: CurveAxis) => void }) {
  return (
    <Select
      aria-label="Align curves by"
      className="h-7 w-32 text-xs"
      value={value}
      onChange={(event) => onChange(CURVE_AXES.find((axis) => axis === event.target.value) ?? 'epoch')}
    >
      <option value="epoch">by epoch</option>
      <option value="step">by step</option>
      <option value="time">by time</option>
    </Select>
  );
}

const AXIS_NAMES: Record<CurveAxis, string> = {
  epoch: 'epoch',
  step: 'optimizer step',
  time: 'seconds of training',
};

type OverlayChartProps = { panel: OverlayPanel; reach: number; axis: CurveAxis };

function OverlayChart({ panel, reach, axis }: OverlayChartProps) {
  const build = useCallback(
    (palette: ChartPalette) =>
      buildCurveOption({
        palette,
        epochs: axis === 'epoch' ? reach : null,
        axis: axis === 'epoch' ? undefined : { name: AXIS_NAMES[axis], max: reach },
        curves: panel.curves.map(({ name, runIndex, dashed, points }) => ({
          name,
          dashed,
          points,
          color: palette.series[runIndex % palette.series.length] ?? palette.accent,
        })),
      }),
    [panel, reach, axis],
  );
  return (
    <figure>
      <figcaption className="mb-1 text-xs font-medium">{panel.title}</figcaption>
      <Chart build={build} label={`${panel.title} of every run by ${AXIS_NAMES[axis]}`} className="h-52" />
    </figure>
  );
}
