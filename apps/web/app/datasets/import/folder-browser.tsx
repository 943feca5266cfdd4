'use client';
/** Walks the folders below the allowed import roots; a click opens a folder, "Choose" takes it. */
import { useQuery } from '@apollo/client/react';
import { CornerLeftUp, FileArchive, Folder, Microscope, Table2 } from 'lucide-react';
import { useState } from 'react';
import { describeError } from '../../../api/error-sentence.ts';
import { formatBytes, formatCount } from '../../../format/format-number.ts';
import { BrowseImportRootDocument, type BrowseImportRootQuery } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';

type Entry = BrowseImportRootQuery['browseImportRoot']['entries'][number];

type Wanted = 'source' | 'table' | 'slides';

const IS_WANTED: Record<Wanted, (entry: Entry) => boolean> = {
  source: ({ isTable, slideKind }) => !isTable && !slideKind,
  table: ({ isZip, slideKind }) => !isZip && !slideKind,
  slides: ({ isZip, isTable }) => !isZip && !isTable,
};
const NOTHING_WANTED: Record<Wanted, string> = {
  source: 'No folder or .zip in here.',
  table: 'No folder or table in here.',
  slides: 'No folder or slide in here.',
};

type FolderBrowserProps = {
  /** A folder or .zip of patches, a table that says what they hold, or a folder of slides. */
  wanted: Wanted;
  onChoose: (path: string) => void;
};

export function FolderBrowser({ wanted, onChoose }: FolderBrowserProps) {
  const [path, setPath] = useState<string | null>(null);
  const { data, previousData, error } = useQuery(BrowseImportRootDocument, {
    variables: { path, slides: wanted === 'slides' },
  });
  const folder = (data ?? previousData)?.browseImportRoot;
  const entries = folder?.entries.filter(IS_WANTED[wanted]);
  return (
    <div className="rounded-md border border-line">
      <div className="flex items-center gap-2 border-b border-line bg-surface-muted px-2 py-1.5">
        <Button
          size="icon"
          look="ghost"
          aria-label="Up one folder"
          disabled={folder?.parent == null}
          onClick={() => setPath(folder?.parent || null)}
        >
          <CornerLeftUp />
        </Button>
        <p className="min-w-0 flex-1 truncate font-mono text-xs" dir="rtl" title={folder?.path}>
          <bdi>{folder ? folder.path || 'Folders that the API may read' : '…'}</bdi>
        </p>
        {wanted !== 'table' && (
          <Button size="sm" disabled={!folder?.path} onClick={() => folder && onChoose(folder.path)}>
            Choose this folder
          </Button>
        )}
      </div>
      {error && <p className="p-3 text-sm text-danger">{describeError(error)}</p>}
      <ul className="h-48 overflow-y-auto p-1" aria-label="Folders and files">
        {entries?.map((entry) => (
          <li key={entry.path}>
            {entry.slideKind ? (
              <SlideEntry entry={entry} />
            ) : (
              <EntryButton entry={entry} onOpen={setPath} onChoose={onChoose} />
            )}
          </li>
        ))}
        {entries?.length === 0 && (
          <li className="p-2 text-xs text-muted-foreground">{NOTHING_WANTED[wanted]}</li>
        )}
      </ul>
    </div>
  );
}

/** Seen, not chosen: an import takes all slides of a folder. */
function SlideEntry({ entry }: { entry: Entry }) {
  return (
    <div className="flex items-center gap-2 px-2 py-1 text-sm">
      <Microscope className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{entry.name}</span>
      <span className="shrink-0 text-xs text-muted-foreground">
        {entry.slideKind} · {formatBytes(entry.bytes)}
      </span>
    </div>
  );
}

type EntryButtonProps = { entry: Entry; onOpen: (path: string) => void; onChoose: (path: string) => void };

function EntryButton({ entry, onOpen, onChoose }: EntryButtonProps) {
  const isFolder = !entry.isZip && !entry.isTable;
  const Icon = isFolder ? Folder : entry.isTable ? Table2 : FileArchive;
  return (
    <button
      type="button"
      onClick={() => (isFolder ? onOpen(entry.path) : onChoose(entry.path))}
      className="flex w-full items-center gap-2 rounded-sm px-2 py-1 text-left text-sm hover:bg-surface-muted"
    >
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{entry.name}</span>
      {!isFolder && <span className="text-xs text-muted-foreground">{formatBytes(entry.bytes)}</span>}
      {entry.slideFiles ? (
        <span className="text-xs text-muted-foreground">
          {formatCount(entry.slideFiles)} {entry.slideFiles === 1 ? 'slide file' : 'slide files'}
        </span>
      ) : null}
    </button>
  );
}
