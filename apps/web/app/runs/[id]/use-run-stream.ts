'use client';
/**
 * The live state of one run: what is stored is read at once, and the stream goes on from its last event. The only
 * subscription of the run page; what comes in quick succession is added together.
 */
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useApi } from '../../../api/api-provider.tsx';
import { RunSeriesDocument } from '../../../graphql/generated/graphql.ts';
import { followRun, type RunStreamItem } from '../../../run/follow-run.ts';
import {
  addToStream,
  EMPTY_STREAM,
  isCrowded,
  POINTS_SHOWN,
  type RunStreamState,
  readNumbersAgain,
  startFromStored,
} from './run-stream-state.ts';

type RunStreamOptions = {
  runId: string;
  /** The run's status changed or it was evaluated: what the page queried is out of date. */
  onMoved: () => void;
};

export type RunStream = RunStreamState & {
  /** Nothing is known yet: neither curves nor that there are none. */
  isLoading: boolean;
  error: string | null;
};

/** The first of several items is shown at once, those that follow it together. */
const ADD_INTERVAL_MS = 250;

export function useRunStream({ runId, onMoved }: RunStreamOptions): RunStream {
  const { live } = useApi();
  const client = useApolloClient();
  const [state, setState] = useState(EMPTY_STREAM);
  const [error, setError] = useState<string | null>(null);
  // Read for this page alone: what the stream adds never reaches the cache.
  const variables = { id: runId, points: POINTS_SHOWN };
  const stored = useQuery(RunSeriesDocument, { variables, fetchPolicy: 'no-cache' });
  const run = stored.data?.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to follow the run again
  useEffect(() => {
    if (!live || !run) return;
    let known = startFromStored(run);
    setState(known);
    let waiting: RunStreamItem[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let addedAtMs = Number.NEGATIVE_INFINITY;
    function add() {
      const items = waiting;
      waiting = [];
      timer = undefined;
      addedAtMs = performance.now();
      known = addToStream(known, items);
      setState(known);
      if (items.some(hasNumbers) || isCrowded(known)) readAgain();
      if (items.some(isMove)) onMoved();
    }
    let isReading = false;
    let isGone = false;
    /** Numbers that came in while the last answer was under way have an event of their own, or the next one has. */
    async function readAgain() {
      if (isReading) return;
      isReading = true;
      const answer = await client
        .query({ query: RunSeriesDocument, variables, fetchPolicy: 'no-cache' })
        .catch(() => null);
      isReading = false;
      const again = answer?.data?.run;
      if (!again || isGone) return;
      known = readNumbersAgain(known, again);
      setState(known);
    }
    const stop = followRun({
      live,
      runId,
      after: run.lastSeq,
      onItem: (item) => {
        waiting.push(item);
        timer ??= setTimeout(add, Math.max(0, addedAtMs + ADD_INTERVAL_MS - performance.now()));
      },
      onError: setError,
    });
    return () => {
      isGone = true;
      stop();
      clearTimeout(timer);
    };
  }, [live, runId, run, client]);
  return { ...state, isLoading: stored.loading && !run, error: error ?? stored.error?.message ?? null };
}

/** A program's numbers have no event of their own each. */
function hasNumbers(item: RunStreamItem): boolean {
  return item.__typename === 'RunEvent' && item.kind === 'METRICS';
}

function isMove(item: RunStreamItem): boolean {
  return item.__typename === 'RunEvent' && (item.kind === 'STATUS' || item.kind === 'EVALUATION');
}
