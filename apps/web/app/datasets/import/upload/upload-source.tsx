'use client';
/** A .zip or a folder that is dropped here is sent to the machine of the API, and is then the source of the import. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../../api/api-provider.tsx';
import { describeError } from '../../../../api/error-sentence.ts';
import { FolderButton } from '../../../../files/folder-button.tsx';
import { type DroppedFile, nameFiles, readDropped } from '../../../../files/read-dropped.ts';
import { formatBytes, formatCount } from '../../../../format/format-number.ts';
import { Button } from '../../../../ui/button.tsx';
import { FileDrop } from '../../../../ui/file-drop.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressBar } from '../../../../ui/progress-bar.tsx';
import { packFolder } from './pack-folder.ts';
import { GIVEN_UP, sendFile } from './send-file.ts';

/** Three of the largest public set of patches; a home folder has more. */
const FILES_MAX = 1_000_000;

type Progress =
  | { step: 'PACKING'; name: string; packed: number; total: number }
  | { step: 'SENDING'; name: string; received: number; bytes: number; isWaiting: boolean };

export function UploadSource({ onSent }: { onSent: (path: string) => void }) {
  const { progress, refusal, take, cancel } = useUpload(onSent);
  if (progress) return <ShownProgress progress={progress} onCancel={cancel} />;
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="w-full">
        <FileDrop
          label="Upload a .zip of patches"
          title="Drop a folder or a .zip of patches here, or choose a .zip"
          hint="It is sent to the machine of the API. Dropped again after a break, it goes on where it was."
          accept=".zip"
          onFiles={(files) => take(nameFiles(files))}
          onDrop={(transfer) => take(readDropped(transfer, FILES_MAX))}
        />
      </div>
      <FolderButton label="Folder of patches" onFiles={(files) => take(nameFiles(files))} />
      {refusal && (
        <Notice tone="danger" title="Nothing was sent">
          {refusal}
        </Notice>
      )}
    </div>
  );
}

/** One upload at a time, from what is dropped to where it lies for the API. */
function useUpload(onSent: (path: string) => void) {
  const { apiUrl } = useApi();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ending = useRef<AbortController | null>(null);
  // A page that is left sends no more; the same file goes on where it was.
  useEffect(() => () => ending.current?.abort('left'), []);
  async function take(dropped: readonly DroppedFile[] | Promise<readonly DroppedFile[]>) {
    const own = new AbortController();
    const { signal } = own;
    ending.current = own;
    setRefusal(null);
    try {
      const file = await makeOneFile(await dropped, signal, setProgress);
      const { name, size: bytes } = file;
      setProgress({ step: 'SENDING', name, received: 0, bytes, isWaiting: false });
      const onProgress = (next: { received?: number; isWaiting: boolean }) =>
        setProgress((before) => (before?.step === 'SENDING' ? { ...before, ...next } : before));
      onSent(await sendFile({ apiUrl, file, signal, onProgress }));
    } catch (error) {
      if (!signal.aborted) setRefusal(describeError(error));
    } finally {
      setProgress(null);
    }
  }
  return { progress, refusal, take, cancel: () => ending.current?.abort(GIVEN_UP) };
}

/** A .zip is sent as it is; anything else is packed into one. */
async function makeOneFile(
  files: readonly DroppedFile[],
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<File> {
  const [first] = files;
  if (!first) throw new Error('There is no file in what was dropped.');
  if (files.length === 1 && first.path.toLowerCase().endsWith('.zip')) return first.file;
  const name = first.path.split('/')[0] ?? first.path;
  const total = files.length;
  onProgress({ step: 'PACKING', name, packed: 0, total });
  return packFolder({
    files,
    signal,
    onProgress: (packed) => onProgress({ step: 'PACKING', name, packed, total }),
  });
}

function ShownProgress({ progress, onCancel }: { progress: Progress; onCancel: () => void }) {
  const { name } = progress;
  const isPacking = progress.step === 'PACKING';
  const share = isPacking ? progress.packed / progress.total : progress.received / progress.bytes;
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex items-center gap-3 text-sm">
        <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar value={share} label={`${isPacking ? 'Packing' : 'Sending'} ${name}`} />
      <p role="status" className="text-xs text-muted-foreground">
        {describeProgress(progress)}
      </p>
    </div>
  );
}

function describeProgress(progress: Progress): string {
  if (progress.step === 'PACKING')
    return `Packed into one file: ${formatCount(progress.packed)} of ${formatCount(progress.total)}`;
  if (progress.isWaiting) return 'The API does not answer. It goes on when it does.';
  return `${formatBytes(progress.received)} of ${formatBytes(progress.bytes)}`;
}
