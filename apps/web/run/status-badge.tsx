/** A run's status: colour, icon and word together. */
import { CircleCheck, CircleDashed, CircleSlash, CircleX, LoaderCircle } from 'lucide-react';
import type { RunStatus } from '../graphql/generated/graphql.ts';
import { Badge, type BadgeTone } from '../ui/badge.tsx';

const LOOKS: Record<RunStatus, { tone: BadgeTone; icon: typeof CircleCheck; label: string; spin?: boolean }> =
  {
    QUEUED: { tone: 'neutral', icon: CircleDashed, label: 'Queued' },
    RUNNING: { tone: 'accent', icon: LoaderCircle, label: 'Running', spin: true },
    SUCCEEDED: { tone: 'good', icon: CircleCheck, label: 'Succeeded' },
    FAILED: { tone: 'danger', icon: CircleX, label: 'Failed' },
    CANCELED: { tone: 'neutral', icon: CircleSlash, label: 'Canceled' },
  };

/** In the order in which a run goes through them, each with its word. */
export const STATUS_LABELS = Object.entries(LOOKS).map(([status, { label }]) => ({
  status: status as RunStatus,
  label,
}));

export function StatusBadge({ status, canceling = false }: { status: RunStatus; canceling?: boolean }) {
  const { tone, icon: Icon, label, spin } = LOOKS[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={spin ? 'animate-spin' : undefined} />
      {canceling && status === 'RUNNING' ? 'Canceling' : label}
    </Badge>
  );
}
