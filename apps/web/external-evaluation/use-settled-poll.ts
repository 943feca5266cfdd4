'use client';
/** Asks a query again while a worker is at it: how far an external evaluation is comes with no event. */
import { useEffect } from 'react';
import type { ExternalEvaluationStatus } from '../graphql/generated/graphql.ts';

const POLL_MS = 1_500;

type Polled = { startPolling: (intervalMs: number) => void; stopPolling: () => void };

export function isSettled({ status }: { status: ExternalEvaluationStatus }): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}

export function useSettledPoll({ startPolling, stopPolling }: Polled, settled: boolean): void {
  useEffect(() => {
    if (settled) return;
    startPolling(POLL_MS);
    return stopPolling;
  }, [settled, startPolling, stopPolling]);
}
