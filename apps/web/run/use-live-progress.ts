'use client';
/** The batch progress of a few running runs, for bars in a list. One owner per page calls it. */
import { useEffect, useState } from 'react';
import { useApi } from '../api/api-provider.tsx';
import { followRun, type RunStreamItem } from './follow-run.ts';

export type LiveProgress = Extract<RunStreamItem, { __typename: 'RunProgress' }>;

type RunningRun = { id: string; lastSeq: number };

const FOLLOWED_AT_MOST = 8;

/** Progress by run id; runs beyond the first eight show whole epochs only. */
export function useLiveProgress(runs: readonly RunningRun[]): ReadonlyMap<string, LiveProgress> {
  const { live } = useApi();
  const [progress, setProgress] = useState<ReadonlyMap<string, LiveProgress>>(new Map());
  const followed = runs.slice(0, FOLLOWED_AT_MOST);
  const key = followed.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids alone decide; a newer lastSeq is no reason to subscribe again
  useEffect(() => {
    if (!live) return;
    const stops = followed.map(({ id, lastSeq }) =>
      followRun({
        live,
        runId: id,
        after: lastSeq,
        onItem: (item) => {
          if (item.__typename === 'RunProgress') setProgress((known) => new Map(known).set(id, item));
        },
        onError: () => undefined,
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }, [live, key]);
  return progress;
}
