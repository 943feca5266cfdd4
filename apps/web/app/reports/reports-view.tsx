'use client';
/** The list of reports, those changed last first. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useShowsProjects } from '../../access/use-shows-projects.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { formatCount } from '../../format/format-number.ts';
import { ReportsDocument, type ReportsQuery } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const CreateReportForm = loadLater(
  async () => (await import('./create-report-form.tsx')).CreateReportForm,
  <Skeleton className="h-48" />,
);

const PAGE_SIZE = 200;

type Report = ReportsQuery['reports']['edges'][number]['node'];

export function ReportsView() {
  const [creating, setCreating] = useState(false);
  const query = useQuery(ReportsDocument, { variables: { first: PAGE_SIZE } });
  return (
    <>
      <PageHeader
        title="Reports"
        note="Pages of text with live charts, tables and comparisons of runs, which can be frozen and saved as one file."
        actions={
          <Dialog
            title="Create report"
            open={creating}
            onOpenChange={setCreating}
            prepare={CreateReportForm.load}
            trigger={
              <Button look="primary">
                <Plus />
                Create report
              </Button>
            }
          >
            <CreateReportForm />
          </Dialog>
        }
      />
      <QueryFrame {...query}>
        {({ reports: { edges, totalCount } }) =>
          edges.length === 0 ? (
            <EmptyState title="No report yet">
              A report tells others what was found: text, and panels that show the runs as they are.
            </EmptyState>
          ) : (
            <ReportTable reports={edges.map(({ node }) => node)} total={totalCount} />
          )
        }
      </QueryFrame>
    </>
  );
}

function ReportTable({ reports, total }: { reports: readonly Report[]; total: number }) {
  const showsProjects = useShowsProjects();
  const isPart = total > reports.length;
  return (
    <Card flush note={isPart ? `The newest ${reports.length} of ${formatCount(total)}` : undefined}>
      <PlainTable
        caption="Reports"
        rows={reports}
        rowKey={(row) => row.id}
        columns={[
          {
            header: 'Name',
            cell: (row) => (
              <span className="inline-flex flex-wrap items-center gap-2">
                <TextLink href={`/reports/${row.id}`}>{row.name}</TextLink>
                {row.frozen && <Badge tone="accent">frozen</Badge>}
              </span>
            ),
          },
          ...(showsProjects ? [{ header: 'Project', cell: (row: Report) => row.project.name }] : []),
          { header: 'By', cell: (row) => row.author },
          {
            header: 'Changed',
            cell: (row) => (
              <>
                <Moment at={row.changedAt} />
                {row.changedBy !== row.author && ` by ${row.changedBy}`}
              </>
            ),
          },
        ]}
      />
    </Card>
  );
}
