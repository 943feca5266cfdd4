'use client';
/** The same metric of every run over each other, one panel per metric; VALIDATION by default. */
import { useCallback, useMemo, useState } from 'react';
import { Chart } from '../../charts/chart.tsx';
import type { ChartPalette } from '../../charts/chart-palette.ts';
import { buildCurveOption } from '../../charts/curve-option.ts';
import type { MetricCurve } from '../../charts/curve-panels.ts';
import { Card } from '../../ui/card.tsx';
import { LabeledCheckbox } from '../../ui/field.tsx';
import type { Comparison } from './compare-view.tsx';
import { type OverlayPanel, overlayCurves } from './overlay-curves.ts';
import { SeriesSwatch } from './series-swatch.tsx';

type ComparedCurvesProps = {
  runs: Comparison['runs'];
  curves: readonly { id: string; metrics: readonly MetricCurve[] }[];
  positiveClass: string;
};

export function ComparedCurves({ runs, curves, positiveClass }: ComparedCurvesProps) {
  const [withTraining, setWithTraining] = useState(false);
  const panels = useMemo(
    () => overlayCurves({ runs, curves, positiveClass, withTraining }),
    [runs, curves, positiveClass, withTraining],
  );
  const epochs = Math.max(2, ...runs.map((run) => run.epochs));
  return (
    <Card
      title="Curves"
      actions={
        <>
          {runs.map(({ id, name }, index) => (
            <span key={id} className="inline-flex items-center gap-1.5 text-xs">
              <SeriesSwatch index={index} />
              {name}
            </span>
          ))}
          <LabeledCheckbox
            label="with TRAIN (dashed)"
            className="text-xs"
            checked={withTraining}
            onChange={(event) => setWithTraining(event.target.checked)}
          />
        </>
      }
    >
      {panels.length === 0 && (
        <p className="text-sm text-muted-foreground">No epoch yet. Curves appear as epochs end.</p>
      )}
      <div className="grid gap-5 md:grid-cols-2">
        {panels.map((panel) => (
          <OverlayChart key={panel.key} panel={panel} epochs={epochs} />
        ))}
      </div>
    </Card>
  );
}

function OverlayChart({ panel, epochs }: { panel: OverlayPanel; epochs: number }) {
  const build = useCallback(
    (palette: ChartPalette) =>
      buildCurveOption({
        palette,
        epochs,
        curves: panel.curves.map(({ name, runIndex, dashed, points }) => ({
          name,
          dashed,
          points,
          color: palette.series[runIndex % palette.series.length] ?? palette.accent,
        })),
      }),
    [panel, epochs],
  );
  return (
    <figure>
      <figcaption className="mb-1 text-xs font-medium">{panel.title}</figcaption>
      <Chart build={build} label={`${panel.title} of every run over epochs`} className="h-52" />
    </figure>
  );
}
