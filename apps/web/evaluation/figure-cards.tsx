'use client';
/** The figures of one evaluation, each in a card: ROC, precision and recall, reliability, area by unit. */
import { useCallback, useMemo } from 'react';
import { buildAreaOption } from '../charts/area-option.ts';
import { Chart } from '../charts/chart.tsx';
import type { ChartPalette } from '../charts/chart-palette.ts';
import { buildPrOption } from '../charts/pr-option.ts';
import { buildReliabilityOption } from '../charts/reliability-option.ts';
import { buildRocOption } from '../charts/roc-option.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import type { UnitWords } from '../unit/unit-words.ts';
import { listReliabilityPoints, locateOperatingPoint, locatePrecision } from './figure-points.ts';
import { readFigure } from './list-metrics.ts';

/** What is drawn of an evaluation, and whose patches they are: a subset, or an exam by its name. */
type Drawn<Key extends keyof EvaluationFiguresFragment> = Pick<EvaluationFiguresFragment, Key> & {
  subset: string;
};

type RocCardProps = {
  evaluation: Drawn<'roc' | 'confusion'>;
  positiveClass: string;
  note?: string;
};

const USUAL_NOTE = 'The dot is the threshold.';

/** The ROC curve of one evaluation, with the point where its threshold stands. */
export function RocCard({ evaluation, positiveClass, note = USUAL_NOTE }: RocCardProps) {
  const { roc, confusion, subset } = evaluation;
  const build = useCallback(
    (palette: ChartPalette) =>
      buildRocOption({
        palette,
        curves: [
          {
            name: 'ROC',
            color: colorSubset(palette, subset),
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

type PrCardProps = {
  evaluation: Drawn<'pr' | 'metrics'>;
  positiveClass: string;
  confusion: EvaluationFiguresFragment['confusion'];
};

/** Precision over recall of one evaluation, with the point where its threshold stands, or the one that is tried out. */
export function PrCard({ evaluation, positiveClass, confusion }: PrCardProps) {
  const { pr, metrics, subset } = evaluation;
  const build = useCallback(
    (palette: ChartPalette) =>
      buildPrOption({
        palette,
        curves: [
          {
            name: 'precision and recall',
            color: colorSubset(palette, subset),
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
      note={`The dashed line is the share of ${positiveClass}.`}
    >
      <Chart
        build={build}
        label={`Precision-recall curve of ${positiveClass} on ${subset}`}
        className="h-60"
      />
    </Card>
  );
}

type ReliabilityCardProps = {
  evaluation: Pick<EvaluationFiguresFragment, 'reliability'>;
  positiveClass: string;
};

/** Predicted probabilities against observed shares. */
export function ReliabilityCard({ evaluation, positiveClass }: ReliabilityCardProps) {
  const points = useMemo(() => listReliabilityPoints(evaluation.reliability), [evaluation.reliability]);
  const build = useCallback(
    (palette: ChartPalette) =>
      buildReliabilityOption({
        palette,
        positiveClass,
        curves: [{ name: 'reliability', color: palette.accent, points }],
      }),
    [points, positiveClass],
  );
  return (
    <Card title="Reliability" note="On the diagonal, predicted probabilities match observed shares.">
      <Chart build={build} label={`Reliability of the probability of ${positiveClass}`} className="h-60" />
    </Card>
  );
}

type AreaCardProps = { evaluation: Drawn<'patients'>; positiveClass: string; unit: UnitWords };

/** The area of the positive class per unit: called against labelled. */
export function AreaCard({ evaluation, positiveClass, unit }: AreaCardProps) {
  const { patients, subset } = evaluation;
  const { title } = unit;
  const build = useCallback(
    (palette: ChartPalette) => buildAreaOption({ palette, patients, positiveClass, title }),
    [patients, positiveClass, title],
  );
  return (
    <Card
      title={`Area of ${positiveClass}`}
      note={`One dot per ${unit.one}; above the line, too much is called.`}
    >
      <Chart
        build={build}
        label={`Called against true area of ${positiveClass} on ${subset}`}
        className="h-60"
      />
    </Card>
  );
}

function colorSubset({ subsets, accent }: ChartPalette, subset: string): string {
  if (subset === 'TEST') return subsets.TEST;
  return subset === 'VALIDATION' ? subsets.VALIDATION : accent;
}
