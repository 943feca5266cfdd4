'use client';
/** How long something took, or has taken so far. */
import { countSeconds, formatDuration } from '../format/format-time.ts';
import { useNow } from './use-now.ts';

type ElapsedProps = { startedAt: string | null | undefined; finishedAt: string | null | undefined };

export function Elapsed({ startedAt, finishedAt }: ElapsedProps) {
  if (startedAt && !finishedAt) return <SoFar startedAt={startedAt} />;
  return <Took startedAt={startedAt} finishedAt={finishedAt} nowMs={0} />;
}

/** What has ended needs no clock. */
function SoFar({ startedAt }: { startedAt: string }) {
  const nowMs = useNow();
  if (nowMs === 0) return '…';
  return <Took startedAt={startedAt} finishedAt={null} nowMs={nowMs} />;
}

function Took(times: ElapsedProps & { nowMs: number }) {
  return <span className="whitespace-nowrap">{formatDuration(countSeconds(times))}</span>;
}
