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

/** Of one series: about as many as a chart has pixels. */
const POINTS_SHOWN = 500;
/** The first of several items is shown at once, those that follow it together. */
const ADD_INTERVAL_MS = 250;

export function useRunStream({ runId, onMoved }: RunStreamOptions): RunStream {
  const { live } = useApi();
  const client = useApolloClient();
  const [state, setState] = useState(EMPTY_STREAM);
  const [error, setError] = useState<string | null>(null);
  // Read for this page alone: what the stream adds never reaches the cache.
  const stored = useQuery(RunSeriesDocument, {
    variables: { id: runId, points: POINTS_SHOWN },
    fetchPolicy: 'no-cache',
  });
  const run = stored.data?.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to follow the run again
  useEffect(() => {
    if (!live || !run) return;
    setState(startFromStored(run));
    let waiting: RunStreamItem[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let addedAtMs = Number.NEGATIVE_INFINITY;
    function add() {
      const items = waiting;
      waiting = [];
      timer = undefined;
      addedAtMs = performance.now();
      setState((known) => addToStream(known, items));
      if (items.some((item) => item.__typename === 'RunEvent' && item.kind === 'METRICS')) readAgain();
      if (items.some((item) => item.__typename === 'RunEvent' && isMove(item.kind))) onMoved();
    }
    let isReading = false;
    let isGone = false;
    /** Numbers that came in while the last answer was under way have an event of their own, or the next one has. */
    async function readAgain() {
      if (isReading) return;
      isReading = true;
      const variables = { id: runId, points: POINTS_SHOWN };
      const answer = await client
        .query({ query: RunSeriesDocument, variables, fetchPolicy: 'no-cache' })
        .catch(() => null);
      isReading = false;
      const again = answer?.data?.run;
      if (again && !isGone) setState((known) => readNumbersAgain(known, again));
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

function isMove(kind: string): boolean {
  return kind === 'STATUS' || kind === 'EVALUATION';
}
