'use client';
/** Runs that train or wait, with their bars moving batch by batch. */
import { TextLink } from '../components/text-link.tsx';
import { formatMetric } from '../format/format-number.ts';
import type { RunRowFragment } from '../graphql/generated/graphql.ts';
import { RunProgress } from '../run/run-progress.tsx';
import { StatusBadge } from '../run/status-badge.tsx';
import { useLiveProgress } from '../run/use-live-progress.ts';
import { UnsafeMark } from '../split/unsafe-mark.tsx';
import { Card } from '../ui/card.tsx';

type RunningNowProps = { runs: readonly RunRowFragment[]; note: string | undefined };

export function RunningNow({ runs, note }: RunningNowProps) {
  const progress = useLiveProgress(runs.filter(({ status }) => status === 'RUNNING'));
  return (
    <Card title="Running now" note={note}>
      {runs.length === 0 && <p className="text-sm text-muted-foreground">Nothing is training.</p>}
      <ul className="flex flex-col divide-y divide-line">
        {runs.map((run) => (
          <li
            key={run.id}
            className="grid items-center gap-x-4 gap-y-1.5 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_7rem_16rem_6rem]"
          >
            <span className="flex min-w-0 flex-wrap items-center gap-2">
              <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
              <span className="text-xs text-muted-foreground">{run.experiment.name}</span>
              {run.unsafe && <UnsafeMark short />}
            </span>
            <span>
              <StatusBadge status={run.status} canceling={Boolean(run.cancelRequestedAt)} />
            </span>
            {run.status === 'RUNNING' ? (
              <RunProgress
                name={run.name}
                epochs={run.epochs}
                epochsDone={run.epochsDone}
                live={progress.get(run.id)}
                className="w-full"
              />
            ) : (
              <span
                className={
                  run.wait?.needsAttention ? 'text-xs text-caution' : 'text-xs text-muted-foreground'
                }
              >
                {run.wait?.sentence ?? 'Waiting for a worker.'}
              </span>
            )}
            <span className="text-sm sm:text-right">
              <span className="text-xs text-muted-foreground">VAL AUC </span>
              {formatMetric(run.validationAuc)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
