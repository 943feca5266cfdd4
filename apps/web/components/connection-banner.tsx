'use client';
/** Says that the API does not answer, or not to everything; disappears when it does and the page reloads its data. */
import { Loader, Unplug } from 'lucide-react';
import { useApi, useConnectionState } from '../api/api-provider.tsx';
import { classNames } from '../ui/class-names.ts';

export function ConnectionBanner() {
  const state = useConnectionState();
  const { apiUrl, connection } = useApi();
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
        What you see may be out of date. {state === 'lost' ? 'Reconnecting…' : 'Trying again…'}
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
} as const;

export function ConnectionDot() {
  const { dot, label } = DOTS[useConnectionState()];
  return (
    <span className="flex items-center gap-2 text-xs text-muted-foreground" role="status">
      <span className={classNames('size-2 rounded-full', dot)} aria-hidden />
      {label}
    </span>
  );
}
