'use client';
/** The runs of a sweep, best on VALIDATION first, each with its varied hyperparameters. */
import { TextLink } from '../../../components/text-link.tsx';
import { titleField } from '../../../form/schema-fields.ts';
import { formatMetric } from '../../../format/format-number.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import type { LiveProgress } from '../../../run/use-live-progress.ts';
import { SubsetMark } from '../../../split/subset-mark.tsx';
import { Card } from '../../../ui/card.tsx';
import { type PlainColumn, PlainTable } from '../../../ui/plain-table.tsx';
import type { SweepRun } from './describe-sweep.ts';
import { describeSettingValue, readHyperparameter } from './describe-sweep.ts';
import { RunState } from './run-state.tsx';

type SweepRankingProps = { sweep: SweepPageFragment; progress: ReadonlyMap<string, LiveProgress> };

export function SweepRanking({ sweep, progress }: SweepRankingProps) {
  const label = titleMetric(useMetricCatalogue(), sweep.metric, known(sweep.experiment.task).positiveName);
  const isHalving = sweep.strategy === 'HALVING';
  const columns: PlainColumn<SweepRun>[] = [
    { header: 'Rank', align: 'right', cell: ({ rank }) => rank ?? '–' },
    {
      header: 'Run',
      cell: ({ run }) => (
        <TextLink href={`/runs/${run.id}`} className="block max-w-64 truncate" title={run.name}>
          {run.name}
        </TextLink>
      ),
    },
    ...(isHalving ? [rungColumn] : []),
    ...sweep.variedKeys.map((key) => ({
      header: titleField(key),
      align: 'right' as const,
      cell: ({ run }: SweepRun) => describeSettingValue(readHyperparameter(run, key)),
    })),
    {
      header: label,
      align: 'right',
      cell: ({ value }) => <span className="font-semibold">{formatMetric(value)}</span>,
    },
    {
      header: 'Epochs',
      align: 'right',
      cell: ({ run }) => `${run.epochsDone} of ${run.epochs}`,
      className: 'whitespace-nowrap',
    },
    { header: 'Status', cell: ({ run }) => <RunState run={run} progress={progress} /> },
  ];
  return (
    <Card
      flush
      title="Ranking"
      note={
        isHalving
          ? 'Later rungs first: their runs trained longer. A sweep never opens TEST.'
          : 'A sweep never opens TEST: open it for the finalists only.'
      }
      actions={<SubsetMark subset="VALIDATION" />}
    >
      <PlainTable
        caption="Ranking on VALIDATION"
        rows={sweep.ranking}
        rowKey={({ run }) => run.id}
        columns={columns}
      />
    </Card>
  );
}

const rungColumn: PlainColumn<SweepRun> = {
  header: 'Rung',
  align: 'right',
  cell: ({ run }) => (run.sweepRung ?? 0) + 1,
};
