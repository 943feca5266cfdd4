/** The sites of a dataset, counted; nothing where its source tells none. */
import { formatCount } from '../../../format/format-number.ts';
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Dataset = NonNullable<DatasetQuery['dataset']>;

export function SitesCard({ dataset: { sites, unit } }: { dataset: Dataset }) {
  if (sites.length === 0) return null;
  return (
    <Card
      title="Sites"
      note="Centres, scanners or tissue source sites: a split can keep each on one side."
      flush
    >
      <PlainTable
        caption="Sites"
        rows={sites}
        rowKey={({ site }) => site}
        columns={[
          { header: 'Site', cell: ({ site }) => site },
          { header: unit.heading, align: 'right', cell: (row) => formatCount(row.patients) },
          { header: 'Slides', align: 'right', cell: (row) => formatCount(row.slides) },
          { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patches) },
        ]}
      />
    </Card>
  );
}
