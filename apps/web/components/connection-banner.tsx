'use client';
/**
 * Says that the API does not answer, or not to everything, and since when; disappears when it does and the page reloads its
 * data. The dot tells the age of the last word from the API as soon as that is more than a moment.
 */
import { Loader, Unplug } from 'lucide-react';
import { useApi, useConnectionState } from '../api/api-provider.tsx';
import { formatAgo } from '../format/format-time.ts';
import { classNames } from '../ui/class-names.ts';
import { useNow } from './use-now.ts';

export function ConnectionBanner() {
  const state = useConnectionState();
  const { apiUrl, connection } = useApi();
  const heard = useHeard();
  if (state !== 'lost' && state !== 'limited') return null;
  const reason = connection.getReason();
  return (
    <div
      role="alert"
      className="sticky top-0 z-20 flex items-center gap-2.5 border-b border-danger/40 bg-danger-soft px-4 py-2 text-sm lg:px-7"
    >
      <Unplug className="size-4 shrink-0 text-danger" aria-hidden />
      <p className="min-w-0">
        <span className="font-semibold">
          {state === 'lost' ? 'The API does not answer' : 'Not everything here is live'}
        </span>
        <span className="text-muted-foreground"> at {apiUrl}. </span>
        {reason && <>{reason} </>}
        What you see may be out of date{state === 'lost' && heard && `: the API was last heard ${heard.ago}`}.{' '}
        {state === 'lost' ? 'Reconnecting…' : 'Trying again…'}
      </p>
      <Loader className="size-4 shrink-0 animate-spin text-danger" aria-hidden />
    </div>
  );
}

const DOTS = {
  connecting: { dot: 'bg-muted-foreground animate-pulse', label: 'Connecting' },
  connected: { dot: 'bg-good', label: 'Live' },
  limited: { dot: 'bg-danger', label: 'Partly live' },
  lost: { dot: 'bg-danger', label: 'Offline' },
  resting: { dot: 'bg-muted-foreground', label: 'Asks nothing' },
} as const;

/** An answer comes every few seconds. */
const FRESH_FOR_MS = 5_000;

/** How long ago the API last said anything; null before it did. */
function useHeard(): { ago: string; isFresh: boolean } | null {
  const { connection } = useApi();
  const nowMs = useNow();
  const heardAtMs = connection.getHeardAtMs();
  if (heardAtMs === null || nowMs === 0) return null;
  const ago = formatAgo(new Date(heardAtMs).toISOString(), nowMs);
  return { ago, isFresh: nowMs - heardAtMs < FRESH_FOR_MS };
}

export function ConnectionDot() {
  const state = useConnectionState();
  const heard = useHeard();
  const { dot, label } = DOTS[state];
  const isStale = heard !== null && !heard.isFresh;
  return (
    <span
      className="flex items-center gap-2 text-xs text-muted-foreground"
      title={heard ? `The API was last heard ${heard.ago}` : undefined}
    >
      <span
        className={classNames('size-2 rounded-full', state === 'connected' && isStale ? 'bg-caution' : dot)}
        aria-hidden
      />
      <span className="flex flex-col whitespace-nowrap">
        <span role="status">{label}</span>
        {isStale && <span>{heard.ago}</span>}
      </span>
    </span>
  );
}
