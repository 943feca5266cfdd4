'use client';
/** The hyperparameters in which the runs differ; what they share is not repeated. */
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { describeValue } from '../launch/hyperparameter-fields.ts';
import type { Comparison } from './compare-view.tsx';

export function Differences({ comparison }: { comparison: Comparison }) {
  const { differences, runs } = comparison;
  if (differences.length === 0) {
    return (
      <Card title="Hyperparameters">
        <p className="text-muted-foreground">These runs do not differ in any hyperparameter.</p>
      </Card>
    );
  }
  return (
    <Card flush title="What differs" note="Hyperparameters that are not the same in all of them.">
      <PlainTable
        caption="Hyperparameters that differ"
        rows={differences}
        rowKey={(row) => row.key}
        columns={[
          { header: 'Hyperparameter', cell: (row) => <span className="font-mono text-xs">{row.key}</span> },
          ...runs.map((run, index) => ({
            header: run.name,
            cell: (row: Comparison['differences'][number]) => (
              <span className="font-semibold">{describeValue(row.values[index])}</span>
            ),
          })),
        ]}
      />
    </Card>
  );
}
