/** The columns of the run table. A column with `order` sorts on the server. */

import { columnSizingFeature, createColumnHelper, metaHelper, tableFeatures } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { linkToRuns } from '../../address/page-addresses.ts';
import { Elapsed } from '../../components/elapsed.tsx';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { LearningMark } from '../../evaluation/learning-mark.tsx';
import { findMetric, pickValidationFigure } from '../../evaluation/list-metrics.ts';
import { formatMetric, formatRate } from '../../format/format-number.ts';
import type { RunOrderField, RunRowFragment } from '../../graphql/generated/graphql.ts';
import { type MetricCatalogue, titleMetric, titleShortly } from '../../metrics/metric-catalogue.ts';
import { OriginMark } from '../../run/origin-mark.tsx';
import { RunProgress } from '../../run/run-progress.tsx';
import { RunWaitMark } from '../../run/run-wait-mark.tsx';
import { StatusBadge } from '../../run/status-badge.tsx';
import { TagList } from '../../run/tag-list.tsx';
import type { LiveProgress } from '../../run/use-live-progress.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';

export type RunTableRow = RunRowFragment & { live?: LiveProgress };

type RunColumnMeta = {
  order?: RunOrderField;
  align?: 'right';
  /** What the figure is, with its class and its subset. */
  about?: string;
};

/** Rows come filtered and sorted from the API: the table itself needs only widths. */
export const RUN_TABLE_FEATURES = tableFeatures({
  columnSizingFeature,
  columnMeta: metaHelper<RunColumnMeta>(),
});
export type RunTableFeatures = typeof RUN_TABLE_FEATURES;

const { display } = createColumnHelper<RunTableFeatures, RunTableRow>();

export function listRunColumns(catalogue: MetricCatalogue) {
  return [...IDENTITY_COLUMNS, ...listFigureColumns(catalogue), ...TRAINING_COLUMNS];
}

const IDENTITY_COLUMNS = [
  display({
    id: 'name',
    header: 'Name',
    size: 200,
    meta: { order: 'NAME' },
    cell: ({ row }) => <NameCell run={row.original} />,
  }),
  display({
    id: 'status',
    header: 'Status',
    size: 196,
    meta: { order: 'STATUS' },
    cell: ({ row }) => <StatusCell run={row.original} />,
  }),
];

function listFigureColumns(catalogue: MetricCatalogue) {
  const nameAuc = titleMetric(catalogue, 'auc', 'the positive class');
  return [
    display({
      id: 'validationAuc',
      header: `VAL ${titleShortly(catalogue, 'auc')}`,
      size: 78,
      meta: { order: 'VALIDATION_AUC', align: 'right', about: `${nameAuc} on VALIDATION` },
      cell: ({ row }) =>
        formatMetric(pickValidationFigure(row.original, { name: 'auc', latest: row.original.validationAuc })),
    }),
    display({
      id: 'seeds',
      header: 'Over seeds',
      size: 112,
      meta: {
        align: 'right',
        about: `${titleMetric(catalogue, 'auc')} on VALIDATION, mean ± standard deviation of the runs that differ only in their seed`,
      },
      cell: ({ row }) => <SeedsCell run={row.original} />,
    }),
    display({
      id: 'balancedAccuracy',
      header: `VAL ${titleShortly(catalogue, 'balancedAccuracy')}`,
      size: 96,
      meta: { align: 'right', about: `${titleMetric(catalogue, 'balancedAccuracy')} on VALIDATION` },
      cell: ({ row }) =>
        formatMetric(
          pickValidationFigure(row.original, {
            name: 'balancedAccuracy',
            latest: row.original.validationBalancedAccuracy,
          }),
        ),
    }),
    display({
      id: 'testAuc',
      header: `TEST ${titleShortly(catalogue, 'auc')}`,
      size: 84,
      meta: { align: 'right', about: `${nameAuc} on TEST; sealed until opened` },
      cell: ({ row }) => <TestCell run={row.original} />,
    }),
  ];
}

const TRAINING_COLUMNS = [
  display({
    id: 'architecture',
    header: 'Network',
    size: 94,
    cell: ({ row }) => <TwoLines first={row.original.architecture} second={`seed ${row.original.seed}`} />,
  }),
  display({
    id: 'split',
    header: 'Split',
    size: 158,
    cell: ({ row }) => <SplitCell run={row.original} />,
  }),
  display({
    id: 'duration',
    header: 'Took',
    size: 122,
    meta: { order: 'DURATION', align: 'right' },
    cell: ({ row }) => (
      <TwoLines
        first={<Elapsed startedAt={row.original.startedAt} finishedAt={row.original.finishedAt} />}
        second={formatRate(row.original.trainPatchesPerSecond, 'patches')}
      />
    ),
  }),
  display({
    id: 'created',
    header: 'Launched',
    size: 98,
    meta: { order: 'CREATED_AT' },
    cell: ({ row }) => <Moment at={row.original.createdAt} />,
  }),
];

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="block truncate">
      {first}
      <span className="block truncate text-xs text-muted-foreground">{second}</span>
    </span>
  );
}

function NameCell({ run }: { run: RunTableRow }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <TextLink href={`/runs/${run.id}`} className="truncate">
        {run.name}
      </TextLink>
      <span className="flex items-center gap-1.5 overflow-hidden text-xs text-muted-foreground">
        <span className="truncate">{run.experiment.name}</span>
        <TagList tags={run.tags} />
      </span>
    </span>
  );
}

function StatusCell({ run }: { run: RunTableRow }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <StatusBadge status={run.status} canceling={Boolean(run.cancelRequestedAt)} />
      <OriginMark origin={run.origin} />
      {run.status === 'QUEUED' && <RunWaitMark wait={run.wait} />}
      <LearningMark learning={run.learning} short />
      {run.status === 'RUNNING' && (
        <RunProgress name={run.name} epochs={run.epochs} epochsDone={run.epochsDone} live={run.live} />
      )}
    </span>
  );
}

function SplitCell({ run: { split } }: { run: RunTableRow }) {
  if (!split) return <span className="text-xs text-muted-foreground">none</span>;
  return (
    <span className="flex min-w-0 flex-col items-start gap-0.5">
      <TextLink href={`/splits/${split.id}`} className="max-w-full truncate font-normal">
        {split.name}
      </TextLink>
      {split.unsafe && <UnsafeMark short className="bg-surface" />}
    </span>
  );
}

/** One seed says nothing about training noise, so no figure is shown. */
function SeedsCell({ run }: { run: RunTableRow }) {
  const { seeds, finishedCount, meanValidationAuc, sdValidationAuc } = run.setting;
  if (seeds.length < 2) return <span className="text-xs text-muted-foreground">one seed</span>;
  const isKnown = sdValidationAuc !== null && sdValidationAuc !== undefined;
  return (
    <TwoLines
      first={isKnown ? `${formatMetric(meanValidationAuc)} ± ${formatMetric(sdValidationAuc)}` : '–'}
      second={
        <TextLink className="font-normal text-muted-foreground" href={linkToRuns({ setting: run.id })}>
          {finishedCount} of {seeds.length} seeds
        </TextLink>
      }
    />
  );
}

function TestCell({ run }: { run: RunTableRow }) {
  if (run.testSealed) return <span className="text-xs text-muted-foreground">sealed</span>;
  return formatMetric(findMetric(run.evaluations, { subset: 'TEST', name: 'auc' })?.value);
}
