'use client';
/** A number of runs against one of their values, and against several at once; a point leads to its run. */
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { Chart } from '../../../charts/chart.tsx';
import type { ChartPalette } from '../../../charts/chart-palette.ts';
import { buildSettingOption } from '../../../charts/setting-option.ts';
import { titleField } from '../../../form/schema-fields.ts';
import { isLessBetter } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../ui/card.tsx';
import type { RunPoint } from './list-points.ts';

/** The metric within a field such as `best(validation.auc)` or `test.auc`. */
const METRIC = /(?:train|validation|test)\.([\w.]+)/;

type ScatterCardProps = { points: readonly RunPoint[]; of: string; against: string };

export function ScatterCard({ points, of, against }: ScatterCardProps) {
  return (
    <RelationCard
      title={`${of} against ${against}`}
      note="A point is a run. One run of a setting says nothing of the noise between seeds."
      points={points}
      of={of}
      axes={[against]}
    />
  );
}

type ParallelCardProps = { points: readonly RunPoint[]; of: string; axes: readonly string[] };

export function ParallelCard({ points, of, axes }: ParallelCardProps) {
  return (
    <RelationCard
      title="Hyperparameters together"
      note="A line is a run; the best fifth is in the accent colour. Those that lack one of the values are left out."
      points={points}
      of={of}
      axes={axes}
    />
  );
}

type RelationCardProps = ParallelCardProps & { title: string; note: string };

function RelationCard({ title, note, points, of, axes }: RelationCardProps) {
  const router = useRouter();
  const catalogue = useMetricCatalogue();
  const smallerIsBetter = isLessBetter(catalogue, METRIC.exec(of)?.[1] ?? of);
  const build = useCallback(
    (palette: ChartPalette) =>
      buildSettingOption({
        palette,
        points,
        smallerIsBetter,
        metric: of,
        keys: axes.map((field) => (field.includes('(') || field.includes('.') ? field : titleField(field))),
      }),
    [points, smallerIsBetter, of, axes],
  );
  const open = useCallback(
    (index: number) => {
      const point = points[index];
      if (point) router.push(`/runs/${point.id}`);
    },
    [points, router],
  );
  return (
    <Card title={<span className="break-all">{title}</span>} note={note}>
      {points.length === 0 ? (
        <p className="text-sm text-muted-foreground">No run has all of these values.</p>
      ) : (
        <Chart
          build={build}
          label={`${of} of ${points.length} runs against ${axes.join(', ')}`}
          className="h-80"
          onPick={open}
        />
      )}
    </Card>
  );
}
