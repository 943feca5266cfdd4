'use client';
/** The run table with its filters; owns the page's subscription and the selection. */
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { GitCompareArrows, Play } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { linkToComparison, RUNS_PARAMETERS, type RunSearch } from '../../address/page-addresses.ts';
import { describeError } from '../../api/error-sentence.ts';
import { useReload } from '../../api/use-reload.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { DeletionList } from '../../deletion/deletion-list.tsx';
import { RunsDocument } from '../../graphql/generated/graphql.ts';
import { useLiveProgress } from '../../run/use-live-progress.ts';
import { useQueuedWaits } from '../../run/use-queued-waits.ts';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import { Button } from '../../ui/button.tsx';
import { RunFilters } from './run-filters.tsx';
import { RunQueryLine } from './run-query-line.tsx';
import { isFiltered, toRunVariables } from './run-search.ts';
import { RunTable } from './run-table.tsx';

const PAGE_SIZE = 100;

export function RunsView() {
  const [search, setSearch] = useQueryStates(RUNS_PARAMETERS);
  const query = useQuery(RunsDocument, {
    variables: { ...toRunVariables(search), first: PAGE_SIZE },
    notifyOnNetworkStatusChange: true,
  });
  const connection = (query.data ?? query.previousData)?.runs;
  const runs = useMemo(() => connection?.edges.map(({ node }) => node) ?? [], [connection]);
  const knownIds = useMemo(() => new Set(runs.map(({ id }) => id)), [runs]);
  useRunsChanged({ knownIds, onListChanged: useReload(query.refetch) });
  useQueuedWaits(runs);
  const progress = useLiveProgress(runs.filter(({ status }) => status === 'RUNNING'));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());

  const change = (part: Partial<RunSearch>) => void setSearch(part);
  function fetchMore() {
    const after = connection?.pageInfo.endCursor;
    if (!connection?.pageInfo.hasNextPage || query.networkStatus === NetworkStatus.fetchMore) return;
    void query.fetchMore({ variables: { after } });
  }
  return (
    <>
      <PageHeader
        title="Runs"
        note="Ranked on VALIDATION. TEST stays sealed until it is opened for a run."
        actions={<RunListActions selected={[...selected]} />}
      />
      <DeletionList kind="RUN" />
      <RunQueryLine
        value={search.query}
        error={search.query && query.error ? describeError(query.error) : undefined}
        onChange={(line) => change({ query: line })}
      />
      <RunFilters search={search} onChange={change} />
      <QueryFrame {...query} data={connection}>
        {({ totalCount }) =>
          totalCount === 0 ? (
            <EmptyState title={isFiltered(search) ? 'No run matches these filters' : 'No run yet'}>
              {isFiltered(search)
                ? 'Change or clear the filters above.'
                : 'Launch one; its progress appears here while it trains.'}
            </EmptyState>
          ) : (
            <RunTable
              runs={runs}
              totalCount={totalCount}
              search={search}
              progress={progress}
              selected={selected}
              fetchMore={fetchMore}
              onSearchChange={change}
              onSelectedChange={setSelected}
            />
          )
        }
      </QueryFrame>
    </>
  );
}

function RunListActions({ selected }: { selected: string[] }) {
  return (
    <>
      <CompareButton selected={selected} />
      <Button asChild look="primary">
        <Link href="/launch">
          <Play />
          Launch run
        </Link>
      </Button>
    </>
  );
}

function CompareButton({ selected }: { selected: string[] }) {
  if (selected.length < 2) {
    return (
      <Button disabled title="Select two or more runs">
        <GitCompareArrows />
        Compare
      </Button>
    );
  }
  return (
    <Button asChild>
      <Link href={linkToComparison(selected)}>
        <GitCompareArrows />
        Compare {selected.length} runs
      </Link>
    </Button>
  );
}
