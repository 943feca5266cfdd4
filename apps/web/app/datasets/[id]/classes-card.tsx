/** The classes of a dataset with their patches, each as a share of all. */
import { formatCount, formatShare } from '../../../format/format-number.ts';
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Dataset = NonNullable<DatasetQuery['dataset']>;

export function ClassesCard({ dataset: { classes, patchCount } }: { dataset: Dataset }) {
  return (
    <Card
      title="Classes"
      note="By the names that the source gives them. A task says which are positive."
      flush
    >
      <PlainTable
        caption="Classes"
        rows={classes}
        rowKey={({ position }) => String(position)}
        columns={[
          { header: 'Class', cell: ({ name }) => name },
          { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patchCount) },
          { header: 'Share', align: 'right', cell: (row) => formatShare(row.patchCount / patchCount) },
          { header: '', cell: (row) => <ShareBar share={row.patchCount / patchCount} /> },
        ]}
      />
    </Card>
  );
}

function ShareBar({ share }: { share: number }) {
  return (
    <div className="h-2 w-40 max-w-full overflow-hidden rounded-sm bg-surface-muted" aria-hidden>
      <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
