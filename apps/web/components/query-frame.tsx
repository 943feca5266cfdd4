'use client';
/**
 * The states around a page's query: a skeleton until there is data, the error's sentence with a way to try again,
 * "not found", or the data. Data stays on the page while it is reloaded. It waits for the catalogue of metrics too,
 * so that no page shows a metric by its bare name.
 */
import { RotateCw } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { describeError, isUnreachable } from '../api/error-sentence.ts';
import { useCatalogueState } from '../metrics/metric-catalogue-provider.tsx';
import { Button } from '../ui/button.tsx';
import { tellShown } from '../ui/first-sight.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { EmptyState } from './empty-state.tsx';

type QueryFrameProps<Data> = {
  data: Data | null | undefined;
  error?: unknown;
  loading: boolean;
  refetch: () => unknown;
  /** What is missing when the query answers null. */
  missing?: string;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
};

export function QueryFrame<Data>(props: QueryFrameProps<Data>) {
  const { data, error, loading, refetch, missing = 'This', skeleton = <PageSkeleton />, children } = props;
  const metrics = useCatalogueState();
  const isShown = Boolean(error || data === null || (data && metrics.catalogue));
  useEffect(() => {
    if (isShown) tellShown();
  }, [isShown]);
  if (data && metrics.catalogue) return children(data);
  const failure = data ? metrics : { error, refetch };
  if (failure.error) return <ErrorState error={failure.error} onRetry={failure.refetch} />;
  if (data || loading || data === undefined) return skeleton;
  return (
    <EmptyState title={`${missing} was not found.`}>
      It may have been deleted, or the address is wrong.
    </EmptyState>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const unreachable = isUnreachable(error);
  return (
    <div role="alert" className="rounded-lg border border-danger/40 bg-danger-soft p-5">
      <p className="font-semibold">{describeError(error)}</p>
      <p className="mt-1 text-sm text-muted-foreground">
        {unreachable ? 'This page will load as soon as it answers.' : 'Nothing was changed.'}
      </p>
      <Button className="mt-3" onClick={() => onRetry()}>
        <RotateCw />
        Try again
      </Button>
    </div>
  );
}

function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-20" />
      <Skeleton className="h-72" />
    </div>
  );
}
