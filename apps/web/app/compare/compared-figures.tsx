'use client';
/** ROC, precision-recall and reliability curves of the runs, overlaid; on TEST where it is open for any of them. */
import { useQuery } from '@apollo/client/react';
import { useCallback, useMemo } from 'react';
import { Chart } from '../../charts/chart.tsx';
import type { ChartPalette } from '../../charts/chart-palette.ts';
import { buildPrOption } from '../../charts/pr-option.ts';
import { buildReliabilityOption } from '../../charts/reliability-option.ts';
import { buildRocOption } from '../../charts/roc-option.ts';
import { SeriesSwatch } from '../../charts/series-swatch.tsx';
import { listReliabilityPoints } from '../../evaluation/figure-points.ts';
import { ComparedFiguresDocument, type ComparedFiguresQuery } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { MOST_DRAWN_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';

type ComparedFiguresProps = { runs: Comparison['runs']; positiveClass: string };

export function ComparedFigures({ runs, positiveClass }: ComparedFiguresProps) {
  const drawn = useMemo(() => runs.slice(0, MOST_DRAWN_RUNS), [runs]);
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(ComparedFiguresDocument, {
    variables: { runIds: drawn.map(({ id }) => id) },
    fetchPolicy: 'no-cache',
  });
  const hasTest = drawn.some(({ evaluations }) => evaluations.some(({ subset }) => subset === 'TEST'));
  const subset = hasTest ? 'TEST' : 'VALIDATION';
  const found = (query.data ?? query.previousData)?.compareRuns.runs;
  const curves = useMemo(
    () =>
      drawn.flatMap(({ id, name }, index) => {
        const run = found?.find((one) => one.id === id);
        const evaluation = run?.evaluations.find((one) => one.subset === subset);
        return evaluation ? [{ name, index, evaluation }] : [];
      }),
    [drawn, found, subset],
  );
  if (found && curves.length === 0) return null;
  return (
    <Card
      title={`Ranking and calibration on ${subset}`}
      note={drawn.length < runs.length ? `Of the first ${drawn.length} runs.` : undefined}
      actions={curves.map(({ name, index }) => (
        <span key={name} className="inline-flex items-center gap-1.5 text-xs">
          <SeriesSwatch index={index} />
          {name}
        </span>
      ))}
    >
      <Figures curves={curves} positiveClass={positiveClass} />
    </Card>
  );
}

type Evaluation = ComparedFiguresQuery['compareRuns']['runs'][number]['evaluations'][number];
type FiguresProps = {
  curves: readonly { name: string; index: number; evaluation: Evaluation }[];
  positiveClass: string;
};

function Figures({ curves, positiveClass }: FiguresProps) {
  const draw = useCallback(
    function drawEach<Points>(palette: ChartPalette, pick: (evaluation: Evaluation) => Points) {
      return curves.map(({ name, index, evaluation }) => ({
        name,
        color: palette.series[index % palette.series.length] ?? palette.accent,
        points: pick(evaluation),
      }));
    },
    [curves],
  );
  const roc = useCallback(
    (palette: ChartPalette) => buildRocOption({ palette, curves: draw(palette, (one) => one.roc) }),
    [draw],
  );
  const pr = useCallback(
    (palette: ChartPalette) => buildPrOption({ palette, curves: draw(palette, (one) => one.pr) }),
    [draw],
  );
  const reliability = useCallback(
    (palette: ChartPalette) =>
      buildReliabilityOption({
        palette,
        positiveClass,
        curves: draw(palette, (one) => listReliabilityPoints(one.reliability)),
      }),
    [draw, positiveClass],
  );
  return (
    <div className="grid gap-5 lg:grid-cols-3">
      <Figure title={`ROC of ${positiveClass}`} build={roc} />
      <Figure title={`Precision and recall of ${positiveClass}`} build={pr} />
      <Figure title="Reliability" build={reliability} />
    </div>
  );
}

type FigureProps = { title: string; build: Parameters<typeof Chart>[0]['build'] };

function Figure({ title, build }: FigureProps) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-xs font-medium">{title}</figcaption>
      <Chart build={build} label={`${title}, every run`} className="h-72" />
    </figure>
  );
}
