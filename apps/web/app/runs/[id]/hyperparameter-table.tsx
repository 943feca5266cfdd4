'use client';
/** Every hyperparameter of a run; those that differ from their defaults stand out. */
import { useQuery } from '@apollo/client/react';
import { describeValue, listSchemaValues, readSchemaFields } from '../../../form/schema-fields.ts';
import { HyperparameterSchemaDocument } from '../../../graphql/generated/graphql.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

export function HyperparameterTable({ hyperparameters }: { hyperparameters: unknown }) {
  const { data } = useQuery(HyperparameterSchemaDocument);
  const fields = readSchemaFields(data?.hyperparameterSchema.jsonSchema);
  return (
    <Card flush title="Hyperparameters" note="Every hyperparameter, with defaults filled in.">
      <PlainTable
        caption="Hyperparameters"
        rows={listSchemaValues(hyperparameters, fields)}
        rowKey={(row) => row.key}
        columns={[
          { header: 'Name', cell: (row) => <span className="font-mono text-xs">{row.key}</span> },
          {
            header: 'Value',
            cell: (row) => <span className="font-semibold">{describeValue(row.value)}</span>,
          },
          {
            header: 'Default',
            cell: (row) => row.changed && <Badge tone="accent">default {describeValue(row.fallback)}</Badge>,
          },
          {
            header: 'Meaning',
            className: 'min-w-72',
            cell: (row) => <span className="text-muted-foreground">{row.description}</span>,
          },
        ]}
      />
    </Card>
  );
}
