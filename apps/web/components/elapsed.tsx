'use client';
/** How long something took, or has taken so far. */
import { countSeconds, formatDuration } from '../format/format-time.ts';
import { useNow } from './use-now.ts';

type ElapsedProps = { startedAt: string | null | undefined; finishedAt: string | null | undefined };

export function Elapsed({ startedAt, finishedAt }: ElapsedProps) {
  const nowMs = useNow();
  if (startedAt && !finishedAt && nowMs === 0) return '…';
  return (
    <span className="whitespace-nowrap">
      {formatDuration(countSeconds({ startedAt, finishedAt, nowMs }))}
    </span>
  );
}
