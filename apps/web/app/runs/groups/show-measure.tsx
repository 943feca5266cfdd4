/** A number over the runs of a group: its mean, and below it its spread where there are two, so that it is no wider than a run's. */
import type { ReactNode } from 'react';
import type { RunColumn } from '../columns/run-column.ts';
import type { RunGroup } from './group-condition.ts';

type Measure = RunGroup['measures'][number];

export function showMeasure({ write }: RunColumn, measure: Measure | undefined): ReactNode {
  if (!measure) return null;
  const { count, mean, sd } = measure;
  if (typeof mean !== 'number') return <span className="text-muted-foreground">–</span>;
  return (
    <span className="block tabular-nums" title={`${count} runs have it`}>
      <span className="block truncate leading-tight">{write(mean)}</span>
      {typeof sd === 'number' && (
        <span className="block truncate text-xs text-muted-foreground">± {write(sd)}</span>
      )}
    </span>
  );
}
