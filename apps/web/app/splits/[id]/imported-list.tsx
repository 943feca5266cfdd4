/** The list that a split was imported from: how it was read, what does not fit, and who is on several of its sides. */
import { formatCount } from '../../../format/format-number.ts';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { Sentences } from '../../../split/sentences.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { countUnits, type UnitWords } from '../../../unit/unit-words.ts';

type ImportedFrom = NonNullable<NonNullable<SplitQuery['split']>['importedFrom']>;

export function ImportedList({ list, unit }: { list: ImportedFrom; unit: UnitWords }) {
  return (
    <Card title="The list" note={`${list.layouts.join('; ')}. ${formatCount(list.entries)} entries.`}>
      <Sentences sentences={list.sentences} />
      {list.crossing.length > 0 && (
        <PlainTable
          boxClassName="mt-4 max-h-80 rounded-md border border-line"
          caption="On several sides"
          rows={list.crossing}
          rowKey={({ key }) => key}
          columns={[
            {
              header: `${countUnits(unit, list.crossingCount)} on several sides`,
              cell: ({ key }) => <span className="font-mono text-xs">{key}</span>,
            },
            {
              header: 'Patches by side',
              cell: ({ sides }) =>
                sides.map(({ side, patches }) => `${side} ${formatCount(patches)}`).join(', '),
            },
          ]}
        />
      )}
    </Card>
  );
}
