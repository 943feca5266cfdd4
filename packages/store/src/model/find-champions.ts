/** Finds the champions that a filter compares with, in the projects of who asks alone: its figures can be told from which runs match. */
import { invariant } from '@microtome/domain/app-error';
import type { RunFilter } from '@microtome/domain/run-query/run-filter';
import type { Store } from '../store.ts';
import { getChampionRunId } from './model-aliases.ts';

/** The filter with the run behind each champion. @throws AppError NOT_FOUND for a model without one, BAD_INPUT where several projects have it */
export async function findChampions(
  store: Store,
  filter: RunFilter,
  projectIds: readonly string[] | null,
): Promise<RunFilter> {
  const runIds = new Map<string, string>();
  for (const model of new Set(listModels(filter))) {
    runIds.set(model, await getChampionRunId(store, model, projectIds));
  }
  return runIds.size === 0 ? filter : nameRuns(filter, runIds);
}

function listModels(filter: RunFilter): string[] {
  if (filter.kind === 'AND' || filter.kind === 'OR') return filter.filters.flatMap(listModels);
  if (filter.kind === 'NOT') return listModels(filter.filter);
  return filter.kind === 'COMPARE' && filter.value.kind === 'CHAMPION' ? [filter.value.model] : [];
}

/** By the model that is named. */
function nameRuns(filter: RunFilter, runIds: ReadonlyMap<string, string>): RunFilter {
  if (filter.kind === 'AND' || filter.kind === 'OR') {
    return { ...filter, filters: filter.filters.map((one) => nameRuns(one, runIds)) };
  }
  if (filter.kind === 'NOT') return { ...filter, filter: nameRuns(filter.filter, runIds) };
  if (filter.kind !== 'COMPARE' || filter.value.kind !== 'CHAMPION') return filter;
  const runId = runIds.get(filter.value.model);
  invariant(runId, `the champion of '${filter.value.model}' was looked up`);
  return { ...filter, value: { ...filter.value, runId } };
}
