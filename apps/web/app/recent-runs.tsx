'use client';
/** The runs that finished last. */
import Link from 'next/link';
import { Elapsed } from '../components/elapsed.tsx';
import { Moment } from '../components/moment.tsx';
import { TextLink } from '../components/text-link.tsx';
import { LearningMark } from '../evaluation/learning-mark.tsx';
import { pickValidationFigure } from '../evaluation/list-metrics.ts';
import { formatMetric } from '../format/format-number.ts';
import type { RunRowFragment } from '../graphql/generated/graphql.ts';
import { titleMetric, titleShortly } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { StatusBadge } from '../run/status-badge.tsx';
import { UnsafeMark } from '../split/unsafe-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { PlainTable } from '../ui/plain-table.tsx';

export function RecentRuns({ runs }: { runs: readonly RunRowFragment[] }) {
  const catalogue = useMetricCatalogue();
  return (
    <Card
      flush
      title="Recent runs"
      actions={
        <Button asChild size="sm">
          <Link href="/runs">All runs</Link>
        </Button>
      }
    >
      {runs.length === 0 ? (
        <p className="p-4 text-sm text-muted-foreground">No run has finished yet.</p>
      ) : (
        <PlainTable
          caption="Recent runs"
          rows={runs}
          rowKey={(row) => row.id}
          columns={[
            {
              header: 'Name',
              className: 'min-w-52',
              cell: (row) => (
                <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
                  <TextLink href={`/runs/${row.id}`}>{row.name}</TextLink>
                  {row.unsafe && <UnsafeMark short />}
                  <LearningMark learning={row.learning} short />
                </span>
              ),
            },
            { header: 'Status', cell: (row) => <StatusBadge status={row.status} /> },
            {
              header: `VALIDATION ${titleShortly(catalogue, 'auc')}`,
              align: 'right',
              cell: (row) => showFigure(row, 'auc', row.validationAuc),
            },
            {
              header: titleMetric(catalogue, 'balancedAccuracy'),
              align: 'right',
              cell: (row) => showFigure(row, 'balancedAccuracy', row.validationBalancedAccuracy),
            },
            { header: 'Network', cell: (row) => row.architecture },
            { header: 'Dataset', className: 'whitespace-nowrap', cell: (row) => row.dataset?.name ?? '–' },
            {
              header: 'Took',
              align: 'right',
              cell: (row) => <Elapsed startedAt={row.startedAt} finishedAt={row.finishedAt} />,
            },
            { header: 'Launched', cell: (row) => <Moment at={row.createdAt} /> },
          ]}
        />
      )}
    </Card>
  );
}

function showFigure(row: RunRowFragment, name: string, latest: number | null | undefined): string {
  return formatMetric(pickValidationFigure(row, { name, latest }));
}
