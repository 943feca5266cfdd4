'use client';
/** How the metric depends on the hyperparameters: a scatter for one, parallel coordinates for several. */
import { useCallback, useMemo } from 'react';
import { Chart } from '../../../charts/chart.tsx';
import type { ChartPalette } from '../../../charts/chart-palette.ts';
import { buildSettingOption, type SettingPoint } from '../../../charts/setting-option.ts';
import { titleField } from '../../../form/schema-fields.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { isLessBetter, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import { Card } from '../../../ui/card.tsx';
import { readHyperparameter } from './describe-sweep.ts';

const POINTS_MIN = 2;

export function SettingPicture({ sweep }: { sweep: SweepPageFragment }) {
  const { ranking, variedKeys, strategy, metric } = sweep;
  const catalogue = useMetricCatalogue();
  const label = titleMetric(catalogue, metric, known(sweep.experiment.task).positiveName);
  const points = useMemo<SettingPoint[]>(
    () =>
      ranking.flatMap(({ run, value }) =>
        typeof value === 'number' && (run.sweepRung ?? 0) === 0
          ? [{ name: run.name, values: variedKeys.map((key) => readHyperparameter(run, key)), metric: value }]
          : [],
      ),
    [ranking, variedKeys],
  );
  const smallerIsBetter = isLessBetter(catalogue, metric);
  const build = useCallback(
    (palette: ChartPalette) =>
      buildSettingOption({
        palette,
        points,
        smallerIsBetter,
        metric: label,
        keys: variedKeys.map(titleField),
      }),
    [points, variedKeys, label, smallerIsBetter],
  );
  if (points.length < POINTS_MIN) return null;
  return (
    <Card
      title="Hyperparameters against the metric"
      note={
        strategy === 'HALVING'
          ? 'The runs of rung 1, all with the same epochs. One run per setting says nothing about training noise.'
          : 'One run per setting: one seed says nothing about training noise.'
      }
    >
      <Chart build={build} label={`${label} against ${variedKeys.join(', ')}`} className="h-80" />
    </Card>
  );
}
