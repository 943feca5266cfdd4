'use client';
/** The list of workers, reloaded every few seconds because heartbeats are not events, and facts about the platform. */
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { FactList } from '../../components/fact-list.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { useNow } from '../../components/use-now.ts';
import { WorkersDocument, type WorkersQuery } from '../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { judgeWorker } from './judge-worker.ts';

const REFRESH_MS = 4_000;

export function WorkersView() {
  const query = useQuery(WorkersDocument, { pollInterval: REFRESH_MS });
  return (
    <>
      <PageHeader
        title="Workers"
        note="Processes that train runs. Start another one anywhere with npm run worker."
      />
      <QueryFrame {...query}>
        {({ workers, serverInfo }) => (
          <div className="flex flex-col gap-5">
            {workers.length === 0 ? (
              <EmptyState title="No worker yet">
                Runs stay queued until one starts: <code className="font-mono">npm run worker</code> on any
                machine that reaches the database and the artifacts.
              </EmptyState>
            ) : (
              <WorkerTable workers={workers} />
            )}
            <Card title="Platform">
              <FactList
                facts={[
                  { label: 'Version', value: serverInfo.version },
                  { label: 'Database', value: serverInfo.database },
                  { label: 'Queue', value: serverInfo.queue },
                  { label: 'Artifacts', value: serverInfo.artifactStore },
                  { label: 'API started', value: <Moment at={serverInfo.startedAt} /> },
                ]}
              />
            </Card>
          </div>
        )}
      </QueryFrame>
    </>
  );
}

type Worker = WorkersQuery['workers'][number];

function WorkerTable({ workers }: { workers: readonly Worker[] }) {
  const nowMs = useNow(REFRESH_MS);
  return (
    <Card flush>
      <PlainTable
        caption="Workers"
        rows={workers}
        rowKey={(row) => row.id}
        columns={[
          { header: 'Host', cell: (row) => <span className="font-medium">{row.hostname}</span> },
          { header: 'State', cell: (row) => describeState(row, nowMs) },
          {
            header: 'Training',
            cell: (row) =>
              row.currentRun && (
                <span className="inline-flex items-center gap-2">
                  <TextLink href={`/runs/${row.currentRun.id}`}>{row.currentRun.name}</TextLink>
                  {row.currentRun.unsafe && <UnsafeMark short />}
                </span>
              ),
          },
          { header: 'Backends', cell: (row) => row.backends.join(', ') },
          { header: 'Precisions', cell: (row) => row.precisions.join(', ') },
          { header: 'Device', cell: (row) => row.device ?? '–' },
          { header: 'Process', align: 'right', cell: (row) => row.pid },
          { header: 'Heartbeat', cell: (row) => <Moment at={row.heartbeatAt} /> },
          { header: 'Started', cell: (row) => <Moment at={row.startedAt} /> },
        ]}
      />
    </Card>
  );
}

function describeState(worker: Worker, nowMs: number): ReactNode {
  const { tone, label } = judgeWorker({ status: worker.status, heartbeatAt: worker.heartbeatAt, nowMs });
  return <Badge tone={tone}>{label}</Badge>;
}
