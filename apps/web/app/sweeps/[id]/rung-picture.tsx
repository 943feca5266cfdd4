'use client';
/** The rungs of a halving: which settings went on, and how the metric changed with more epochs. */
import { useCallback } from 'react';
import { Chart } from '../../../charts/chart.tsx';
import type { ChartPalette } from '../../../charts/chart-palette.ts';
import { buildRungOption } from '../../../charts/rung-option.ts';
import { countNoun } from '../../../format/count-noun.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import { Card } from '../../../ui/card.tsx';
import { describeSetting } from './describe-sweep.ts';

export function RungPicture({ sweep }: { sweep: SweepPageFragment }) {
  const { rungs, ranking, variedKeys, canceledAt } = sweep;
  const label = titleMetric(useMetricCatalogue(), sweep.metric, known(sweep.experiment.task).positiveName);
  const build = useCallback(
    (palette: ChartPalette) => {
      const settings = new Map<number, { name: string; points: { rung: number; value: number }[] }>();
      for (const { run, value } of ranking.toReversed()) {
        const place = run.sweepPlace ?? 0;
        const setting = settings.get(place) ?? { name: describeSetting(run, variedKeys), points: [] };
        if (value !== null && value !== undefined) setting.points.push({ rung: run.sweepRung ?? 0, value });
        settings.set(place, setting);
      }
      const titles = rungs.map(({ number, epochs }) => `rung ${number + 1}\n${describeEpochs(epochs)}`);
      return buildRungOption({ palette, titles, settings: [...settings.values()], metric: label });
    },
    [rungs, ranking, variedKeys, label],
  );
  return (
    <Card
      title="Rungs"
      note="When every run of a rung has settled, the best on VALIDATION train from scratch for more epochs. Failed runs drop out."
    >
      <ol className="mb-3 flex flex-wrap gap-2">
        {rungs.map((rung) => (
          <li key={rung.number} className="min-w-40 flex-1 rounded-md border border-line px-3 py-2 text-sm">
            <p className="font-semibold">
              Rung {rung.number + 1}: {describeEpochs(rung.epochs)}
            </p>
            <p className="text-xs text-muted-foreground">{describeRung(rung, { ranking, canceledAt })}</p>
          </li>
        ))}
      </ol>
      <Chart build={build} label={`${label} of each setting, rung by rung`} className="h-72" />
    </Card>
  );
}

function describeEpochs(epochs: number): string {
  return countNoun(epochs, 'epoch');
}

function describeRung(
  { number, runCount, isMade }: SweepPageFragment['rungs'][number],
  { ranking, canceledAt }: Pick<SweepPageFragment, 'ranking' | 'canceledAt'>,
): string {
  const runs = ranking.filter(({ run }) => run.sweepRung === number).map(({ run }) => run);
  if (!isMade) return canceledAt ? 'not made: the sweep was canceled' : `${runCount} to follow`;
  const settled = runs.filter(({ status }) => status !== 'QUEUED' && status !== 'RUNNING').length;
  const dropped = runs.filter(({ status }) => status === 'FAILED' || status === 'CANCELED').length;
  return `${settled} of ${runs.length} settled${dropped > 0 ? `, ${dropped} dropped out` : ''}`;
}
