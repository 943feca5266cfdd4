'use client';
/** The folds of a cross-validation: VALIDATION of each, and its own TEST once all are opened, with mean and spread. */
import { TextLink } from '../../../components/text-link.tsx';
import { findMetric } from '../../../evaluation/list-metrics.ts';
import { formatCount, formatMetric } from '../../../format/format-number.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleShortly } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { known } from '../../../run/run-on-split.ts';
import type { LiveProgress } from '../../../run/use-live-progress.ts';
import { Card } from '../../../ui/card.tsx';
import { type PlainColumn, PlainTable } from '../../../ui/plain-table.tsx';
import type { SweepRun } from './describe-sweep.ts';
import { describeSetting, measureSpread } from './describe-sweep.ts';
import { RunState } from './run-state.tsx';

/** Main figures of a fold, of each subset. */
const FIGURES = 3;

type FoldTableProps = { sweep: SweepPageFragment; progress: ReadonlyMap<string, LiveProgress> };

export function FoldTable({ sweep, progress }: FoldTableProps) {
  const folds = sweep.ranking.toSorted((a, b) => (a.run.sweepPlace ?? 0) - (b.run.sweepPlace ?? 0));
  const subsets = sweep.opening ? (['VALIDATION', 'TEST'] as const) : (['VALIDATION'] as const);
  const catalogue = useMetricCatalogue();
  const { unit } = known(sweep.experiment.dataset);
  const names = pickMain(listEvaluationMetrics(catalogue), FIGURES);
  const figures = subsets.flatMap((subset) =>
    names.map((name) => ({ subset, name, title: titleShortly(catalogue, name) })),
  );
  const read = ({ run }: SweepRun, { subset, name }: { subset: string; name: string }) =>
    findMetric(run.evaluations, { subset, name })?.value ?? null;
  const columns: PlainColumn<SweepRun>[] = [
    {
      header: 'Run',
      className: 'whitespace-nowrap',
      cell: ({ run }) => <TextLink href={`/runs/${run.id}`}>{describeSetting(run, [])}</TextLink>,
    },
    {
      header: 'Split',
      className: 'whitespace-nowrap',
      cell: ({ run: { split } }) => <SplitLink split={known(split)} />,
    },
    { header: `TEST ${unit.many}`, align: 'right', cell: ({ run }) => formatCount(countTestPatients(run)) },
    ...figures.map((figure) => ({
      header: `${figure.subset === 'TEST' ? 'TEST' : 'VAL'} ${figure.title}`,
      align: 'right' as const,
      cell: (fold: SweepRun) => formatMetric(read(fold, figure)),
    })),
    {
      header: 'TEST opened',
      align: 'right',
      cell: ({ run }) => describeTimes(known(run.split).testOpeningCount),
    },
    { header: 'Status', cell: ({ run }) => <RunState run={run} progress={progress} /> },
  ];
  return (
    <Card
      flush
      title="Folds"
      note={`Each ${unit.one} is in TEST of exactly one fold. One setting, one run per fold.`}
    >
      <PlainTable caption="Folds" rows={folds} rowKey={({ run }) => run.id} columns={columns} />
      <dl className="flex flex-wrap gap-x-8 gap-y-2 border-t border-line px-4 py-3 text-sm">
        {figures.map((figure) => {
          const spread = measureSpread(folds.map((fold) => read(fold, figure)));
          return (
            <div key={`${figure.subset} ${figure.name}`}>
              <dt className="text-xs text-muted-foreground">
                {figure.subset} {figure.title}, mean ± sd
              </dt>
              <dd className="font-semibold">
                {formatMetric(spread?.mean)} ± {formatMetric(spread?.sd)}
              </dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}

function SplitLink({ split }: { split: { id: string; name: string } }) {
  return (
    <TextLink className="font-normal" href={`/splits/${split.id}`}>
      {split.name}
    </TextLink>
  );
}

function describeTimes(count: number): string {
  return count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;
}

function countTestPatients({ split }: SweepRun['run']): number | undefined {
  return split?.subsets.find(({ subset }) => subset === 'TEST')?.patients;
}
