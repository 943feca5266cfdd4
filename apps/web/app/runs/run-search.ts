/** Turns the address of the run table into a request to the API. Pure. */
import { createLoader } from 'nuqs/server';
import { linkToRuns, RUNS_PARAMETERS, type RunSearch } from '../../address/page-addresses.ts';

/** What an address without parameters asks for. */
export const EMPTY_SEARCH: RunSearch = createLoader(RUNS_PARAMETERS)('');

/** The variables of the Runs query. */
export function toRunVariables(search: RunSearch) {
  return {
    filter: {
      search: search.search || null,
      status: search.status.length > 0 ? search.status : null,
      learning: search.learning ? [search.learning] : null,
      architecture: search.architecture ? [search.architecture] : null,
      experimentId: search.experiment || null,
      splitId: search.split || null,
      sweepId: search.sweep || null,
      tag: search.tag || null,
      archived: search.archived,
      settingOf: search.setting || null,
      groupSeeds: search.seeds === 'grouped',
    },
    query: search.query || null,
    orderBy: { field: search.order, direction: search.direction },
    sort: search.sort || null,
  };
}

/** The part of an address that leaves runs out, empty: order, groups and columns stay as they are. */
export function clearFilters(search: RunSearch): RunSearch {
  const { order, direction, seeds, sort, group, baseline, columns, pinned, widths, view } = search;
  return { ...EMPTY_SEARCH, order, direction, seeds, sort, group, baseline, columns, pinned, widths, view };
}

/** How many choices leave runs out, beside the filter line, which is in sight by itself. */
export function countFilters(search: RunSearch): number {
  const { filter } = toRunVariables({ ...search, seeds: null });
  return Object.values(filter).filter((value) => value !== null && value !== false).length;
}

export function isFiltered(search: RunSearch): boolean {
  return linkToRuns(search) !== linkToRuns(clearFilters(search));
}
