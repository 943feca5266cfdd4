/** Where an external evaluation stands: its status, and how many patches are predicted while a worker is at it. */
import { formatCount } from '../format/format-number.ts';
import type { ExternalEvaluationRowFragment } from '../graphql/generated/graphql.ts';
import { StatusBadge } from '../run/status-badge.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';

type ExamStateProps = {
  evaluation: Pick<
    ExternalEvaluationRowFragment,
    'status' | 'patchesDone' | 'patchesTotal' | 'cancelRequestedAt'
  >;
  label: string;
};

export function ExamState({ evaluation, label }: ExamStateProps) {
  const { status, patchesDone, patchesTotal, cancelRequestedAt } = evaluation;
  if (status !== 'RUNNING') return <StatusBadge status={status} />;
  return (
    <div className="flex min-w-36 flex-col gap-1">
      <StatusBadge status={status} canceling={Boolean(cancelRequestedAt)} />
      <ProgressBar
        value={patchesTotal > 0 ? patchesDone / patchesTotal : null}
        label={`Progress on ${label}`}
      />
      <p className="text-xs text-muted-foreground">
        {patchesTotal > 0
          ? `${formatCount(patchesDone)} of ${formatCount(patchesTotal)} patches`
          : 'reading the patches'}
      </p>
    </div>
  );
}
