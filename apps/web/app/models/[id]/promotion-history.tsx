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
    return <p className="p-4 text-sm text-muted-foreground">Nothing has been promoted yet.</p>;
  return (
    <PlainTable
      caption="Promotion history"
      rows={[...promotions].sort((a, b) => b.number - a.number)}
      rowKey={(row) => row.id}
      columns={[
        { header: 'When', cell: (row) => <Moment at={row.createdAt} /> },
        { header: 'Outcome', cell: describeOutcome },
        { header: 'Move', cell: describeMove, className: 'whitespace-nowrap' },
        { header: 'By', cell: (row) => row.promotedBy },
        { header: 'Reason', cell: (row) => row.reason, className: 'min-w-48' },
        { header: 'The gate said', cell: describeGate, className: 'min-w-64' },
        {
          header: 'Policy',
          cell: (row) => `version ${row.verdict.policyVersion}`,
          className: 'whitespace-nowrap',
        },
      ]}
    />
  );
}

const DONE: Record<string, string> = { PROMOTE: 'promoted', DEMOTE: 'demoted', ROLL_BACK: 'rolled back' };

function describeOutcome({ act, allowed, overridden }: Promotion): ReactNode {
  const tone = !allowed ? 'danger' : act === 'PROMOTE' ? 'good' : 'caution';
  return (
    <span className="inline-flex gap-1.5">
      <Badge tone={tone}>{allowed ? DONE[act] : act === 'ROLL_BACK' ? 'rollback refused' : 'refused'}</Badge>
      {overridden && <Badge tone="caution">overridden</Badge>}
    </span>
  );
}

/** What the alias pointed to before and after; after a refusal that is the same. */
function describeMove({ act, alias, fromVersion, version, allowed }: Promotion): string {
  const before = fromVersion ? `version ${fromVersion.number}` : 'nothing';
  const after = act === 'DEMOTE' ? 'nothing' : `version ${version.number}`;
  return allowed ? `${alias}: ${before} → ${after}` : `${alias} stays at ${before}, not ${after}`;
}

function describeGate({ act, verdict }: Promotion): string {
  if (act === 'DEMOTE') return 'not asked';
  const failed = verdict.rules.filter(({ passed }) => !passed).length;
  return verdict.reasons.join(' ') || (failed > 0 ? `passed with ${failed} warnings` : 'every rule passed');
}
