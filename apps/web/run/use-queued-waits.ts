'use client';
/** Keeps the reasons of queued runs up to date in the cache: workers come and go without a word to the page. */
import { useQuery } from '@apollo/client/react';
import { QueuedRunWaitsDocument } from '../graphql/generated/graphql.ts';
import { WAIT_REFRESH_MS } from './wait-refresh.ts';

const RUNS_WATCHED = 100;

export function useQueuedWaits(runs: readonly { status: string }[]): void {
  const isNeeded = runs.some(({ status }) => status === 'QUEUED');
  useQuery(QueuedRunWaitsDocument, {
    variables: { first: RUNS_WATCHED },
    pollInterval: WAIT_REFRESH_MS,
    skip: !isNeeded,
  });
}
