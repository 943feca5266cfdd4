/** How often TEST of each split was opened, of how often it may be: the fewer, the more its figures are worth. */
import { TextLink } from '../../components/text-link.tsx';
import type { WhereWeStandQuery } from '../../graphql/generated/graphql.ts';
import { countOpenings, countOpeningsLeft } from '../../split/count-openings.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

type Split = WhereWeStandQuery['splits']['edges'][number]['node'];

/** Nothing where no TEST was opened and no budget is set. */
export function OpeningsCard({ splits }: { splits: readonly Split[] }) {
  const rows = splits.filter((split) => split.testOpeningCount > 0 || split.testBudgets.length > 0);
  if (rows.length === 0) return null;
  return (
    <Card flush title="TEST openings" note="A budget is set on the page of the split.">
      <PlainTable
        caption="TEST openings"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            header: 'Split',
            cell: (row) => (
              <span className="inline-flex items-center gap-2">
                <TextLink href={`/splits/${row.id}`}>{row.name}</TextLink>
                {row.unsafe && <UnsafeMark short />}
              </span>
            ),
          },
          { header: 'Dataset', cell: (row) => row.dataset.name },
          { header: 'Opened', align: 'right', cell: (row) => countOpenings(row) },
          { header: 'Left', align: 'right', cell: (row) => countOpeningsLeft(row) ?? 'no budget' },
        ]}
      />
    </Card>
  );
}
