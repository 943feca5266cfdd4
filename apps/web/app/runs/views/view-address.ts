/** What a saved view keeps of the run table's address, and which view an address means. Pure. */
import { createLoader } from 'nuqs/server';
import { linkToRuns, RUNS_PARAMETERS, type RunSearch } from '../../../address/page-addresses.ts';
import type { SavedViewFactsFragment } from '../../../graphql/generated/graphql.ts';
import { readLayout } from '../columns/column-layout.ts';
import { EMPTY_SEARCH } from '../run-search.ts';

/** Columns are named even where they are the first ones: a view looks the same in each browser. */
export function writeViewAddress(search: RunSearch): string {
  const { columns, pinned, widths } = readLayout(search);
  const kept = [...widths].filter(([name]) => columns.includes(name)).sort();
  const link = linkToRuns({
    ...search,
    view: '',
    columns: [...columns],
    pinned,
    widths: kept.length === 0 ? null : kept.map(([name, px]) => `${name}:${px}`),
  });
  return new URL(link, 'http://page').search.slice(1);
}

/** Every parameter, so that nothing of the address before it stays. */
export function readViewAddress({ id, address }: Pick<SavedViewFactsFragment, 'id' | 'address'>): RunSearch {
  return { ...createLoader(RUNS_PARAMETERS)(new URLSearchParams(address)), view: id };
}

export function isViewChanged(view: SavedViewFactsFragment, search: RunSearch): boolean {
  return writeViewAddress(readViewAddress(view)) !== writeViewAddress(search);
}

/** The view that an address means which says nothing else: the one that it names, or the only default. */
export function findMeantView(
  views: readonly SavedViewFactsFragment[],
  search: RunSearch,
): SavedViewFactsFragment | null {
  if (!isBare(search)) return null;
  if (search.view !== '') return views.find(({ id }) => id === search.view) ?? null;
  const [first, second] = views.filter(({ isDefault }) => isDefault);
  return first && !second ? first : null;
}

function isBare(search: RunSearch): boolean {
  return linkToRuns({ ...search, view: '' }) === linkToRuns(EMPTY_SEARCH);
}
