'use client';
/** Precision over recall of one evaluation, with the point where its threshold stands, or the one that is tried out. */
import { useCallback } from 'react';
import { Chart } from '../charts/chart.tsx';
import type { ChartPalette } from '../charts/chart-palette.ts';
import { buildPrOption } from '../charts/pr-option.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import { readFigure } from './list-metrics.ts';
import { locatePrecision } from './locate-operating-point.ts';

type PrCardProps = {
  evaluation: EvaluationFiguresFragment;
  positiveClass: string;
  confusion: EvaluationFiguresFragment['confusion'];
};

export function PrCard({ evaluation, positiveClass, confusion }: PrCardProps) {
  const { pr, metrics, subset } = evaluation;
  const build = useCallback(
    (palette: ChartPalette) =>
      buildPrOption({
        palette,
        curves: [
          {
            name: 'precision and recall',
            color: subset === 'TEST' ? palette.subsets.TEST : palette.subsets.VALIDATION,
            points: pr,
          },
        ],
        prevalence: readFigure(metrics, 'prevalence'),
        operatingPoint: locatePrecision(confusion),
      }),
    [pr, metrics, confusion, subset],
  );
  return (
    <Card
      title={`Precision and recall of ${positiveClass}`}
      note="The dashed line is the share of positives."
    >
      <Chart
        build={build}
        label={`Precision-recall curve of ${positiveClass} on ${subset}`}
        className="h-60"
      />
    </Card>
  );
}
