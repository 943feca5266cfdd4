'use client';
/** The headline figures of a sweep: its progress, its best run, and how far apart runs of one setting are. */
import { type Figure, FigureStrip } from '../../../components/figure-strip.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { formatMetric } from '../../../format/format-number.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import { Notice } from '../../../ui/notice.tsx';
import { describeSetting, measureSpread } from './describe-sweep.ts';

export function SweepFigures({ sweep }: { sweep: SweepPageFragment }) {
  const isOneSetting = sweep.strategy === 'SEEDS' || sweep.strategy === 'FOLDS';
  const title = titleMetric(useMetricCatalogue(), sweep.metric, known(sweep.experiment.task).positiveName);
  return (
    <>
      <FigureStrip
        figures={[
          countRuns(sweep),
          ...(isOneSetting ? describeSpread(sweep, title) : describeBest(sweep, title)),
        ]}
      />
      {sweep.strategy === 'SEEDS' && (
        <Notice className="mb-5">
          These runs differ only in their seed, so their spread is training noise. A smaller difference
          between two single runs of different settings means nothing.
        </Notice>
      )}
    </>
  );
}

function countRuns({ ranking, rungs }: SweepPageFragment): Figure {
  const count = (...statuses: string[]) => ranking.filter(({ run }) => statuses.includes(run.status)).length;
  const planned = Math.max(
    ranking.length,
    rungs.reduce((sum, { runCount }) => sum + runCount, 0),
  );
  const failed = count('FAILED');
  const canceled = count('CANCELED');
  const dropped = [failed > 0 && `${failed} failed`, canceled > 0 && `${canceled} canceled`].filter(Boolean);
  return {
    label: 'Runs',
    value: `${count('SUCCEEDED', 'FAILED', 'CANCELED')} of ${planned}`,
    note: dropped.length > 0 ? dropped.join(', ') : 'settled',
  };
}

function describeBest({ ranking, variedKeys }: SweepPageFragment, metricTitle: string): Figure[] {
  const best = ranking.find(({ rank }) => rank === 1);
  return [
    {
      label: `Best ${metricTitle} on VALIDATION`,
      value: formatMetric(best?.value),
      note: 'the best of many: optimistic until TEST is opened',
    },
    {
      label: 'Best run',
      value: best ? (
        <TextLink className="text-sm" href={`/runs/${best.run.id}`}>
          {describeSetting(best.run, variedKeys)}
        </TextLink>
      ) : (
        '–'
      ),
    },
  ];
}

function describeSpread({ ranking, strategy }: SweepPageFragment, metricTitle: string): Figure[] {
  const spread = measureSpread(ranking.map(({ value }) => value));
  const noun = strategy === 'FOLDS' ? 'folds' : 'seeds';
  return [
    {
      label: `Mean ${metricTitle} on VALIDATION`,
      value: formatMetric(spread?.mean),
      note: `of ${spread?.count ?? 0} ${noun}`,
    },
    { label: `Standard deviation between ${noun}`, value: formatMetric(spread?.sd), note: metricTitle },
    {
      label: 'Lowest to highest',
      value: spread ? `${formatMetric(spread.low)} to ${formatMetric(spread.high)}` : '–',
      note: 'on VALIDATION',
    },
  ];
}
