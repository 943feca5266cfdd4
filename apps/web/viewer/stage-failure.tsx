'use client';
/** Says why tiles could not be loaded, in the words of the API where it answers, and offers to try again. */
import { useEffect, useState } from 'react';
import { describeError } from '../api/error-sentence.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

export function StageFailure({ url, onRetry }: { url: string; onRetry: () => void }) {
  const [reason, setReason] = useState('');
  useEffect(() => {
    const asking = new AbortController();
    askWhy(url, asking.signal).then(
      (told) => setReason(told),
      (error: unknown) => {
        if (!asking.signal.aborted) setReason(describeError(error));
      },
    );
    return () => asking.abort();
  }, [url]);
  return (
    <div className="absolute inset-x-14 top-2">
      <Notice tone="danger" title="Parts of the slide could not be loaded.">
        <p>{reason}</p>
        <Button size="sm" className="mt-2" onClick={onRetry}>
          Load again
        </Button>
      </Notice>
    </div>
  );
}

/** A picture that fails tells no reason: the same address is asked once more for its words. */
async function askWhy(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { credentials: 'include', signal });
  if (response.ok) return 'The connection broke off.';
  const body: unknown = await response.json().catch(() => null);
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
  return typeof message === 'string' ? message : `The API answered with HTTP status ${response.status}.`;
}
