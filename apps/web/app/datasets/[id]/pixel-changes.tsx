'use client';
/** What the import changed about pixels on the way in: how many files of each kind, then some of the files. */
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { CountedFilesCard } from './counted-files-card.tsx';

type Changes = NonNullable<DatasetQuery['dataset']>['pixelChanges'];

export function PixelChanges({ changes }: { changes: Changes }) {
  if (changes.length === 0) return null;
  return (
    <CountedFilesCard
      title="Changed on the way in"
      note="These files were imported with other pixels than they hold."
      caption="Changes to pixels"
      kind="Change"
      counts={changes.map(({ code, sentence, fileCount }) => ({ code, sentence, count: fileCount }))}
      renderFiles={() => <ChangedFileList changes={changes} />}
    />
  );
}

function ChangedFileList({ changes }: { changes: Changes }) {
  const files = changes.flatMap(({ code, sentence, paths }) =>
    paths.map((path) => ({ key: `${path} ${code}`, path, sentence })),
  );
  return (
    <PlainTable
      caption="Changed files, the first of each kind"
      rows={files}
      rowKey={(row) => row.key}
      columns={[
        {
          header: 'File',
          cell: (row) => <span className="font-mono text-xs break-all">{row.path}</span>,
        },
        { header: 'What', cell: (row) => row.sentence },
      ]}
    />
  );
}
