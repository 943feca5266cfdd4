'use client';
/** The hyperparameters in which the runs differ; equal ones are not shown. */
import { TextLink } from '../../components/text-link.tsx';
import { describeValue } from '../../form/schema-fields.ts';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { FEW_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';

type Difference = Comparison['differences'][number];

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
    <Card flush title="What differs" note="Hyperparameters whose values are not the same in all runs.">
      {runs.length > FEW_RUNS ? (
        <PlainTable
          boxClassName="max-h-96"
          caption="Hyperparameters that differ, one row per run"
          rows={runs.map((run, index) => ({ run, index }))}
          rowKey={({ run }) => run.id}
          columns={[
            { header: 'Run', cell: ({ run }) => <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink> },
            ...differences.map(({ key, values }) => ({
              header: key,
              cell: ({ index }: { index: number }) => describeValue(values[index]),
            })),
          ]}
        />
      ) : (
        <PlainTable
          caption="Hyperparameters that differ"
          rows={differences}
          rowKey={(row) => row.key}
          columns={[
            { header: 'Hyperparameter', cell: (row) => <span className="font-mono text-xs">{row.key}</span> },
            ...runs.map((run, index) => ({
              header: run.name,
              cell: (row: Difference) => (
                <span className="font-semibold">{describeValue(row.values[index])}</span>
              ),
            })),
          ]}
        />
      )}
    </Card>
  );
}
