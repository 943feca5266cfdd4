'use client';
/** One act on all runs that are selected, also those that were never loaded: their ids first, then the act, part by part. */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { describeError } from '../../../api/error-sentence.ts';
import {
  ChangeRunsDocument,
  type ChangeRunsInput,
  type ChangeRunsMutation,
  MatchingRunIdsDocument,
  type MatchingRunIdsQueryVariables,
} from '../../../graphql/generated/graphql.ts';
import { toRunVariables } from '../run-search.ts';
import type { RunChoice } from '../table/run-choice.ts';

/** Of the pages of ids, the largest that the API gives; of an act, as many as it takes. */
const PAGE_SIZE = 1_000;
const PART_SIZE = 500;

type RefusedRun = ChangeRunsMutation['changeRuns']['refused'][number];
export type BulkOutcome = { count: number; refused: RefusedRun[]; error: string | null };
export type BulkAct = Omit<ChangeRunsInput, 'ids'>;

type Selected = { chosen: RunChoice; search: RunSearch };

export function useBulkAct({ chosen, search }: Selected) {
  const client = useApolloClient();
  const [done, setDone] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null);

  async function listIds(): Promise<string[]> {
    if (!chosen.isAll) return [...chosen.ids];
    const { filter, query } = toRunVariables(search);
    const ids: string[] = [];
    for (let after: string | null = null, hasNext = true; hasNext; ) {
      const variables: MatchingRunIdsQueryVariables = { filter, query, first: PAGE_SIZE, after };
      const { data } = await client.query({
        query: MatchingRunIdsDocument,
        variables,
        fetchPolicy: 'no-cache',
      });
      ids.push(...(data?.runs.edges.map(({ node }) => node.id) ?? []));
      after = data?.runs.pageInfo.endCursor ?? null;
      hasNext = data?.runs.pageInfo.hasNextPage === true;
    }
    return ids.filter((id) => !chosen.ids.has(id));
  }

  /** What was done before a fault stays done, and is told. */
  async function act(input: BulkAct): Promise<BulkOutcome> {
    const reached: BulkOutcome = { count: 0, refused: [], error: null };
    setDone(0);
    setOutcome(null);
    try {
      const ids = await listIds();
      for (let from = 0; from < ids.length; from += PART_SIZE) {
        const part = ids.slice(from, from + PART_SIZE);
        const { data } = await client.mutate({
          mutation: ChangeRunsDocument,
          variables: { input: { ...input, ids: part } },
        });
        reached.count += data?.changeRuns.count ?? 0;
        reached.refused.push(...(data?.changeRuns.refused ?? []));
        setDone(from + part.length);
      }
    } catch (error) {
      reached.error = describeError(error);
    }
    setDone(null);
    setOutcome(reached);
    return reached;
  }
  return { act, busy: done !== null, done, outcome, forget: () => setOutcome(null) };
}
