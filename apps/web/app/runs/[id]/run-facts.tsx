'use client';
/** What trained the run, how fast, how large the network is, and its attempts. */
import type { ReactNode } from 'react';
import { Elapsed } from '../../../components/elapsed.tsx';
import { type Fact, FactList } from '../../../components/fact-list.tsx';
import { Moment } from '../../../components/moment.tsx';
import { formatBytes, formatCompact, formatMetric, formatRate } from '../../../format/format-number.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { type MetricCatalogue, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import type { RunStreamState } from './run-stream-state.ts';

type RunFactsProps = { run: RunPageFragment; stream: RunStreamState };

export function RunFacts({ run, stream }: RunFactsProps) {
  return (
    <div className="flex flex-col gap-5">
      <Card title="Run">
        <FactList facts={listFacts(run, stream, useMetricCatalogue())} />
      </Card>
      {run.attempts.length > 0 && (
        <Attempts attempts={run.attempts} epochsSince={Math.max(0, stream.epochsDone - run.epochsDone)} />
      )}
    </div>
  );
}

function listFacts(run: RunPageFragment, stream: RunStreamState, catalogue: MetricCatalogue): Fact[] {
  const bestEpoch = stream.bestEpoch ?? run.bestEpoch;
  return [
    ...(run.task ? [{ label: 'Task', value: run.task.name, note: describeLeftOut(run.task) }] : []),
    ...listWork(run, catalogue),
    { label: 'Took', value: <Elapsed startedAt={run.startedAt} finishedAt={run.finishedAt} /> },
    { label: 'Weights', value: formatCompact(run.parameters) },
    { label: 'Multiply-adds per patch', value: formatCompact(run.multiplyAdds) },
    {
      label: 'Epochs',
      value: `${Math.max(run.epochsDone, stream.epochsDone)}${run.epochs === null ? '' : ` of ${run.epochs}`}`,
      note: bestEpoch ? `best: ${bestEpoch}` : null,
    },
    { label: 'Threshold', value: formatMetric(run.threshold), note: 'chosen on VALIDATION' },
    { label: 'Temperature', value: formatMetric(run.temperature), note: 'fitted on VALIDATION' },
    {
      label: 'Launched',
      value: <Moment at={run.createdAt} />,
      note: run.createdBy && `by ${run.createdBy.name}`,
    },
    { label: 'Versions', value: describeVersions(run.versions) },
  ];
}

/** How a worker of ours goes about it; an external program tells none of it. */
function listWork(run: RunPageFragment, catalogue: MetricCatalogue): Fact[] {
  const { external } = run;
  if (external) {
    const heard = external.silentSince ? 'silent since' : 'heard';
    return [
      { label: 'Origin', value: 'EXTERNAL', note: 'no worker trains it' },
      { label: 'Program', value: external.client || '–' },
      ...(run.status === 'RUNNING'
        ? [
            {
              label: 'Last sign',
              value: (
                <>
                  {heard} <Moment at={external.silentSince ?? external.heardAt} />
                </>
              ),
            },
          ]
        : []),
      ...run.labels.map(({ key, value }) => ({ label: key, value })),
    ];
  }
  return [
    { label: 'Backend', value: run.backend ?? `${run.requestedBackend} (not started)`, note: run.device },
    {
      label: titleMetric(catalogue, 'patchesPerSecond'),
      value: formatRate(run.trainPatchesPerSecond, 'patches'),
    },
    { label: 'Peak memory', value: formatBytes(run.peakMemoryBytes) },
  ];
}

/** Patches that are in no training, evaluation or statistic of the run. */
function describeLeftOut({ leftOut }: NonNullable<RunPageFragment['task']>): string | null {
  return leftOut.length === 0 ? null : `left out: ${leftOut.map(({ name }) => name).join(', ')}`;
}

function describeVersions(versions: unknown): ReactNode {
  const named = Object.entries(versions ?? {}).map(([key, version]) => `${key} ${version}`);
  return named.length === 0 ? '–' : <span className="text-xs">{named.join(', ')}</span>;
}

type AttemptsProps = {
  attempts: RunPageFragment['attempts'];
  /** Epochs that the stream told of since the attempts were read: those of the one that runs. */
  epochsSince: number;
};

function Attempts({ attempts, epochsSince }: AttemptsProps) {
  return (
    <Card
      flush
      title="Attempts"
      note="One attempt of one worker each; a later one resumes from the last checkpoint."
    >
      <PlainTable
        caption="Attempts"
        rows={attempts}
        rowKey={(row) => String(row.number)}
        columns={[
          { header: 'No.', align: 'right', cell: (row) => row.number },
          { header: 'Worker', cell: (row) => <span className="font-mono text-xs">{row.workerId}</span> },
          { header: 'Outcome', cell: (row) => row.outcome?.toLowerCase().replace('_', ' ') ?? 'running' },
          {
            header: 'Epochs added',
            align: 'right',
            cell: (row) => row.epochsAdded + (row.finishedAt ? 0 : epochsSince),
          },
          { header: 'Started', cell: (row) => <Moment at={row.startedAt} /> },
          {
            header: 'Took',
            cell: (row) => <Elapsed startedAt={row.startedAt} finishedAt={row.finishedAt} />,
          },
          { header: 'Error', cell: (row) => row.error },
        ]}
      />
    </Card>
  );
}
