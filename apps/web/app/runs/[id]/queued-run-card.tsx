'use client';
/** Why a queued run has not begun, requested again while it waits: workers come and go without a word to the page. */
import { useQuery } from '@apollo/client/react';
import { TextLink } from '../../../components/text-link.tsx';
import { RunWaitDocument, type RunWaitFieldsFragment } from '../../../graphql/generated/graphql.ts';
import { WAIT_REFRESH_MS } from '../../../run/wait-refresh.ts';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';

type QueuedRunCardProps = { runId: string; wait: RunWaitFieldsFragment | null | undefined };

export function QueuedRunCard({ runId, wait }: QueuedRunCardProps) {
  useQuery(RunWaitDocument, { variables: { id: runId }, pollInterval: WAIT_REFRESH_MS });
  if (wait?.needsAttention) {
    return (
      <section aria-label="Progress" className="mb-5">
        <Notice tone="caution" title="Nothing can train this run now">
          {wait.sentence} See <TextLink href="/workers">which workers are running</TextLink>.
        </Notice>
      </section>
    );
  }
  return (
    <section aria-label="Progress" className="mb-5 rounded-lg border border-line bg-surface p-4">
      <ProgressBar value={null} label="Waiting" />
      <p className="mt-2 text-sm text-muted-foreground">
        {wait?.sentence ?? 'Waiting for a worker.'} The run starts on its own. See{' '}
        <TextLink href="/workers">which workers are running</TextLink>.
      </p>
    </section>
  );
}
