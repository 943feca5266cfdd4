'use client';
/** Whether stated probabilities come true. */
import { useCallback, useMemo } from 'react';
import { Chart } from '../charts/chart.tsx';
import type { ChartPalette } from '../charts/chart-palette.ts';
import { buildReliabilityOption } from '../charts/reliability-option.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import { listReliabilityPoints } from './list-reliability-points.ts';

type ReliabilityCardProps = {
  evaluation: Pick<EvaluationFiguresFragment, 'reliability'>;
  positiveClass: string;
};

export function ReliabilityCard({ evaluation, positiveClass }: ReliabilityCardProps) {
  const points = useMemo(() => listReliabilityPoints(evaluation.reliability), [evaluation.reliability]);
  const build = useCallback(
    (palette: ChartPalette) =>
      buildReliabilityOption({
        ...{ palette, positiveClass },
        curves: [{ name: 'reliability', color: palette.accent, points }],
      }),
    [points, positiveClass],
  );
  return (
    <Card title="Reliability" note="On the diagonal, a stated probability means what it says.">
      <Chart build={build} label={`Reliability of the probability of ${positiveClass}`} className="h-60" />
    </Card>
  );
}
