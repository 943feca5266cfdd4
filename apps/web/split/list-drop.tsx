'use client';
/** A place where the files of a list are dropped or chosen. They are read here and kept nowhere. */
import { FileSpreadsheet } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { formatCount } from '../format/format-number.ts';
import { classNames } from '../ui/class-names.ts';
import { type ListDraft, readListFiles } from './list-draft.ts';

type ListDropProps = { files: ListDraft['files']; onFiles: (files: ListDraft['files']) => void };

export function ListDrop({ files, onFiles }: ListDropProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function take(given: FileList | null) {
    const chosen = [...(given ?? [])];
    if (chosen.length === 0) return;
    const read = await readListFiles(chosen);
    setRefusal('refusal' in read ? read.refusal : null);
    if ('files' in read) onFiles(read.files);
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  }
  return (
    <div className="flex flex-col gap-1.5">
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classNames(
          'flex cursor-pointer flex-col items-center gap-1.5 rounded-md border border-dashed px-4 py-6 text-center text-sm focus-within:outline-2 focus-within:outline-accent',
          isOver
            ? 'border-accent bg-accent-soft'
            : 'border-line-strong bg-surface-muted/60 hover:bg-surface-muted',
        )}
      >
        <FileSpreadsheet className="size-5 text-muted-foreground" aria-hidden />
        <span className="font-medium">Drop a list here, or choose it</span>
        <span className="text-xs text-muted-foreground">
          CSV, TSV or JSON; one file, or one for each side (train.csv, test.csv).
        </span>
        <input
          id={id}
          type="file"
          multiple
          aria-label="List of a split"
          accept=".csv,.tsv,.txt,.json"
          className="sr-only"
          onChange={(event) => void take(event.target.files)}
        />
      </label>
      {refusal && (
        <p role="alert" className="text-xs text-danger">
          {refusal}
        </p>
      )}
      <ChosenFiles files={files} />
    </div>
  );
}

function ChosenFiles({ files }: Pick<ListDropProps, 'files'>) {
  if (files.length === 0) return null;
  return (
    <ul className="text-xs text-muted-foreground">
      {files.map(({ name, text }) => (
        <li key={name} className="break-all">
          {name}, {formatCount(text.length)} characters
        </li>
      ))}
    </ul>
  );
}
