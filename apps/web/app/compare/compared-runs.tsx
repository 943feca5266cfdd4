'use client';
/** The runs under comparison: status, network, split, cost. */
import { X } from 'lucide-react';
import { SeriesSwatch } from '../../charts/series-swatch.tsx';
import { Elapsed } from '../../components/elapsed.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { LearningMark } from '../../evaluation/learning-mark.tsx';
import { formatCompact, formatRate } from '../../format/format-number.ts';
import { RunProgress } from '../../run/run-progress.tsx';
import { StatusBadge } from '../../run/status-badge.tsx';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { Comparison } from './comparison-types.ts';

type ComparedRunsProps = { runs: Comparison['runs']; onRemove: (runId: string) => void };

export function ComparedRuns({ runs, onRemove }: ComparedRunsProps) {
  return (
    <Card flush title="Runs">
      <PlainTable
        caption="Runs under comparison"
        rows={runs}
        rowKey={(row) => row.id}
        rowProps={(row) => (row.unsafe ? { className: 'hatched border-b border-line last:border-0' } : {})}
        columns={[
          { header: 'Run', cell: (row) => <NameCell run={row} index={runs.indexOf(row)} /> },
          { header: 'Status', cell: (row) => <StatusCell run={row} /> },
          { header: 'Network', cell: (row) => row.architecture },
          { header: 'Weights', align: 'right', cell: (row) => formatCompact(row.parameters) },
          { header: 'Multiply-adds', align: 'right', cell: (row) => formatCompact(row.multiplyAdds) },
          {
            header: 'Split',
            cell: ({ split }) => split && <TextLink href={`/splits/${split.id}`}>{split.name}</TextLink>,
          },
          { header: 'Seed', align: 'right', cell: (row) => row.seed ?? '–' },
          { header: 'Best epoch', align: 'right', cell: (row) => row.bestEpoch ?? '–' },
          {
            header: 'Speed',
            align: 'right',
            cell: (row) => formatRate(row.trainPatchesPerSecond, 'patches'),
          },
          {
            header: 'Took',
            align: 'right',
            cell: (row) => <Elapsed startedAt={row.startedAt} finishedAt={row.finishedAt} />,
          },
          {
            header: 'Remove',
            cell: (row) => <RemoveButton name={row.name} onRemove={() => onRemove(row.id)} />,
          },
        ]}
      />
    </Card>
  );
}

type ComparedRun = Comparison['runs'][number];

function NameCell({ run, index }: { run: ComparedRun; index: number }) {
  return (
    <span className="inline-flex items-center gap-2">
      <SeriesSwatch index={index} />
      <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
      {run.unsafe && <UnsafeMark />}
      <LearningMark learning={run.learning} short />
    </span>
  );
}

function StatusCell({ run }: { run: ComparedRun }) {
  return (
    <span className="flex items-center gap-2.5">
      <StatusBadge status={run.status} canceling={Boolean(run.cancelRequestedAt)} />
      {run.status === 'RUNNING' && (
        <RunProgress name={run.name} epochs={run.epochs} epochsDone={run.epochsDone} />
      )}
    </span>
  );
}

function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <Button look="ghost" size="sm" aria-label={`Remove ${name}`} onClick={onRemove}>
      <X />
    </Button>
  );
}
