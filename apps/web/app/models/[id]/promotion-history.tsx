'use client';
/** Every promotion and every refusal: from which version to which, who, when, why. */
import type { ReactNode } from 'react';
import { Moment } from '../../../components/moment.tsx';
import type { ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Badge } from '../../../ui/badge.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Promotion = ModelPageFragment['promotions'][number];

export function PromotionHistory({ promotions }: { promotions: readonly Promotion[] }) {
  if (promotions.length === 0)
    return <p className="p-4 text-sm text-muted-foreground">Nothing was promoted yet.</p>;
  return (
    <PlainTable
      caption="Promotion history"
      rows={[...promotions].sort((a, b) => b.createdAt.localeCompare(a.createdAt))}
      rowKey={(row) => row.id}
      columns={[
        { header: 'When', cell: (row) => <Moment at={row.createdAt} /> },
        { header: 'Verdict', cell: describeVerdict },
        {
          header: 'Move',
          cell: (row) =>
            `${row.alias}: ${row.fromVersion ? `version ${row.fromVersion.number}` : 'nothing'} → version ${row.version.number}`,
        },
        { header: 'By', cell: (row) => row.promotedBy },
        { header: 'Reason', cell: (row) => row.reason },
        { header: 'The gate said', cell: (row) => row.verdict.reasons.join(' ') || 'every rule passed' },
      ]}
    />
  );
}

function describeVerdict(promotion: Promotion): ReactNode {
  return (
    <span className="inline-flex gap-1.5">
      <Badge tone={promotion.allowed ? 'good' : 'danger'}>{promotion.allowed ? 'promoted' : 'refused'}</Badge>
      {promotion.overridden && <Badge tone="caution">overridden</Badge>}
    </span>
  );
}
