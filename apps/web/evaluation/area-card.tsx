'use client';
/** The area of the positive class patient by patient: as called against as labelled. */
import { useCallback } from 'react';
import { buildAreaOption } from '../charts/area-option.ts';
import { Chart } from '../charts/chart.tsx';
import type { ChartPalette } from '../charts/chart-palette.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';

type AreaCardProps = { evaluation: EvaluationFiguresFragment; positiveClass: string };

export function AreaCard({ evaluation, positiveClass }: AreaCardProps) {
  const { patients, subset } = evaluation;
  const build = useCallback(
    (palette: ChartPalette) => buildAreaOption({ palette, patients, positiveClass }),
    [patients, positiveClass],
  );
  return (
    <Card title={`Area of ${positiveClass}`} note="One dot a patient; above the line too much is called.">
      <Chart
        build={build}
        label={`Called against true area of ${positiveClass} on ${subset}`}
        className="h-60"
      />
    </Card>
  );
}
