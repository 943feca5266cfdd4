'use client';
/** Where one run of a sweep stands: its status, and while it trains its progress. */
import { LearningMark } from '../../../evaluation/learning-mark.tsx';
import { RunProgress } from '../../../run/run-progress.tsx';
import { RunWaitMark } from '../../../run/run-wait-mark.tsx';
import { StatusBadge } from '../../../run/status-badge.tsx';
import type { LiveProgress } from '../../../run/use-live-progress.ts';
import type { SweepRun } from './describe-sweep.ts';

type RunStateProps = { run: SweepRun['run']; progress: ReadonlyMap<string, LiveProgress> };

export function RunState({ run, progress }: RunStateProps) {
  return (
    <span className="flex items-center gap-2.5">
      <StatusBadge status={run.status} canceling={Boolean(run.cancelRequestedAt)} />
      <LearningMark learning={run.learning} short />
      {run.status === 'QUEUED' && <RunWaitMark wait={run.wait} />}
      {run.status === 'RUNNING' && <RunProgress {...run} live={progress.get(run.id)} />}
      {run.status === 'FAILED' && run.error && (
        <span className="max-w-72 truncate text-xs text-danger" title={run.error}>
          {run.error}
        </span>
      )}
    </span>
  );
}
