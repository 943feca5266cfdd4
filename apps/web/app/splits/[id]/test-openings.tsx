'use client';
/** Every opening of TEST on this split. Each makes later figures less trustworthy, so all are counted. */
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Openings = NonNullable<SplitQuery['split']>['testOpenings'];

export function TestOpenings({ openings }: { openings: Openings }) {
  return (
    <Card
      flush
      title="TEST openings"
      note="Who opened TEST, for which run, when and why. Every opening makes later TEST figures a little less trustworthy."
      actions={<Badge tone={openings.length === 0 ? 'neutral' : 'caution'}>{openings.length} so far</Badge>}
    >
      {openings.length === 0 ? (
        <p className="p-4 text-sm text-muted-foreground">TEST of this split is still sealed for every run.</p>
      ) : (
        <PlainTable
          caption="TEST openings"
          rows={openings}
          rowKey={(row) => `${row.openedAt} ${row.run?.id}`}
          columns={[
            {
              header: 'Run',
              cell: (row) =>
                row.run ? <TextLink href={`/runs/${row.run.id}`}>{row.run.name}</TextLink> : 'deleted',
            },
            { header: 'Opened by', cell: (row) => row.openedBy },
            { header: 'Reason', cell: (row) => row.reason },
            { header: 'When', cell: (row) => <Moment at={row.openedAt} /> },
          ]}
        />
      )}
    </Card>
  );
}
