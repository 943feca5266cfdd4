'use client';
/** Reads the runs from the address and lays out their comparison; owns the page's subscription. */
import { useQuery } from '@apollo/client/react';
import { FileDown } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { COMPARISON_PARAMETERS } from '../../address/page-addresses.ts';
import { useFileUrl } from '../../api/api-provider.tsx';
import { useReload } from '../../api/use-reload.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { CompareRunsDocument } from '../../graphql/generated/graphql.ts';
import { known } from '../../run/run-on-split.ts';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { nameIndependent } from '../../unit/unit-words.ts';
import { ComparedCurves } from './compared-curves.tsx';
import { ComparedFigures } from './compared-figures.tsx';
import { ComparedMetrics } from './compared-metrics.tsx';
import { ComparedPairs } from './compared-pairs.tsx';
import { ComparedRuns } from './compared-runs.tsx';
import { ComparedSites } from './compared-sites.tsx';
import { ComparedVerdict } from './compared-verdict.tsx';
import {
  type ComparisonRequest,
  MOST_RUNS,
  readComparison,
  writeComparison,
  writeReportPath,
} from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';
import { Differences } from './differences.tsx';
import { RunPicker } from './run-picker.tsx';
import { useComparedPairs } from './use-compared-pairs.ts';

export function CompareView() {
  const [parameters, setParameters] = useQueryStates(COMPARISON_PARAMETERS);
  const request = useMemo(() => readComparison(parameters), [parameters]);
  const { runIds, referenceId } = request;
  const enough = runIds.length >= 2;
  const query = useQuery(CompareRunsDocument, { variables: { runIds, referenceId }, skip: !enough });
  const knownIds = useMemo(() => new Set(runIds), [runIds]);
  useRunsChanged({ knownIds, onListChanged: useReload(async () => enough && query.refetch()) });
  const change = (next: Partial<ComparisonRequest>) =>
    void setParameters(writeComparison({ ...request, ...next }));
  return (
    <>
      <PageHeader
        title="Compare"
        note="What differs, the curves overlaid, and statistics that count patients (or what the dataset is split by), not patches."
        actions={enough && <ReportButton request={request} />}
      />
      <RunPicker chosen={runIds} atMost={MOST_RUNS} onChange={(ids) => change({ runIds: ids })} />
      {enough ? (
        <QueryFrame {...query} data={(query.data ?? query.previousData)?.compareRuns}>
          {(comparison) => <ComparisonLayout comparison={comparison} request={request} onChange={change} />}
        </QueryFrame>
      ) : (
        <EmptyState title="Choose two or more runs">
          Add them above, or select them in the run table.
        </EmptyState>
      )}
    </>
  );
}

function ReportButton({ request }: { request: ComparisonRequest }) {
  const toUrl = useFileUrl();
  return (['pdf', 'html'] as const).map((format) => (
    <Button key={format} asChild>
      <a href={toUrl(writeReportPath(request, format))} download>
        <FileDown />
        {format.toUpperCase()} report
      </a>
    </Button>
  ));
}

type ComparisonLayoutProps = {
  comparison: Comparison;
  request: ComparisonRequest;
  onChange: (next: Partial<ComparisonRequest>) => void;
};

function ComparisonLayout({ comparison, request, onChange }: ComparisonLayoutProps) {
  const pairs = useComparedPairs(request);
  const { runs, warnings } = comparison;
  const [first] = runs;
  if (!first) return null;
  const positiveClass = known(first.task).positiveName;
  const { unit } = known(first.dataset);
  return (
    <div className="flex flex-col gap-5">
      {(pairs.data || !pairs.error) && <ComparedVerdict verdict={pairs.data?.verdict ?? null} />}
      {warnings.length > 0 && (
        <Notice tone="caution" title="Keep in mind">
          <ul className="list-disc pl-4">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <ComparedRuns
        runs={runs}
        onRemove={(id) => onChange({ runIds: request.runIds.filter((one) => one !== id) })}
      />
      <Differences comparison={comparison} />
      <ComparedPairs
        query={pairs}
        runs={runs}
        request={request}
        positiveClass={positiveClass}
        unit={unit}
        onChange={onChange}
      />
      <ComparedCurves runs={runs} positiveClass={positiveClass} units={nameIndependent(unit)} />
      <ComparedMetrics runs={runs} positiveClass={positiveClass} unit={unit} />
      <ComparedSites runs={runs} positiveClass={positiveClass} unit={unit} />
      <ComparedFigures runs={runs} positiveClass={positiveClass} />
    </div>
  );
}
