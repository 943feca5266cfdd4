/** The columns that say more than one value of a run: its name with experiment and tags, its status with progress, its figures. */

import type { ReactNode } from 'react';
import { linkToRuns } from '../../../address/page-addresses.ts';
import { Elapsed } from '../../../components/elapsed.tsx';
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { LearningMark } from '../../../evaluation/learning-mark.tsx';
import { findMetric, pickValidationFigure } from '../../../evaluation/list-metrics.ts';
import { formatMetric, formatRate } from '../../../format/format-number.ts';
import { countSeconds, formatDuration } from '../../../format/format-time.ts';
import { type MetricCatalogue, titleMetric, titleShortly } from '../../../metrics/metric-catalogue.ts';
import { OriginMark } from '../../../run/origin-mark.tsx';
import { RunProgress } from '../../../run/run-progress.tsx';
import { RunWaitMark } from '../../../run/run-wait-mark.tsx';
import { StatusBadge } from '../../../run/status-badge.tsx';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { NameCell } from './name-cell.tsx';
import type { RunColumn, RunTableRow } from './run-column.ts';

export function listKnownColumns(catalogue: MetricCatalogue): RunColumn[] {
  return [...IDENTITY_COLUMNS, ...listFigureColumns(catalogue), ...TRAINING_COLUMNS];
}

const IDENTITY_COLUMNS: RunColumn[] = [
  {
    name: 'name',
    title: 'Name',
    about: 'Name of the run, with its experiment and tags',
    type: 'TEXT',
    isNumber: false,
    sort: 'name',
    widthPx: 248,
    isPlain: false,
    write: String,
    read: ({ name }) => name,
    show: (run) => <NameCell run={run} />,
  },
  {
    name: 'status',
    title: 'Status',
    about: 'Where it stands',
    type: 'WORD',
    isNumber: false,
    sort: 'status',
    widthPx: 172,
    isPlain: false,
    write: String,
    read: ({ status }) => status,
    show: (run) => <StatusCell run={run} />,
  },
];

function listFigureColumns(catalogue: MetricCatalogue): RunColumn[] {
  const nameAuc = titleMetric(catalogue, 'auc', 'the positive class');
  const ofNumber = { type: 'NUMBER', isNumber: true, align: 'right' } as const;
  return [
    {
      ...ofNumber,
      name: 'validation.auc',
      title: `VAL ${titleShortly(catalogue, 'auc')}`,
      about: `${nameAuc} on VALIDATION`,
      sort: 'best(validation.auc)',
      widthPx: 78,
      isPlain: true,
      write: formatMetric,
      read: (run) => findMetric(run.evaluations, { subset: 'VALIDATION', name: 'auc' })?.value ?? null,
      show: (run) => formatMetric(pickValidationFigure(run, { name: 'auc', latest: run.validationAuc })),
    },
    createSeedsColumn(catalogue),
    {
      ...ofNumber,
      name: 'validation.balancedAccuracy',
      title: `VAL ${titleShortly(catalogue, 'balancedAccuracy')}`,
      about: `${titleMetric(catalogue, 'balancedAccuracy')} on VALIDATION`,
      sort: 'validation.balancedAccuracy',
      widthPx: 102,
      isPlain: true,
      write: formatMetric,
      read: (run) =>
        findMetric(run.evaluations, { subset: 'VALIDATION', name: 'balancedAccuracy' })?.value ?? null,
      show: (run) =>
        formatMetric(
          pickValidationFigure(run, { name: 'balancedAccuracy', latest: run.validationBalancedAccuracy }),
        ),
    },
    {
      ...ofNumber,
      name: 'test.auc',
      title: `TEST ${titleShortly(catalogue, 'auc')}`,
      about: `${nameAuc} on TEST; sealed until opened`,
      sort: 'test.auc',
      widthPx: 84,
      isPlain: true,
      write: formatMetric,
      read: (run) =>
        run.testSealed ? null : (findMetric(run.evaluations, { subset: 'TEST', name: 'auc' })?.value ?? null),
      show: (run) => <TestCell run={run} />,
    },
  ];
}

function createSeedsColumn(catalogue: MetricCatalogue): RunColumn {
  return {
    name: 'seeds',
    title: 'Over seeds',
    about: `${titleMetric(catalogue, 'auc')} on VALIDATION, mean ± standard deviation of the runs that differ only in their seed`,
    type: null,
    isNumber: false,
    sort: null,
    widthPx: 112,
    align: 'right',
    isPlain: false,
    write: String,
    read: () => null,
    show: (run) => <SeedsCell run={run} />,
  };
}

const TRAINING_COLUMNS: RunColumn[] = [
  {
    name: 'architecture',
    title: 'Network',
    about: 'Its network and its seed',
    type: 'TEXT',
    isNumber: false,
    sort: 'architecture',
    widthPx: 94,
    isPlain: true,
    write: String,
    read: ({ architecture }) => architecture ?? null,
    show: ({ architecture, seed }) => <TwoLines first={architecture} second={`seed ${seed}`} />,
  },
  {
    name: 'split',
    title: 'Split',
    about: 'Its split',
    type: 'NOUN',
    isNumber: false,
    sort: 'split',
    widthPx: 140,
    isPlain: false,
    write: String,
    read: ({ split }) => split?.name ?? null,
    show: (run) => <SplitCell run={run} />,
  },
  {
    name: 'duration',
    title: 'Took',
    about: 'Time from start to end, or to now; patches a second',
    type: 'DURATION',
    isNumber: true,
    sort: 'duration',
    widthPx: 116,
    align: 'right',
    isPlain: true,
    write: formatDuration,
    read: ({ startedAt, finishedAt }) =>
      finishedAt ? countSeconds({ startedAt, finishedAt, nowMs: 0 }) : null,
    show: ({ startedAt, finishedAt, trainPatchesPerSecond }) => (
      <TwoLines
        first={<Elapsed startedAt={startedAt} finishedAt={finishedAt} />}
        second={formatRate(trainPatchesPerSecond, 'patches')}
      />
    ),
  },
  {
    name: 'createdAt',
    title: 'Launched',
    about: 'When it was launched',
    type: 'TIME',
    isNumber: false,
    sort: 'createdAt',
    widthPx: 106,
    isPlain: true,
    write: String,
    read: ({ createdAt }) => createdAt,
    show: ({ createdAt }) => <Moment at={createdAt} />,
  },
];

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="block truncate">
      {first}
      <span className="block truncate text-xs text-muted-foreground in-data-baseline:hidden">{second}</span>
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
