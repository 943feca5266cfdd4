/** A number over the runs of a group: its mean, and its spread where there are two. */
import type { ReactNode } from 'react';
import type { RunColumn } from '../columns/run-column.ts';
import type { RunGroup } from './group-condition.ts';

type Measure = RunGroup['measures'][number];

export function showMeasure({ write }: RunColumn, measure: Measure | undefined): ReactNode {
  if (!measure) return null;
  const { count, mean, sd } = measure;
  if (typeof mean !== 'number') return <span className="text-muted-foreground">–</span>;
  return (
    <span className="block truncate tabular-nums" title={`${count} runs have it`}>
      {write(mean)}
      {typeof sd === 'number' && <span className="text-muted-foreground"> ± {write(sd)}</span>}
    </span>
  );
}
