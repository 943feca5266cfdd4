'use client';
/** The ROC curve of one evaluation, with the point where its threshold stands. */
import { useCallback } from 'react';
import { Chart } from '../charts/chart.tsx';
import type { ChartPalette } from '../charts/chart-palette.ts';
import { buildRocOption } from '../charts/roc-option.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import { locateOperatingPoint } from './locate-operating-point.ts';

type RocCardProps = {
  evaluation: Pick<EvaluationFiguresFragment, 'roc' | 'confusion' | 'subset'>;
  positiveClass: string;
  note?: string;
};

const USUAL_NOTE = 'The dot is the threshold.';

export function RocCard({ evaluation, positiveClass, note = USUAL_NOTE }: RocCardProps) {
  const { roc, confusion, subset } = evaluation;
  const build = useCallback(
    (palette: ChartPalette) =>
      buildRocOption({
        palette,
        curves: [
          {
            name: 'ROC',
            color: subset === 'TEST' ? palette.subsets.TEST : palette.subsets.VALIDATION,
            points: roc,
          },
        ],
        operatingPoint: locateOperatingPoint(confusion),
      }),
    [roc, confusion, subset],
  );
  return (
    <Card title={`ROC of ${positiveClass}`} note={note}>
      <Chart build={build} label={`ROC curve of ${positiveClass} on ${subset}`} className="h-60" />
    </Card>
  );
}
