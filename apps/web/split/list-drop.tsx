'use client';
/** A place where the files of a list are dropped or chosen. They are read here and kept nowhere. */
import { useState } from 'react';
import { readTextFiles, type TextFile } from '../form/text-files.ts';
import { formatCount } from '../format/format-number.ts';
import { FileDrop } from '../ui/file-drop.tsx';

type ListDropProps = { files: readonly TextFile[]; onFiles: (files: readonly TextFile[]) => void };

export function ListDrop({ files, onFiles }: ListDropProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  async function take(chosen: readonly File[]) {
    const read = await readTextFiles(chosen, { noun: 'list', command: 'npm run import-split' });
    setRefusal('refusal' in read ? read.refusal : null);
    if ('files' in read) onFiles(read.files);
  }
  return (
    <div className="flex flex-col gap-1.5">
      <FileDrop
        label="List of a split"
        title="Drop a list here, or choose it"
        hint="CSV, TSV, Parquet or JSON; one file, or one for each side (train.csv, test.csv)."
        accept=".csv,.tsv,.txt,.json,.parquet"
        multiple
        onFiles={(chosen) => void take(chosen)}
      />
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
