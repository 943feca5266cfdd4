'use client';
/** Reads the runs from the address and lays out their comparison; owns the page's subscription. */
import { useQuery } from '@apollo/client/react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useRunsChanged } from '../../api/use-runs-changed.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import {
  ComparedCurvesDocument,
  CompareRunsDocument,
  type CompareRunsQuery,
} from '../../graphql/generated/graphql.ts';
import { Notice } from '../../ui/notice.tsx';
import { ComparedCurves } from './compared-curves.tsx';
import { ComparedMetrics } from './compared-metrics.tsx';
import { ComparedRuns } from './compared-runs.tsx';
import { Differences } from './differences.tsx';
import { listWarnings } from './list-warnings.ts';
import { PairCard } from './pair-card.tsx';
import { RunPicker } from './run-picker.tsx';

export type Comparison = CompareRunsQuery['compareRuns'];

const MOST_RUNS = 12;

export function CompareView() {
  const router = useRouter();
  const parameter = useSearchParams().get('runs');
  const runIds = useMemo(
    () => [...new Set(parameter?.split(',').filter(Boolean))].slice(0, MOST_RUNS),
    [parameter],
  );
  const enough = runIds.length >= 2;
  const query = useQuery(CompareRunsDocument, { variables: { runIds }, skip: !enough });
  // Curves stay out of the cache; they are asked for again whenever one of the runs moves.
  const curves = useQuery(ComparedCurvesDocument, {
    variables: { runIds },
    skip: !enough,
    fetchPolicy: 'no-cache',
  });
  const knownIds = useMemo(() => new Set(runIds), [runIds]);
  useRunsChanged({
    knownIds,
    onListChanged: () => void (enough && query.refetch()),
    onKnownChanged: () => void (enough && curves.refetch()),
  });
  function choose(ids: readonly string[]) {
    router.replace(ids.length > 0 ? `/compare?runs=${ids.join(',')}` : '/compare', { scroll: false });
  }
  return (
    <>
      <PageHeader
        title="Compare"
        note="What differs, curves over each other, and statistics that respect patients."
      />
      <RunPicker chosen={runIds} atMost={MOST_RUNS} onChange={choose} />
      {enough ? (
        <QueryFrame {...query} data={(query.data ?? query.previousData)?.compareRuns}>
          {(comparison) => (
            <ComparisonLayout
              comparison={comparison}
              curves={(curves.data ?? curves.previousData)?.compareRuns.runs ?? []}
              onRemove={(id) => choose(runIds.filter((one) => one !== id))}
            />
          )}
        </QueryFrame>
      ) : (
        <EmptyState title="Choose two or more runs">
          Above, or by selecting them in the table of runs.
        </EmptyState>
      )}
    </>
  );
}

type ComparisonLayoutProps = {
  comparison: Comparison;
  curves: Parameters<typeof ComparedCurves>[0]['curves'];
  onRemove: (runId: string) => void;
};

function ComparisonLayout({ comparison, curves, onRemove }: ComparisonLayoutProps) {
  const warnings = listWarnings(comparison.warnings, comparison.runs);
  const positiveClass = comparison.runs[0]?.dataset.positiveClass ?? 'the positive class';
  return (
    <div className="flex flex-col gap-5">
      {warnings.length > 0 && (
        <Notice tone="caution" title="Keep in mind">
          <ul className="list-disc pl-4">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <ComparedRuns runs={comparison.runs} onRemove={onRemove} />
      <Differences comparison={comparison} />
      {comparison.pairs.map((pair) => (
        <PairCard
          key={`${pair.a.id} ${pair.b.id} ${pair.subset}`}
          pair={pair}
          positiveClass={positiveClass}
        />
      ))}
      <ComparedCurves runs={comparison.runs} curves={curves} positiveClass={positiveClass} />
      <ComparedMetrics runs={comparison.runs} positiveClass={positiveClass} />
    </div>
  );
}
