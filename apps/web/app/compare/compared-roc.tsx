'use client';
/** The ROC curves of every run over each other. */
import { useCallback } from 'react';
import { Chart } from '../../charts/chart.tsx';
import type { ChartPalette } from '../../charts/chart-palette.ts';
import { buildRocOption } from '../../charts/roc-option.ts';
import { Card } from '../../ui/card.tsx';
import type { Comparison } from './compare-view.tsx';

type ComparedRocProps = { runs: Comparison['runs']; subset: 'VALIDATION' | 'TEST'; positiveClass: string };

export function ComparedRoc({ runs, subset, positiveClass }: ComparedRocProps) {
  const build = useCallback(
    (palette: ChartPalette) =>
      buildRocOption({
        palette,
        curves: runs.flatMap(({ name, evaluations }, index) => {
          const evaluation = evaluations.find((one) => one.subset === subset);
          const color = palette.series[index % palette.series.length] ?? palette.accent;
          return evaluation ? [{ name, color, points: evaluation.roc }] : [];
        }),
      }),
    [runs, subset],
  );
  return (
    <Card title={`ROC of ${positiveClass} on ${subset}`}>
      <Chart build={build} label={`ROC curves of ${positiveClass} on ${subset}`} className="h-72" />
    </Card>
  );
}
