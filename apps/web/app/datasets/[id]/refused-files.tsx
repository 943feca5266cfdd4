'use client';
/** What the import left out and why: counts per reason, then the files themselves. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { formatCount } from '../../../format/format-number.ts';
import { type DatasetQuery, RefusedFilesDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type RefusalCounts = NonNullable<DatasetQuery['dataset']>['refusalCounts'];

const PAGE_SIZE = 50;

export function RefusedFiles({ datasetId, counts }: { datasetId: string; counts: RefusalCounts }) {
  const [open, setOpen] = useState(false);
  if (counts.length === 0) {
    return (
      <Card title="Refused files">
        <p className="text-muted-foreground">No file was refused.</p>
      </Card>
    );
  }
  return (
    <Card
      title="Refused files"
      note="The import continued without them."
      actions={
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide files' : 'List files'}
        </Button>
      }
      flush
    >
      <PlainTable
        caption="Refused files by reason"
        rows={counts}
        rowKey={(row) => row.code}
        columns={[
          { header: 'Reason', cell: (row) => row.sentence },
          { header: 'Files', align: 'right', cell: (row) => formatCount(row.count) },
        ]}
      />
      {open && <RefusedFileList datasetId={datasetId} />}
    </Card>
  );
}

function RefusedFileList({ datasetId }: { datasetId: string }) {
  const { data, fetchMore } = useQuery(RefusedFilesDocument, {
    variables: { id: datasetId, first: PAGE_SIZE },
  });
  const refusals = data?.dataset?.refusals;
  if (!refusals) return null;
  return (
    <div className="border-t border-line">
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
    </div>
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
