'use client';
/** Every opening of TEST on this split. Each makes later figures less trustworthy, so all are counted. */
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { countOpenings } from '../../../split/count-openings.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { BudgetDialog } from './budget-dialog.tsx';

type Split = NonNullable<SplitQuery['split']>;

export function TestOpenings({ split }: { split: Split }) {
  const { testOpenings: openings, testBudgets } = split;
  const budget = testBudgets[0] ?? null;
  const counted = { testOpeningCount: openings.length, testBudgets };
  return (
    <Card
      flush
      title="TEST openings"
      note="Who opened TEST, for which run, when and why. Every opening makes later TEST figures a little less trustworthy."
      actions={
        <span className="inline-flex items-center gap-2">
          <Badge tone={openings.length === 0 ? 'neutral' : 'caution'}>
            {countOpenings(counted)} {budget ? 'opened' : 'so far'}
          </Badge>
          <BudgetDialog
            split={{ id: split.id, openedCount: openings.length, budget: budget?.openings ?? null }}
          />
        </span>
      }
    >
      {testBudgets.map((one, at) => (
        <p key={one.id} className="px-4 pt-3 text-sm text-muted-foreground">
          {at === 0 ? 'Budget' : 'Earlier budget'}: {one.openings}, set by {one.setBy}{' '}
          <Moment at={one.setAt} />: “{one.reason}”
        </p>
      ))}
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
