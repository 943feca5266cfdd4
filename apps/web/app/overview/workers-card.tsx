/** Workers that are there, and what each is busy with. Nothing while there is none: what waits says so itself. */
import Link from 'next/link';
import { TextLink } from '../../components/text-link.tsx';
import type { OverviewQuery } from '../../graphql/generated/graphql.ts';
import { RunProgress } from '../../run/run-progress.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { judgeWorker } from '../workers/judge-worker.ts';

type Worker = OverviewQuery['workers'][number];

export function WorkersCard({ workers, nowMs }: { workers: readonly Worker[]; nowMs: number }) {
  const judged = workers
    .map((worker) => ({ worker, verdict: judgeWorker({ ...worker, nowMs }) }))
    .filter(({ verdict }) => verdict.label !== 'stopped');
  if (judged.length === 0) return null;
  const busy = judged.filter(({ worker }) => worker.currentRun).length;
  return (
    <Card
      flush
      title="Workers"
      note={`${busy} of ${judged.length} at work`}
      actions={
        <Button asChild size="sm">
          <Link href="/workers">All workers</Link>
        </Button>
      }
    >
      <PlainTable
        caption="Workers"
        rows={judged}
        rowKey={({ worker }) => worker.id}
        columns={[
          { header: 'Host', cell: ({ worker }) => worker.hostname },
          { header: 'State', cell: ({ verdict }) => <Badge tone={verdict.tone}>{verdict.label}</Badge> },
          { header: 'Device', cell: ({ worker }) => worker.device },
          { header: 'Training', cell: ({ worker }) => <Load run={worker.currentRun} /> },
        ]}
      />
    </Card>
  );
}

function Load({ run }: { run: Worker['currentRun'] }) {
  if (!run) return <span className="text-muted-foreground">nothing</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
      <RunProgress name={run.name} epochs={run.epochs} epochsDone={run.epochsDone} />
    </span>
  );
}
