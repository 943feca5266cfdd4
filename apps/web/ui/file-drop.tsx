'use client';
/** A place where files are dropped or chosen. They are handed on as they are, and folders where they are asked for. */
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
  disabled?: boolean;
  onFiles: (files: File[]) => void;
  /** Where folders may be dropped as well; else what is dropped is taken as if it had been chosen. */
  onDrop?: (transfer: DataTransfer) => void;
};

export function FileDrop(props: FileDropProps) {
  const { label, title, hint, accept, multiple = false, disabled = false, onFiles, onDrop } = props;
  const id = useId();
  const [isOver, setOver] = useState(false);
  function take(given: FileList | null) {
    const chosen = [...(given ?? [])];
    if (chosen.length > 0) onFiles(multiple ? chosen : chosen.slice(0, 1));
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    if (disabled) return;
    if (onDrop) onDrop(event.dataTransfer);
    else take(event.dataTransfer.files);
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
        disabled={disabled}
        aria-label={label}
        accept={accept}
        className="sr-only"
        onChange={({ target }) => {
          take(target.files);
          // The same files chosen again are a choice too.
          target.value = '';
        }}
      />
    </label>
  );
}
