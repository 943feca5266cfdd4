'use client';
/** How much a number depends on each hyperparameter, looked at alone, the strongest first; a row chooses what is drawn. */
import { titleField } from '../../../form/schema-fields.ts';
import { formatCount, formatMetric, formatShare, formatSigned } from '../../../format/format-number.ts';
import type { RunInfluenceQuery } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Influence = RunInfluenceQuery['hyperparameterInfluence'][number];

type InfluenceCardProps = {
  influences: readonly Influence[];
  of: string;
  against: string;
  onAgainst: (field: string) => void;
};

export function InfluenceCard({ influences, of, against, onAgainst }: InfluenceCardProps) {
  return (
    <Card
      flush
      title="Importance of hyperparameters"
      note={`Share of the variance of ${of} that lies between the values of each, looked at alone; seeds are left out.`}
    >
      {influences.length === 0 ? (
        <p className="p-4 text-sm text-muted-foreground">
          These runs do not differ in any hyperparameter, or fewer than two have {of}.
        </p>
      ) : (
        <PlainTable
          caption={`Importance of hyperparameters for ${of}`}
          rows={influences}
          rowKey={({ key }) => key}
          columns={[
            {
              header: 'Hyperparameter',
              cell: ({ key, field }) => (
                <Button
                  look="ghost"
                  size="sm"
                  aria-pressed={field === against}
                  className={field === against ? 'bg-accent-soft' : ''}
                  onClick={() => onAgainst(field)}
                >
                  {titleField(key)}
                </Button>
              ),
            },
            { header: 'Share of the variance', cell: (row) => <ShareBar share={row.varianceShare} /> },
            {
              header: 'Correlation of ranks',
              align: 'right',
              cell: ({ rankCorrelation }) => (rankCorrelation == null ? '–' : formatSigned(rankCorrelation)),
            },
            { header: 'Spread of means', align: 'right', cell: ({ spread }) => formatMetric(spread) },
            { header: 'Mean by value', cell: ({ groups }) => <GroupMeans groups={groups} /> },
          ]}
        />
      )}
    </Card>
  );
}

function ShareBar({ share }: { share: number | null | undefined }) {
  if (share == null) return '–';
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span className="h-2 w-24 overflow-hidden rounded-full bg-surface-muted" aria-hidden>
        <span className="block h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </span>
      {formatShare(share)}
    </span>
  );
}

function GroupMeans({ groups }: { groups: Influence['groups'] }) {
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {groups.map(({ label, count, mean }) => (
        <span key={label} className="whitespace-nowrap">
          <span className="text-muted-foreground">{label}</span> {formatMetric(mean)}{' '}
          <span className="text-muted-foreground">({formatCount(count)})</span>
        </span>
      ))}
    </span>
  );
}
