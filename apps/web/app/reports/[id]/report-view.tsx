'use client';
/** One report as it is read: live, and then as the runs are now, or as it was frozen. Its editor takes the page's place. */
import { useQuery } from '@apollo/client/react';
import { Snowflake } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { REPORT_PARAMETERS } from '../../../address/page-addresses.ts';
import { useReload } from '../../../api/use-reload.ts';
import { CurvesScopeProvider } from '../../../charts/curves/curves-scope.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Moment } from '../../../components/moment.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import {
  ReportBlocksDocument,
  ReportDocument,
  type ReportFactsFragment,
  type ReportPartsFragment,
} from '../../../graphql/generated/graphql.ts';
import { useRunsChanged } from '../../../run/use-runs-changed.ts';
import { Badge } from '../../../ui/badge.tsx';
import { loadLater, loadSoon, useLoadedWhenIdle } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ReportActs } from './report-acts.tsx';

const ReportBlocks = loadSoon(
  async () => (await import('./report-blocks.tsx')).ReportBlocks,
  <Skeleton className="h-96" />,
);
const ReportEditor = loadLater(
  async () => (await import('./editor/report-editor.tsx')).ReportEditor,
  <Skeleton className="h-96" />,
);

export function ReportView({ reportId }: { reportId: string }) {
  const query = useQuery(ReportDocument, { variables: { id: reportId } });
  const [{ edit }, setAddress] = useQueryStates(REPORT_PARAMETERS);
  return (
    <QueryFrame {...query} data={query.data?.report} missing="This report">
      {(report) => (
        <CurvesScopeProvider>
          {edit && report.mayChange && !report.frozen ? (
            <ReportEditor report={report} onDone={() => void setAddress({ edit: null })} />
          ) : (
            <ReadReport report={report} onEdit={() => void setAddress({ edit: true })} />
          )}
        </CurvesScopeProvider>
      )}
    </QueryFrame>
  );
}

function ReadReport({ report, onEdit }: { report: ReportFactsFragment; onEdit: () => void }) {
  const { id, name, frozen, author, changedBy, changedAt } = report;
  useLoadedWhenIdle(ReportEditor.load);
  const isLive = frozen == null;
  // Curves are not cached; live ones are asked for again whenever a run changes.
  const query = useQuery(ReportBlocksDocument, { variables: { id }, fetchPolicy: 'no-cache' });
  const reload = useReload(async () => (isLive ? query.refetch() : undefined));
  useRunsChanged({ knownIds: NONE, onListChanged: reload });
  const blocks = (query.data ?? query.previousData)?.report?.blocks;
  const shown = useMemo(() => blocks ?? NOTHING, [blocks]);
  return (
    <>
      <PageHeader
        title={name}
        parent={{ href: '/reports', label: 'Reports' }}
        marks={frozen ? <Badge tone="accent">frozen</Badge> : <Badge>live</Badge>}
        note={
          <>
            By {author}, changed <Moment at={changedAt} />
            {changedBy !== author && ` by ${changedBy}`}
          </>
        }
        actions={<ReportActs report={report} blocks={shown} onEdit={onEdit} />}
      />
      {frozen && <FrozenNotice {...frozen} />}
      <QueryFrame {...query} data={blocks}>
        {(read) =>
          read.length === 0 ? (
            <EmptyState title="Nothing is written yet" />
          ) : (
            <ReportBlocks blocks={read} isLive={isLive} />
          )
        }
      </QueryFrame>
    </>
  );
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING: readonly ReportPartsFragment[] = [];

function FrozenNotice({ by, at }: NonNullable<ReportFactsFragment['frozen']>) {
  return (
    <div
      role="note"
      className="mb-5 flex items-center gap-2 rounded-md border border-line-strong bg-surface-muted px-3 py-2 text-sm"
    >
      <Snowflake className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <p>
        Frozen by {by}, <Moment at={at} />: charts, tables and comparisons show what was stored then, whatever
        became of the runs since.
      </p>
    </div>
  );
}
