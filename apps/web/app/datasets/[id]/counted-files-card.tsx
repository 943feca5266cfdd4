'use client';
/** A card on files of an import: how many of each kind, and the files themselves where they are asked for. */
import { type ReactNode, useState } from 'react';
import { formatCount } from '../../../format/format-number.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type CountedFilesCardProps = {
  title: string;
  note: string;
  caption: string;
  /** What a kind is called in the head of the table. */
  kind: string;
  counts: readonly { code: string; sentence: string; count: number }[];
  /** The files; made when the list is opened. */
  renderFiles: () => ReactNode;
};

export function CountedFilesCard({ title, note, caption, kind, counts, renderFiles }: CountedFilesCardProps) {
  const [open, setOpen] = useState(false);
  return (
    <Card
      title={title}
      note={note}
      actions={
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide files' : 'List files'}
        </Button>
      }
      flush
    >
      <PlainTable
        caption={caption}
        rows={counts}
        rowKey={(row) => row.code}
        columns={[
          { header: kind, cell: (row) => row.sentence },
          { header: 'Files', align: 'right', cell: (row) => formatCount(row.count) },
        ]}
      />
      {open && <div className="border-t border-line">{renderFiles()}</div>}
    </Card>
  );
}
