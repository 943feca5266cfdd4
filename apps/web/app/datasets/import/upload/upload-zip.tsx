'use client';
/** A .zip that is dropped here is sent to the machine of the API, and is then the source of the import. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../../api/api-provider.tsx';
import { describeError } from '../../../../api/error-sentence.ts';
import { formatBytes } from '../../../../format/format-number.ts';
import { Button } from '../../../../ui/button.tsx';
import { FileDrop } from '../../../../ui/file-drop.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressBar } from '../../../../ui/progress-bar.tsx';
import { GIVEN_UP, sendFile } from './send-file.ts';

type Progress = { file: File; received: number; isWaiting: boolean };

export function UploadZip({ onSent }: { onSent: (path: string) => void }) {
  const { apiUrl } = useApi();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ending = useRef<AbortController | null>(null);
  // A page that is left sends no more; the same file goes on where it was.
  useEffect(() => () => ending.current?.abort('left'), []);
  async function send(file: File) {
    const own = new AbortController();
    ending.current = own;
    setRefusal(null);
    setProgress({ file, received: 0, isWaiting: false });
    try {
      const path = await sendFile({
        apiUrl,
        file,
        signal: own.signal,
        onProgress: (next) => setProgress((before) => ({ received: 0, ...before, file, ...next })),
      });
      onSent(path);
    } catch (error) {
      if (!own.signal.aborted) setRefusal(describeError(error));
    } finally {
      setProgress(null);
    }
  }
  if (progress) return <SentFile progress={progress} onCancel={() => ending.current?.abort(GIVEN_UP)} />;
  return (
    <>
      <FileDrop
        label="Upload a .zip of patches"
        title="Drop a .zip of patches here, or choose one"
        hint="It is sent to the machine of the API. Dropped again after a break, it goes on where it was."
        accept=".zip"
        onFiles={([file]) => file && void send(file)}
      />
      {refusal && (
        <Notice tone="danger" title="The file was not sent">
          {refusal}
        </Notice>
      )}
    </>
  );
}

function SentFile({ progress, onCancel }: { progress: Progress; onCancel: () => void }) {
  const { file, received, isWaiting } = progress;
  const share = received / file.size;
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex items-center gap-3 text-sm">
        <span className="min-w-0 flex-1 truncate font-medium">{file.name}</span>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar value={share} label={`Sending ${file.name}`} />
      <p role="status" className="text-xs text-muted-foreground">
        {isWaiting
          ? 'The API does not answer. It goes on when it does.'
          : `${formatBytes(received)} of ${formatBytes(file.size)}`}
      </p>
    </div>
  );
}
