'use client';
/** How far the run is, batch by batch, or why it waits. Not drawn once it is settled. */
import { Elapsed } from '../../../components/elapsed.tsx';
import { formatCount, formatMetric, formatRate } from '../../../format/format-number.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { titleShortly } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { measureProgress } from '../../../run/measure-progress.ts';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { QueuedRunCard } from './queued-run-card.tsx';
import type { RunStreamState } from './run-stream-state.ts';

export function RunProgressCard({ run, stream }: { run: RunPageFragment; stream: RunStreamState }) {
  const catalogue = useMetricCatalogue();
  if (run.status === 'QUEUED') {
    return <QueuedRunCard runId={run.id} wait={run.wait} />;
  }
  if (run.status !== 'RUNNING' || run.origin === 'EXTERNAL') return null;
  const live = stream.progress;
  const epochsDone = Math.max(run.epochsDone, stream.epochsDone);
  const { share, line } = measureProgress({ epochs: run.epochs, epochsDone, live });
  return (
    <section aria-label="Progress" className="mb-5 rounded-lg border border-accent/40 bg-surface p-4">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="text-lg font-semibold">{line}</p>
        <p className="flex flex-wrap gap-x-5 text-sm text-muted-foreground">
          {live && live.batches > 0 && (
            <span>
              batch {formatCount(live.batch)} of {formatCount(live.batches)}
            </span>
          )}
          {live && <span>{formatRate(live.patchesPerSecond, 'patches')}</span>}
          {live && (
            <span>
              {titleShortly(catalogue, 'loss')} {formatMetric(live.loss)}
            </span>
          )}
          <span>
            <Elapsed startedAt={run.startedAt} finishedAt={null} /> so far
          </span>
        </p>
      </div>
      <ProgressBar value={share} label={`Progress of ${run.name}`} className="h-2.5" />
      {live?.waitingFor && (
        <p role="status" className="mt-2 text-sm">
          The run is waiting and will continue on its own: {live.waitingFor}
        </p>
      )}
    </section>
  );
}
