'use client';
/** Lays out the overview; owns its subscription. */
import { useQuery } from '@apollo/client/react';
import { Play } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { useReload } from '../api/use-reload.ts';
import { PageHeader } from '../components/page-header.tsx';
import { ErrorState, QueryFrame } from '../components/query-frame.tsx';
import { useNow } from '../components/use-now.ts';
import {
  OverviewDocument,
  type OverviewQuery,
  StuckRunsDocument,
  WhereWeStandDocument,
  type WhereWeStandQuery,
} from '../graphql/generated/graphql.ts';
import { useQueuedWaits } from '../run/use-queued-waits.ts';
import { useRunsChanged } from '../run/use-runs-changed.ts';
import { WAIT_REFRESH_MS } from '../run/wait-refresh.ts';
import { Button } from '../ui/button.tsx';
import { loadLater } from '../ui/load-later.tsx';
import { AttentionList } from './attention-list.tsx';
import { ImportList } from './datasets/import-list.tsx';
import { FirstSteps } from './first-steps.tsx';
import { listAttention } from './list-attention.ts';
import { listSteps } from './list-steps.ts';
import { ChampionsCard } from './overview/champions-card.tsx';
import { describeQueue } from './overview/describe-queue.ts';
import { ExperimentsCard } from './overview/experiments-card.tsx';
import { OpeningsCard } from './overview/openings-card.tsx';
import { WorkersCard } from './overview/workers-card.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { RunningNow } from './running-now.tsx';

const ActsCard = loadLater(async () => (await import('./overview/acts-card.tsx')).ActsCard);

export function OverviewView() {
  const query = useQuery(OverviewDocument);
  const knownIds = useMemo(
    () => new Set(query.data?.running.edges.map(({ node }) => node.id)),
    [query.data?.running.edges],
  );
  useQueuedWaits(query.data?.running.edges.map(({ node }) => node) ?? []);
  useQuery(StuckRunsDocument, { pollInterval: WAIT_REFRESH_MS });
  const standing = useQuery(WhereWeStandDocument);
  const reload = useReload(() => Promise.all([query.refetch(), standing.refetch()]));
  useRunsChanged({ knownIds, onListChanged: reload });
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <Button asChild look="primary">
            <Link href="/launch">
              <Play />
              Launch run
            </Link>
          </Button>
        }
      />
      {standing.error && !standing.data && <ErrorState error={standing.error} onRetry={standing.refetch} />}
      <QueryFrame {...query}>
        {(data) => <OverviewLayout data={data} standing={standing.data} onReload={reload} />}
      </QueryFrame>
    </>
  );
}

const REFRESH_MS = 10_000;

type LayoutProps = { data: OverviewQuery; standing: WhereWeStandQuery | undefined; onReload: () => void };

function OverviewLayout({ data, standing, onReload }: LayoutProps) {
  const nowMs = useNow(REFRESH_MS);
  const steps = listSteps({
    datasets: data.datasets.totalCount,
    safeSplits: data.datasets.edges.flatMap(({ node }) => node.splits).filter(({ unsafe }) => !unsafe).length,
    runs: data.recent.totalCount + data.running.totalCount,
    champions: data.models.edges.filter(({ node }) => node.champion).length,
  });
  const running = data.running.edges.map(({ node }) => node);
  const attention = listAttention({
    failed: data.failed.edges.map(({ node }) => node),
    recent: data.recent.edges.map(({ node }) => node),
    stuck: data.stuckRuns,
    workers: data.workers,
    nowMs,
  });
  return (
    <div className="flex flex-col gap-5">
      <ImportList imports={data.datasetImports} onSettled={onReload} />
      {steps.some(({ done }) => !done) && <FirstSteps steps={steps} />}
      <AttentionList items={attention} />
      <RunningNow runs={running} note={describeQueue(standing?.queueEnd, data.running.totalCount)} />
      <WorkersCard workers={data.workers} nowMs={nowMs} />
      {standing && <ChampionsCard models={standing.models.edges.map(({ node }) => node)} />}
      {standing && <ExperimentsCard experiments={standing.experiments} />}
      {standing && <OpeningsCard splits={standing.splits.edges.map(({ node }) => node)} />}
      <ActsCard />
      <RecentRuns runs={data.recent.edges.map(({ node }) => node)} />
    </div>
  );
}
