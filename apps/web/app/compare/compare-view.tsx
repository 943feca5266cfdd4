'use client';
/** Reads the runs from the address and lays out their comparison; owns the page's subscription. */
import { useQuery } from '@apollo/client/react';
import { ChartScatter, FileDown } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { COMPARISON_PARAMETERS, linkToRelations } from '../../address/page-addresses.ts';
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
import { ComparedContext } from './compared-context.tsx';
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
import { JumpList, type PagePart } from './jump-list.tsx';
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
        actions={
          enough && (
            <>
              <RelationsButton runIds={runIds} />
              <ReportButton request={request} />
            </>
          )
        }
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

function RelationsButton({ runIds }: { runIds: readonly string[] }) {
  const query = `id in (${runIds.map((id) => `"${id}"`).join(', ')})`;
  return (
    <Button asChild>
      <Link href={linkToRelations({ query })}>
        <ChartScatter />
        Relations
      </Link>
    </Button>
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
  const { warnings } = comparison;
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
      <JumpList parts={listParts({ comparison, request, pairs, onChange })} />
    </div>
  );
}

type ListedParts = ComparisonLayoutProps & { pairs: ReturnType<typeof useComparedPairs> };

function listParts({ comparison, request, pairs, onChange }: ListedParts): PagePart[] {
  const { runs } = comparison;
  const [first] = runs;
  if (!first) return [];
  const words = {
    runs,
    positiveClass: known(first.task).positiveName,
    unit: known(first.dataset).unit,
  };
  return [
    {
      id: 'runs',
      title: 'Runs',
      content: (
        <ComparedRuns
          runs={runs}
          onRemove={(id) => onChange({ runIds: request.runIds.filter((one) => one !== id) })}
        />
      ),
    },
    { id: 'differences', title: 'Differences', content: <Differences comparison={comparison} /> },
    {
      id: 'pairs',
      title: 'Pairs',
      content: (
        <>
          <ComparedPairs query={pairs} request={request} onChange={onChange} {...words} />
          <ComparedContext request={request} />
        </>
      ),
    },
    {
      id: 'curves',
      title: 'Curves',
      content: <ComparedCurves {...words} units={nameIndependent(words.unit)} />,
    },
    {
      id: 'metrics',
      title: 'Metrics',
      content: (
        <>
          <ComparedMetrics {...words} />
          <ComparedSites {...words} />
        </>
      ),
    },
    { id: 'figures', title: 'Figures', content: <ComparedFigures {...words} /> },
  ];
}
