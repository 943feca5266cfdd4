'use client';
/** The tested pairs of a comparison, asked for once for all that shows them, and again when a run of it changes. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useReload } from '../../api/use-reload.ts';
import { ComparedPairsDocument } from '../../graphql/generated/graphql.ts';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import type { ComparisonRequest } from './comparison-request.ts';

export type ComparedPairsState = ReturnType<typeof useComparedPairs>;

export function useComparedPairs(request: ComparisonRequest) {
  const query = useQuery(ComparedPairsDocument, { variables: request });
  const knownIds = useMemo(() => new Set(request.runIds), [request.runIds]);
  // Once a run has finished and its TEST is open, it can be paired.
  useRunsChanged({ knownIds, onListChanged: useReload(query.refetch) });
  const { error, loading, refetch } = query;
  return { error, loading, refetch, data: (query.data ?? query.previousData)?.compareRuns };
}
