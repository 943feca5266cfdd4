/** Runs, imports and analyses as work that comes to an end. Pure. */
import { linkToViewer } from '../address/page-addresses.ts';
import type { EndedWorkQuery, RunsEndedSubscription } from '../graphql/generated/graphql.ts';
import type { WatchedWork } from './watch-work.ts';

/** Nothing of a run that was deleted meanwhile. */
export function listChangedRun({ runId, status, run }: RunsEndedSubscription['runsChanged']): WatchedWork[] {
  if (!run) return [];
  const { name, error, finishedAt, createdBy } = run;
  return [
    {
      ...{ key: `run ${runId}`, name, status, error: error ?? null, finishedAt: finishedAt ?? null },
      ...{ creatorId: createdBy?.id ?? null, href: `/runs/${runId}` },
    },
  ];
}

export function listOtherWork({ datasetImports, slideAnalyses }: EndedWorkQuery): WatchedWork[] {
  const imports = datasetImports.map(
    ({ id, name, status, error, finishedAt, createdBy, dataset }): WatchedWork => ({
      ...{ key: `import ${id}`, name: `Import of ${name}`, status, error: error ?? null },
      ...{ finishedAt: finishedAt ?? null, creatorId: createdBy?.id ?? null },
      href: dataset ? `/datasets/${dataset.id}` : '/datasets',
    }),
  );
  const analyses = slideAnalyses.edges.map(
    ({ node: { id, name, status, error, finishedAt, createdBy } }): WatchedWork => ({
      ...{ key: `analysis ${id}`, name: `Analysis of ${name}`, status, error: error ?? null },
      ...{ finishedAt: finishedAt ?? null, creatorId: createdBy?.id ?? null },
      href: linkToViewer({ analysis: id }),
    }),
  );
  return [...imports, ...analyses];
}
