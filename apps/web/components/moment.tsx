'use client';
/** A moment as "4 min ago", with its exact time on hover. */
import { formatAgo, formatExactly } from '../format/format-time.ts';
import { useNow } from './use-now.ts';

const REFRESH_MS = 15_000;

export function Moment({ at }: { at: string }) {
  const nowMs = useNow(REFRESH_MS);
  if (nowMs === 0) return <time dateTime={at}>…</time>;
  return (
    <time dateTime={at} title={formatExactly(at)} className="whitespace-nowrap">
      {formatAgo(at, nowMs)}
    </time>
  );
}
