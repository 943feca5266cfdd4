'use client';
/** What the import left out and why: counts per reason, then the files themselves. */
import { useQuery } from '@apollo/client/react';
import { formatCount } from '../../../format/format-number.ts';
import { type DatasetQuery, RefusedFilesDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { CountedFilesCard } from './counted-files-card.tsx';

type RefusalCounts = NonNullable<DatasetQuery['dataset']>['refusalCounts'];

const PAGE_SIZE = 50;

export function RefusedFiles({ datasetId, counts }: { datasetId: string; counts: RefusalCounts }) {
  if (counts.length === 0) {
    return (
      <Card title="Refused files">
        <p className="text-muted-foreground">No file was refused.</p>
      </Card>
    );
  }
  return (
    <CountedFilesCard
      title="Refused files"
      note="The import continued without them."
      caption="Refused files by reason"
      kind="Reason"
      counts={counts}
      renderFiles={() => <RefusedFileList datasetId={datasetId} />}
    />
  );
}

function RefusedFileList({ datasetId }: { datasetId: string }) {
  const { data, fetchMore } = useQuery(RefusedFilesDocument, {
    variables: { id: datasetId, first: PAGE_SIZE },
  });
  const refusals = data?.dataset?.refusals;
  if (!refusals) return null;
  return (
    <>
      <PlainTable
        caption="Refused files"
        rows={refusals.edges.map(({ node }) => node)}
        rowKey={(row) => `${row.path} ${row.code}`}
        columns={[
          { header: 'File', cell: (row) => <span className="font-mono text-xs break-all">{row.path}</span> },
          { header: 'Why', cell: (row) => row.reason },
        ]}
      />
      <MoreButton
        shown={refusals.edges.length}
        total={refusals.totalCount}
        onMore={() => fetchMore({ variables: { after: refusals.pageInfo.endCursor } })}
      />
    </>
  );
}

type MoreButtonProps = { shown: number; total: number; onMore: () => unknown };

function MoreButton({ shown, total, onMore }: MoreButtonProps) {
  if (shown >= total) return null;
  return (
    <div className="flex items-center justify-center gap-3 border-t border-line p-3 text-xs text-muted-foreground">
      {formatCount(shown)} of {formatCount(total)} files
      <Button size="sm" onClick={() => onMore()}>
        Show more
      </Button>
    </div>
  );
}
