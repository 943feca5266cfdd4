'use client';
/** One running import: files done, rate, time left, cancel. Owns the subscription to its import. */
import { useMutation, useSubscription } from '@apollo/client/react';
import { useAction } from '../../api/use-action.ts';
import { TextLink } from '../../components/text-link.tsx';
import {
  CancelImportDocument,
  FollowImportDocument,
  type ImportStateFragment,
} from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { describeImport } from './describe-import.ts';

type ImportCardProps = { initial: ImportStateFragment; onSettled?: () => void; className?: string };

export function ImportCard({ initial, onSettled, className }: ImportCardProps) {
  const running = initial.status === 'RUNNING';
  const { data } = useSubscription(FollowImportDocument, {
    variables: { id: initial.id },
    skip: !running,
    // Through the cache, the list of imports would see the end first and drop this card before it can report it.
    fetchPolicy: 'no-cache',
    onComplete: onSettled,
  });
  const state = data?.datasetImport ?? initial;
  const [cancelImport] = useMutation(CancelImportDocument);
  const { run, busy } = useAction();
  const { title, share, line } = describeImport(state);
  if (state.status === 'FAILED') {
    return (
      <Notice
        tone="danger"
        className={className}
        title={`The import of ${state.name} failed. Nothing of it was kept.`}
      >
        {state.error}
      </Notice>
    );
  }
  return (
    <section
      aria-label={title}
      className={classNames('rounded-lg border border-accent/40 bg-surface p-4', className)}
    >
      <div className="flex items-center justify-between gap-3">
        <p className="min-w-0 truncate font-semibold">{title}</p>
        {state.status === 'RUNNING' && (
          <Button
            size="sm"
            disabled={busy}
            onClick={() => run(() => cancelImport({ variables: { id: state.id } }))}
          >
            Cancel import
          </Button>
        )}
        {state.dataset && (
          <TextLink href={`/datasets/${state.dataset.id}`}>Open {state.dataset.name}</TextLink>
        )}
      </div>
      <ProgressBar className="my-2.5" value={share} label={title} />
      <p className="text-xs text-muted-foreground" aria-live="polite">
        {line}
      </p>
    </section>
  );
}
