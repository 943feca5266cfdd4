'use client';
/** The patients of a table, or what its unit is, on which a model is wrong most often. */
import { useState } from 'react';
import { formatCount, formatMetric } from '../../format/format-number.ts';
import type { TableSideFiguresFragment } from '../../graphql/generated/graphql.ts';
import { titleShortly } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../ui/card.tsx';
import { Select } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { UnitWords } from '../../unit/unit-words.ts';
import { nameSide } from './table-figures.ts';

export function ModelPatients({ side, unit }: { side: TableSideFiguresFragment; unit: UnitWords }) {
  const catalogue = useMetricCatalogue();
  const [chosen, setChosen] = useState(0);
  const model = side.models[chosen] ?? side.models[0];
  if (!model) return null;
  const title = `${unit.heading} of ${nameSide(side.side)}`;
  const shown = formatCount(model.patients.length);
  return (
    <Card
      flush
      title={title}
      note={
        model.patients.length < side.patients
          ? `The ${shown} of ${formatCount(side.patients)} with the lowest accuracy; the JSON has all.`
          : 'The lowest accuracy first.'
      }
      actions={
        side.models.length > 1 && (
          <Select
            aria-label={`Model of the ${unit.many}`}
            className="h-7 w-44 text-xs"
            value={chosen}
            onChange={({ target }) => setChosen(Number(target.value))}
          >
            {side.models.map(({ name }, at) => (
              <option key={name} value={at}>
                {name}
              </option>
            ))}
          </Select>
        )
      }
    >
      <PlainTable
        boxClassName="max-h-96"
        caption={title}
        rows={model.patients}
        rowKey={({ key }) => key}
        columns={[
          { header: unit.title, cell: ({ key }) => <span className="font-mono text-xs">{key}</span> },
          { header: 'Rows', align: 'right', cell: ({ rows }) => formatCount(rows) },
          { header: 'Positive', align: 'right', cell: ({ positives }) => formatCount(positives) },
          {
            header: titleShortly(catalogue, 'accuracy'),
            align: 'right',
            cell: ({ accuracy }) => formatMetric(accuracy),
          },
          { header: titleShortly(catalogue, 'auc'), align: 'right', cell: ({ auc }) => formatMetric(auc) },
        ]}
      />
    </Card>
  );
}
