'use client';
/** What the import changed about pixels on the way in: how many files of each kind, then some of the files. */
import { useState } from 'react';
import { formatCount } from '../../../format/format-number.ts';
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type Changes = NonNullable<DatasetQuery['dataset']>['pixelChanges'];

export function PixelChanges({ changes }: { changes: Changes }) {
  const [open, setOpen] = useState(false);
  if (changes.length === 0) return null;
  const files = changes.flatMap(({ code, sentence, paths }) =>
    paths.map((path) => ({ key: `${path} ${code}`, path, sentence })),
  );
  return (
    <Card
      title="Changed on the way in"
      note="These files were imported with other pixels than they hold."
      actions={
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide files' : 'List files'}
        </Button>
      }
      flush
    >
      <PlainTable
        caption="Changes to pixels"
        rows={changes}
        rowKey={(row) => row.code}
        columns={[
          { header: 'Change', cell: (row) => row.sentence },
          { header: 'Files', align: 'right', cell: (row) => formatCount(row.fileCount) },
        ]}
      />
      {open && (
        <div className="border-t border-line">
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
        </div>
      )}
    </Card>
  );
}
