'use client';
/** Deletions that are at work, with how far they are, and those that ended a moment ago with what they freed. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { useNow } from '../components/use-now.ts';
import { RecentDeletionsDocument } from '../graphql/generated/graphql.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { describeDeletion, pickShownDeletions } from './describe-deletion.ts';

const LISTED = 5;
const REFRESH_MS = 2_000;
/** While none is at work: another person may begin one. */
const IDLE_REFRESH_MS = 10_000;

/** `onFinished`: one of them ended while the page was open. */
export function DeletionList({ kind, onFinished }: { kind: 'RUN' | 'DATASET'; onFinished?: () => void }) {
  const [isAtWork, setAtWork] = useState(false);
  const { data } = useQuery(RecentDeletionsDocument, {
    variables: { first: LISTED },
    pollInterval: isAtWork ? REFRESH_MS : IDLE_REFRESH_MS,
    fetchPolicy: 'cache-and-network',
  });
  const nowMs = useNow(REFRESH_MS);
  const deletions = data?.deletions.filter((row) => row.kind === kind) ?? [];
  const open = deletions.filter(({ finishedAt }) => !finishedAt).length;
  const openBefore = useRef(0);
  useEffect(() => {
    if (open < openBefore.current) onFinished?.();
    openBefore.current = open;
    setAtWork(open > 0);
  }, [open, onFinished]);
  const shown = pickShownDeletions(deletions, nowMs);
  if (shown.length === 0) return null;
  return (
    <ul aria-label="Deletions" className="mb-4 flex flex-col gap-2">
      {shown.map((deletion) => {
        const { sentence, share } = describeDeletion(deletion);
        return (
          <li key={deletion.id} className="rounded-md border border-line bg-surface px-3 py-2.5 text-sm">
            <p role="status">{sentence}</p>
            {!deletion.finishedAt && (
              <ProgressBar value={share} label={`Deletion of ${deletion.name}`} className="mt-2" />
            )}
          </li>
        );
      })}
    </ul>
  );
}
