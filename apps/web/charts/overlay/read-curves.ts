/** The curves of several runs as they came, as sources of charts that lie over one another. Pure. */
import { tellApart } from '../../format/tell-apart.ts';
import type { RunCurvesFragment } from '../../graphql/generated/graphql.ts';
import { nameSetting, type SettingSource } from '../panels/group-sources.ts';
import { alignCurves, type CurveAlignment, type StoredCurve } from './align-curves.ts';

export type OverlaidRun = {
  id: string;
  name: string;
  bestEpoch?: number | null;
  hyperparameters: unknown;
  split?: { name: string } | null;
};

export function readSources(
  runs: readonly OverlaidRun[],
  { curves, alignment }: { curves: readonly RunCurvesFragment[]; alignment: CurveAlignment },
): SettingSource[] {
  const names = tellApart(runs.map(({ id, name, split }) => ({ id, name, on: split?.name ?? '' })));
  const byRun = new Map(curves.map((one) => [one.id, one]));
  return runs.map(({ id, name, bestEpoch, hyperparameters }, tone) => {
    const stored = byRun.get(id);
    return {
      id,
      run: { name: names[tone]?.name ?? name, tone, bestEpoch },
      setting: nameSetting(hyperparameters),
      curves: stored ? alignCurves(withGaps(stored), alignment) : [],
    };
  });
}

/** A value that is no number leaves a gap; without epochs, steps stand in their place. */
function withGaps({ metrics, elapsed }: RunCurvesFragment): StoredCurve[] {
  // The time so far is the sum of all epochs, so that none of its numbers may be left out.
  const whole = new Map(elapsed.map((series) => [series.name, series]));
  return metrics.map((series) => {
    const { name, pointCount, points } = whole.get(series.name) ?? series;
    return {
      name,
      isThinned: points.length < pointCount,
      points: points.map(({ epoch, step, value }) => ({
        epoch: epoch || step,
        step,
        value: value ?? Number.NaN,
      })),
    };
  });
}
