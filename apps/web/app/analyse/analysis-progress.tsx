/** How far it is, how to stop it, and what it came to. */
import { Square } from 'lucide-react';
import { countNoun } from '../../format/count-noun.ts';
import { formatCount, formatRate } from '../../format/format-number.ts';
import { formatDuration } from '../../format/format-time.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import type { AnalyserState } from './use-analyser.ts';

export function AnalysisProgress({ state, onCancel }: { state: AnalyserState; onCancel: () => unknown }) {
  const { phase, progress, finished } = state;
  const isBusy = phase === 'busy';
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <ProgressBar
        value={isBusy || finished?.cancelled ? (progress?.done ?? null) : 1}
        label="Analysed so far"
        className="min-w-40 flex-1"
      />
      <p className="text-sm text-muted-foreground tabular-nums" role="status">
        {isBusy && progress
          ? `${formatCount(progress.filesDone)} of ${countNoun(progress.files, 'file')}, ${countNoun(progress.patchesDone, 'patch')}`
          : finished && describeEnd(finished, progress)}
      </p>
      {isBusy && (
        <Button onClick={() => onCancel()}>
          <Square aria-hidden />
          Cancel
        </Button>
      )}
    </div>
  );
}

function describeEnd(
  { cancelled, patches, seconds }: NonNullable<AnalyserState['finished']>,
  progress: AnalyserState['progress'],
): string {
  const amount = `${countNoun(patches, 'patch')} in ${formatDuration(seconds)} (${formatRate(patches / Math.max(seconds, 0.001), 'patches')})`;
  if (!cancelled) return `${amount}.`;
  const whole = progress
    ? `, with ${formatCount(progress.filesDone)} of ${countNoun(progress.files, 'file')} whole`
    : '';
  return `Cancelled after ${amount}${whole}.`;
}
