'use client';
/**
 * The runs that match, page by page, and kept up to date: a run that changes does so in its place, and others come in
 * unasked only while the top of the list is in sight, so that no row moves under a reader.
 */
import { NetworkStatus } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RunSearch } from '../../address/page-addresses.ts';
import { useReload } from '../../api/use-reload.ts';
import { RunsDocument, RunValuesDocument } from '../../graphql/generated/graphql.ts';
import { useLiveProgress } from '../../run/use-live-progress.ts';
import { useQueuedWaits } from '../../run/use-queued-waits.ts';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import { toRunVariables } from './run-search.ts';

/** More than a screen shows with what is kept ready around it: whoever changes a filter or the order waits for no others. */
const FIRST_PAGE_SIZE = 30;
const PAGE_SIZE = 100;
const VALUES_PAUSE_MS = 1_000;

export function useListedRuns(search: RunSearch, columns: readonly string[]) {
  const query = useQuery(RunsDocument, {
    variables: { ...toRunVariables(search), columns: [...columns], first: FIRST_PAGE_SIZE },
    notifyOnNetworkStatusChange: true,
  });
  const connection = (query.data ?? query.previousData)?.runs;
  const runs = useMemo(() => connection?.edges.map(({ node }) => node) ?? [], [connection]);
  const knownIds = useMemo(() => new Set(runs.map(({ id }) => id)), [runs]);
  const refresh = useValueRefresh(columns);
  const reload = useReload(query.refetch);
  const isAtTop = useRef(true);
  const [isStale, setStale] = useState(false);
  const showChanges = useCallback(() => {
    setStale(false);
    reload();
  }, [reload]);
  useRunsChanged({
    knownIds,
    onListChanged: () => (isAtTop.current ? reload() : setStale(true)),
    onKnownChanged: refresh,
  });
  useQueuedWaits(runs);
  const progress = useLiveProgress(runs.filter(({ status }) => status === 'RUNNING'));
  const { fetchMore, networkStatus } = query;
  const more = useCallback(() => {
    const after = connection?.pageInfo.endCursor;
    if (!connection?.pageInfo.hasNextPage || networkStatus === NetworkStatus.fetchMore) return;
    void fetchMore({ variables: { after, first: PAGE_SIZE } });
  }, [connection, networkStatus, fetchMore]);
  const onTop = useCallback((top: boolean) => {
    isAtTop.current = top;
  }, []);
  return { query, connection, runs, progress, fetchMore: more, onTop, isStale, showChanges };
}

/** Asks again for the chosen values of runs that changed, together and at most once a second. */
function useValueRefresh(columns: readonly string[]): (runId: string) => void {
  const client = useApolloClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const asked = useRef(columns);
  asked.current = columns;
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  return useCallback(
    (runId: string) => {
      if (asked.current.length === 0) return;
      waiting.current.add(runId);
      timer.current ??= setTimeout(() => {
        timer.current = null;
        const ids = [...waiting.current].slice(0, PAGE_SIZE);
        for (const id of ids) waiting.current.delete(id);
        const variables = { ids, columns: [...asked.current], first: PAGE_SIZE };
        // What it misses comes with the next change, or with the list.
        client
          .query({ query: RunValuesDocument, variables, fetchPolicy: 'network-only' })
          .catch(() => undefined);
      }, VALUES_PAUSE_MS);
    },
    [client],
  );
}
