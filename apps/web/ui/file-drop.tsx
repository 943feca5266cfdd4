'use client';
/** A place where files are dropped or chosen. They are handed on as they are. */
import { FileSpreadsheet } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { classNames } from './class-names.ts';

type FileDropProps = {
  /** For screen readers. */
  label: string;
  title: string;
  hint: string;
  accept: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
};

export function FileDrop({ label, title, hint, accept, multiple = false, onFiles }: FileDropProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  function take(given: FileList | null) {
    const chosen = [...(given ?? [])];
    if (chosen.length > 0) onFiles(multiple ? chosen : chosen.slice(0, 1));
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }
  return (
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
      <span className="font-medium">{title}</span>
      <span className="text-xs text-muted-foreground">{hint}</span>
      <input
        id={id}
        type="file"
        multiple={multiple}
        aria-label={label}
        accept={accept}
        className="sr-only"
        onChange={(event) => take(event.target.files)}
      />
    </label>
  );
}
