/** How far a run is: a bar over all its epochs, batches included, and the time left. */
import { ProgressBar } from '../ui/progress-bar.tsx';
import { measureProgress, type ProgressFacts } from './measure-progress.ts';

type RunProgressProps = {
  name: string;
  /** Null where none are told. */
  epochs: number | null;
  epochsDone: number;
  live?: ProgressFacts | null;
  className?: string;
};

export function RunProgress({ name, epochs, epochsDone, live, className }: RunProgressProps) {
  const { share, line } = measureProgress({ epochs, epochsDone, live });
  return (
    <div className={className ?? 'w-28'}>
      <ProgressBar value={share} label={`Progress of ${name}`} />
      <p className="mt-1 text-xs leading-4 text-muted-foreground">{line}</p>
    </div>
  );
}
